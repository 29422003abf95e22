"""Big exports that go wrong: one that takes its workers down with it ends, what killed writers left is swept away."""

from __future__ import annotations

import datetime as dt
import os

import pytest

from liaisons import export_runs
from liaisons.models import ExportRun
from tests.factories import UserFactory
from xingxian_portal.foundation import clock, made_files

pytestmark = pytest.mark.django_db


def test_an_export_that_killed_its_workers_five_times_is_given_up():
    long_ago = clock.real_now() - dt.timedelta(minutes=4)
    run = ExportRun.objects.create(
        slug="ledger", title="任务台账", asked_by=UserFactory(), asked_at=long_ago, as_of=long_ago, total=9, seen_at=long_ago,
        state=ExportRun.RUNNING, attempts=export_runs.MOST_ATTEMPTS,
    )  # fmt: skip

    assert not export_runs.write(run.pk)
    run.refresh_from_db()
    assert (run.state, run.trouble) == (ExportRun.FAILED, export_runs.GAVE_UP)
    assert not export_runs.write(run.pk)


def test_what_a_killed_writer_left_is_swept_away_a_day_later_and_what_is_being_written_is_not(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    kept = made_files.keep_bytes("台账.xlsx", b"x", by_id=None)
    parts = [kept.location.with_name(f"{name}.xlsx{made_files.UNFINISHED}") for name in ("old", "new")]
    for part in parts:
        part.write_bytes(b"x")
    yesterday = (clock.real_now() - dt.timedelta(hours=25)).timestamp()
    os.utime(parts[0], (yesterday, yesterday))

    assert export_runs.clear_away() == 1
    assert [part.exists() for part in parts] == [False, True]
    assert kept.location.exists()
