"""The one command as a newcomer uses it: started, stopped, killed, its parts killed, started again. Real processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.running_portal import RunningPortal, ask, eventually, free_port, manage

PARTS = {"web", "worker", "beat", "queue"}
ACCOUNTS = ["sfj", "sfjld", "admin", "anquan", "audit", "weifen", "scj", "lingdao"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a data folder with a blank and Chinese in its name, as on a desktop."""
    return tmp_path / "平台 数据"


def business_time(folder: Path) -> float:
    """Give how many seconds the demo's clock has gone when it was last seen running."""
    with sqlite3.connect(folder / "portal.sqlite3") as database:
        return database.execute(
            "SELECT unixepoch(business_at) + unixepoch(seen_at) - unixepoch(real_at) FROM foundation_clockanchor"
        ).fetchone()[0]


def test_a_demo_is_shown_stopped_with_ctrl_c_and_started_again_with_its_data(folder):
    with RunningPortal(folder, "--demo") as portal:
        first = portal.said
        for account in ACCOUNTS:
            assert f"  {account} " in first
        status, health = portal.health()
        assert (status, health["status"]) == (200, "ok")
        assert {part["status"] for part in health["parts"].values()} == {"ok"}
        assert portal.masters().keys() == PARTS
        password = (folder / "demo_password").read_text()
        assert password in first
        assert (folder / "demo_password").stat().st_mode & 0o077 == 0
        assert portal.stop(signal.SIGINT) == 0
        assert portal.processes() == {}
        assert "Traceback" not in portal.said
    stood_at = business_time(folder)
    time.sleep(3)
    with RunningPortal(folder, "--demo") as again:
        assert password in again.said
        again.stop(signal.SIGTERM)
        assert again.process.returncode == 0
        assert again.processes() == {}
    # The clock stood still while the portal was down, and ran while it was up.
    assert 0 <= business_time(folder) - stood_at < time.time() - folder.stat().st_ctime


def test_without_demo_there_is_no_account_but_a_code_for_the_first_one(folder):
    with RunningPortal(folder) as portal:
        assert (folder / "setup_code").read_text() in portal.said
        assert "demo_password" not in os.listdir(folder)
        for account in ACCOUNTS:
            assert f"  {account} " not in portal.said
        with sqlite3.connect(folder / "portal.sqlite3") as database:
            assert database.execute("SELECT count(*) FROM liaisons_user").fetchone() == (0,)


def test_a_second_start_on_the_same_folder_is_refused_and_names_the_first(folder):
    with RunningPortal(folder) as portal:
        second = manage("up", "--bind", f"127.0.0.1:{free_port()}", folder=folder)
        assert second.returncode == 1
        assert f"进程号 {portal.process.pid}" in second.stderr
        assert "Traceback" not in second.stderr
        assert portal.is_well()


def test_nothing_is_left_behind_when_the_parent_is_killed_outright(folder):
    with RunningPortal(folder) as portal:
        assert len(portal.processes()) > len(PARTS)
        portal.stop(signal.SIGKILL)
        eventually(lambda: not portal.processes(), seconds=5)
    with RunningPortal(folder) as again:
        assert again.is_well()


@pytest.mark.parametrize("whole_session", [False, True], ids=["the process alone", "and what it started"])
@pytest.mark.parametrize("part", sorted(PARTS))
def test_a_killed_part_comes_back_and_nothing_is_doubled(portal, part, whole_session):
    before = portal.masters()
    count = len(portal.processes())
    old = set(portal.children_of(before[part]))
    (os.killpg if whole_session else os.kill)(before[part], signal.SIGKILL)
    eventually(lambda: portal.masters().get(part, before[part]) != before[part])
    eventually(lambda: jobs_run_again(portal))
    assert len(portal.processes()) == count
    assert not old & set(portal.processes())
    assert f"{part:<6} | 意外退出（信号 9）" in portal.said


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """Give one running portal whose parts the tests kill."""
    with RunningPortal(tmp_path_factory.mktemp("portal") / "data") as running:
        yield running


def jobs_run_again(portal: RunningPortal) -> bool:
    """Say whether a job went through beat's neighbour, the queue and a worker since the last look."""
    age = portal.health()[1].get("parts", {}).get("timed_jobs", {}).get("seconds_ago", 99)
    return portal.is_well() and age <= 3


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_grandchild_is_replaced(portal, part):
    victim = portal.children_of(portal.masters()[part])[0]
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: victim not in portal.processes())
    eventually(lambda: portal.is_well() and portal.children_of(portal.masters().get(part, 0)))


def test_it_listens_on_all_interfaces_when_asked_to(folder):
    port = free_port()
    with RunningPortal(folder, "--bind", f"0.0.0.0:{port}") as portal:
        assert f"http://127.0.0.1:{port}/" in portal.said
        assert ask(port)[1]["status"] == "ok"


def test_an_outside_queue_and_a_postgresql_are_used_when_they_are_named(folder, valkey_server, postgres_server):
    with RunningPortal(folder, CELERY_BROKER_URL=valkey_server, DATABASE_URL=postgres_server) as portal:
        assert portal.masters().keys() == PARTS - {"queue"}
        assert portal.health()[1]["parts"]["database"] == {"status": "ok", "kind": "postgresql"}
        assert not (folder / "portal.sqlite3").exists()
        assert portal.stop(signal.SIGTERM) == 0


def test_from_nothing_to_an_answer_takes_less_than_twenty_seconds(folder):
    begun = time.monotonic()
    with RunningPortal(folder, "--demo"):
        assert time.monotonic() - begun < 20
