import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.running_portal import eventually, parent_of
from xingxian_portal.processes import child, leash
from xingxian_portal.processes.child import Child
from xingxian_portal.processes.output import Console, Transcript


@pytest.fixture
def transcript(tmp_path):
    made = Transcript("part", tmp_path, Console())
    yield made
    made.close()


@pytest.fixture
def run(transcript):
    """Give a function that starts a shell script as a child; what is left is killed at the end."""
    started = []

    def start(script: str, **extra: str) -> Child:
        made = Child(["/bin/sh", "-c", script], transcript, extra)
        made.start()
        started.append(made)
        return made

    yield start
    for made in started:
        if made.alive:
            made.bury()


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def spoken(transcript: Transcript) -> list[str]:
    return transcript.path.read_text().splitlines()


@pytest.mark.parametrize(("restart", "seconds"), [(1, 1), (2, 2), (3, 4), (5, 16), (6, 30), (5000, 30)])
def test_the_pause_before_a_restart_grows_to_half_a_minute(restart, seconds):
    assert child.pause_before(restart) == seconds


def test_what_it_says_is_kept_and_its_exit_code_given(run, transcript):
    one = run('echo "$GREETING"; echo 出错 >&2; exit 3', GREETING="你好")
    eventually(one.has_ended, seconds=5)
    assert one.bury() == 3
    assert spoken(transcript) == ["你好", "出错"]
    assert not one.alive


def test_it_leads_a_session_of_its_own(run):
    one = run("sleep 60")
    assert os.getsid(one.pid) == one.pid


def test_burying_it_ends_what_it_started(run, transcript):
    one = run("sleep 60 & echo $!; exec sleep 61")
    eventually(lambda: one.read() and spoken(transcript), seconds=5)
    other = int(spoken(transcript)[0])
    assert alive(other)
    assert one.bury() == -signal.SIGKILL
    eventually(lambda: not alive(other), seconds=5)


def test_a_polite_word_reaches_the_process_alone(run, transcript):
    one = run("trap 'echo asked; exit 0' TERM; sleep 60 & echo ready; wait")
    eventually(lambda: one.read() and "ready" in spoken(transcript), seconds=5)
    one.ask_to_stop()
    eventually(one.has_ended, seconds=5)
    assert one.bury() == 0
    assert spoken(transcript) == ["ready", "asked"]


def test_a_quick_death_lengthens_the_pause_and_a_steady_run_starts_anew(run, monkeypatch):
    one = run("exit 1")
    assert [round(one.plan_restart()) for _ in range(3)] == [1, 2, 4]
    monkeypatch.setattr(child, "STEADY_AFTER", 0)
    assert round(one.plan_restart()) == 1


def test_one_that_is_not_running_says_so(transcript):
    with pytest.raises(RuntimeError, match="part is not running"):
        Child(["true"], transcript, {}).has_ended()


def test_the_leash_kills_the_child_when_the_parent_is_killed(tmp_path):
    start = (
        "import os, subprocess, sys, time\n"
        f"one = subprocess.Popen([sys.executable, '-I', '-S', {leash.__file__!r}, str(os.getpid()), 'sleep', '60'])\n"
        "print(one.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", start], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        pid = int(parent.stdout.readline())
        eventually(lambda: Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep"), seconds=5)
        assert parent_of(pid) == parent.pid
        parent.kill()
    eventually(lambda: not alive(pid), seconds=5)


def test_the_leash_lets_nothing_start_for_a_parent_that_is_gone():
    begun = time.monotonic()
    gone = subprocess.run([sys.executable, "-I", "-S", leash.__file__, "1", "sleep", "60"], check=False)
    assert gone.returncode == 1
    assert time.monotonic() - begun < 5
