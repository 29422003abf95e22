import os
import stat

import pytest

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.processes import queue_server


def program(folder, name, answer):
    """Put a program on the path that answers `--version`."""
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{answer}'\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def path(tmp_path, monkeypatch):
    """Give a folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/bin")
    return folder


def test_the_machine_s_own_server_comes_first(path):
    own = program(path, "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64")
    assert queue_server.binary() == (own, "redis-7")


@pytest.mark.parametrize("answer", ["Redis server v=5.0.14 sha=0", "something else", ""])
def test_one_that_is_too_old_or_no_server_is_passed_over(path, answer):
    own = program(path, "redis-server", answer)
    found, kind = queue_server.binary()
    assert found != own
    assert kind.startswith("valkey-")


def test_every_message_is_on_the_disk_before_it_is_taken(tmp_path):
    line = queue_server.command(tmp_path, tmp_path / "queue" / "queue.sock")
    options = dict(zip(line[1::2], line[2::2], strict=True))
    assert (options["--appendonly"], options["--appendfsync"]) == ("yes", "always")
    assert options["--maxmemory-policy"] == "noeviction"
    assert (options["--port"], options["--unixsocketperm"]) == ("0", "700")


def test_each_kind_of_server_has_a_folder_of_its_own(tmp_path, path):
    program(path, "redis-server", "Redis server v=7.0.15")
    assert str(tmp_path / "queue" / "redis-7") in queue_server.command(tmp_path, tmp_path / "s" / "queue.sock")
    assert (tmp_path / "queue" / "redis-7").is_dir()
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700


def test_a_socket_folder_that_somebody_else_laid_out_is_refused(tmp_path):
    (tmp_path / "trap").symlink_to(tmp_path)
    with pytest.raises(Refused, match="不属于当前账号"):
        queue_server.command(tmp_path, tmp_path / "trap" / "queue.sock")


def test_it_opens_within_the_time_or_not(tmp_path, valkey_server):
    assert queue_server.wait_until_open(valkey_server.removeprefix("redis+socket://"), 5)
    assert not queue_server.wait_until_open(tmp_path / "nothing.sock", 0.05)
    assert os.listdir(tmp_path) == []
