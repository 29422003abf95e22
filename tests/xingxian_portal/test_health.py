import datetime as dt
import os

import pytest
from django.db import OperationalError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from liaisons.models import PlannerState
from reform.reminders import planning
from tests.cast import client_of
from xingxian_portal import celery
from xingxian_portal.foundation import clock, pulse


def health(client):
    answer = client.get("/healthz")
    return answer.status_code, answer.json()


@pytest.fixture
def beating(db):
    """Have a timed job and the planner seen just now."""
    pulse.record(pulse.TIMED_JOBS)
    planning.plan()


@pytest.fixture
def no_database(db):
    """Take the database away: every statement fails as when the server is gone."""

    def gone(*_arguments):
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(gone):
        yield


def test_all_is_well_and_nothing_keeps_the_answer(client, beating):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["parts"].keys() == {"database", "migrations", "timed_jobs", "reminders", "broker"}
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_a_database_it_says_so_even_to_one_who_is_logged_in(cast, request):
    client = client_of(cast.sfj)
    request.getfixturevalue("no_database")
    status, answer = health(client)
    assert (status, answer) == (503, {"status": "down", "parts": {"database": {"status": "down"}}})


def test_jobs_that_never_ran_or_ran_long_ago_are_seen(client, beating):
    pulse.Pulse.objects.update(at=clock.real_now() - dt.timedelta(minutes=3))
    assert health(client)[1]["status"] == "degraded"
    assert health(client)[1]["parts"]["timed_jobs"] == {"status": "late", "seconds_ago": 180}
    pulse.Pulse.objects.all().delete()
    assert health(client)[1]["parts"]["timed_jobs"] == {"status": "never"}


def test_the_demo_s_clock_says_nothing_about_the_jobs(client, beating):
    clock.start_demo(clock.day_start(dt.date(2022, 6, 20)))
    assert health(client)[1]["status"] == "ok"


def test_a_planner_that_has_not_run_for_a_quarter_of_an_hour_is_seen(client, beating):
    PlannerState.objects.update(planner_ran_at=clock.real_now() - dt.timedelta(minutes=16))
    answer = health(client)[1]["parts"]["reminders"]
    assert (answer["status"], answer["planner_seconds_ago"]) == ("late", 960)
    assert answer["failed_today"] == answer["unknown"] == answer["broken_contacts"] == 0
    PlannerState.objects.update(planner_ran_at=None)
    assert health(client)[1]["parts"]["reminders"]["status"] == "never"


def test_a_beat_that_has_written_nothing_for_two_minutes_is_seen(client, beating, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    file = tmp_path / "beat-schedule.dat"
    file.touch()
    assert health(client)[1]["parts"]["reminders"]["status"] == "ok"
    long_ago = file.stat().st_mtime - 130
    os.utime(file, (long_ago, long_ago))
    answer = health(client)[1]["parts"]["reminders"]
    assert (answer["status"], answer["beat_seconds_ago"]) == ("late", 130)


def test_tables_older_than_the_code_are_seen(client, beating):
    (newest,) = MigrationLoader(None).graph.leaf_nodes("foundation")
    MigrationRecorder(connection).record_unapplied(*newest)
    status, answer = health(client)
    assert (status, answer["status"]) == (200, "degraded")
    assert answer["parts"]["migrations"] == {"status": "pending", "pending": 1}


@pytest.mark.parametrize("address", ["redis+socket:///nowhere/queue.sock", "redis://127.0.0.1:9/0"])
def test_a_queue_that_is_away_is_seen_and_pages_are_served_all_the_same(client, beating, monkeypatch, address):
    # Celery's configuration cannot be put back once it was changed; the call takes another address as well.
    connect = celery.app.connection_for_write
    monkeypatch.setattr(celery.app, "connection_for_write", lambda **options: connect(address, **options))
    status, answer = health(client)
    assert (status, answer["status"], answer["parts"]["broker"]["status"]) == (200, "degraded", "down")


def test_it_only_answers_who_asks(client, db):
    assert client.post("/healthz").status_code == 405
