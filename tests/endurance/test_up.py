"""The one command as a newcomer uses it: started, stopped, killed, its parts killed, started again. Real processes."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime
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
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
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
    time.sleep(5)
    begun = time.monotonic()
    with RunningPortal(folder, "--demo") as again:
        assert password in again.said
        again.stop(signal.SIGTERM)
        assert again.process.returncode == 0
        assert again.processes() == {}
    # The clock stood still while the portal was down, and ran while it was up.
    assert 0 < business_time(folder) - stood_at <= time.monotonic() - begun + 1


def test_without_demo_there_is_no_account_but_a_code_for_the_first_one(folder):
    with RunningPortal(folder) as portal:
        assert (folder / "setup_code").read_text() in portal.said
        assert "demo_password" not in os.listdir(folder)
        for account in ACCOUNTS:
            assert f"  {account} " not in portal.said
        with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
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


def test_killed_parts_come_back_and_nothing_is_doubled(portal):
    before, count = portal.masters(), len(portal.processes())
    started = {pid for master in before.values() for pid in portal.children_of(master)}
    for part, pid in before.items():
        os.kill(pid, signal.SIGKILL)
        eventually(lambda part=part, pid=pid: portal.masters().get(part, pid) != pid)
        assert f"{part:<6} | 意外退出（信号 9）" in portal.said
    killed_at = time.monotonic()
    eventually(lambda: a_job_ran_since(killed_at, portal))
    assert len(portal.processes()) == count
    assert not started & set(portal.processes())


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_part_killed_with_all_it_started_comes_back(portal, part):
    count, master = len(portal.processes()), portal.masters()[part]
    os.killpg(master, signal.SIGKILL)
    eventually(lambda: portal.masters().get(part, master) != master)
    eventually(lambda: portal.is_well() and len(portal.processes()) == count)


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """Give one running portal whose parts the tests kill."""
    with RunningPortal(tmp_path_factory.mktemp("portal") / "data") as running:
        yield running


def a_job_ran_since(moment: float, portal: RunningPortal) -> bool:
    """Say whether since `moment` (monotonic) a job went from beat through the queue and a worker into the database."""
    age = portal.health()[1].get("parts", {}).get("timed_jobs", {}).get("seconds_ago")
    return age is not None and age < time.monotonic() - moment


@pytest.mark.parametrize("part", ["web", "worker"])
def test_a_killed_grandchild_is_replaced(portal, part):
    count = len(portal.processes())
    victim = portal.children_of(portal.masters()[part])[0]
    os.kill(victim, signal.SIGKILL)
    eventually(lambda: victim not in portal.processes())
    eventually(lambda: portal.is_well() and len(portal.processes()) == count)


def test_a_job_under_way_is_finished_before_the_portal_stops(folder):
    with RunningPortal(folder) as portal:
        with closing(sqlite3.connect(folder / "portal.sqlite3", isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")  # now the job waits for its turn to write
            locked_at = datetime.now(UTC)
            worker_log = folder / "logs" / "worker.log"
            heard = worker_log.read_text().count(" received")
            send = "from xingxian_portal.foundation.jobs import record_pulse; record_pulse.delay()"
            assert manage("shell", "-v0", "-c", send, folder=folder).returncode == 0
            eventually(lambda: worker_log.read_text().count(" received") > heard)
            portal.process.send_signal(signal.SIGTERM)
            time.sleep(2)
            assert portal.masters()["worker"]
            database.execute("ROLLBACK")
        assert portal.process.wait(timeout=20) == 0
        assert portal.processes() == {}
    with closing(sqlite3.connect(folder / "portal.sqlite3")) as database:
        (at,) = database.execute("SELECT at FROM foundation_pulse").fetchone()
    assert datetime.fromisoformat(at).replace(tzinfo=UTC) > locked_at


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


def test_from_nothing_to_an_answer(folder, record_property):
    begun = time.monotonic()
    with RunningPortal(folder, "--demo") as portal:
        # How long is the machine's to say: it is printed, and meant to be less than a minute.
        record_property("seconds from an empty folder to the demo's first answer", round(time.monotonic() - begun))
        assert portal.health()[0] == 200
