import os
import subprocess
import sys

import pytest
from django.db import OperationalError

from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.processes import preflight


def test_a_folder_is_held_by_one_alone_and_free_again_afterwards(tmp_path):
    with preflight.sole_use(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())
        with pytest.raises(Refused, match=f"进程号 {os.getpid()}"), preflight.sole_use(tmp_path):
            pass
    with preflight.sole_use(tmp_path):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path):
    hold = (
        "import fcntl, os, signal\n"
        f"lock = open({str(tmp_path / 'up.lock')!r}, 'a+'); fcntl.flock(lock, fcntl.LOCK_EX); lock.write('1' * 50)\n"
        "lock.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", hold], check=False)
    with preflight.sole_use(tmp_path):
        assert (tmp_path / "up.lock").read_text() == str(os.getpid())


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(Refused, match="不可写"), preflight.sole_use(tmp_path / "missing"):
        pass


def test_the_sentence_about_a_database_has_its_first_line_only():
    sentence = preflight.database_trouble(OperationalError("connection refused\nIs the server running?"))
    assert "connection refused" in sentence
    assert "\n" not in sentence
    assert preflight.database_trouble(OperationalError()).count("OperationalError") == 1


def test_an_empty_database_takes_either_kind(db):
    preflight.ensure_kind(demo=True)
    preflight.ensure_kind(demo=False)


def test_a_demo_is_not_played_among_real_accounts(cast):
    preflight.ensure_kind(demo=False)
    with pytest.raises(Refused, match="去掉 --demo"):
        preflight.ensure_kind(demo=True)


def test_a_demo_is_not_taken_for_real_work(cast):
    clock.start_demo(clock.real_now())
    preflight.ensure_kind(demo=True)
    with pytest.raises(Refused, match="请加 --demo"):
        preflight.ensure_kind(demo=False)
