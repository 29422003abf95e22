"""A big export whose worker is killed while it writes: another takes it up and finishes it, once and whole."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from tests.running_portal import RunningPortal, asked, eventually, shell

ROWS = 40_000
# Many cases in one go, not through the verbs: only their number counts here.
MAKE = f"""
import datetime as dt
from django.utils import timezone
from exemptions.models import ExemptionCase
from tests.cast import gather
cast = gather()
ExemptionCase.objects.bulk_create([
    ExemptionCase(unit=cast.scj.unit, number=f"案{{n}}", party_kind="person", party_name=f"示例{{n}}", conduct="=1+1", state="correcting",
                  discovered_on=dt.date(2022, 5, 1), direct_reason="未列入清单", kind="first", recorded_at=timezone.now(),
                  recorded_by=cast.scj)
    for n in range({ROWS})
], batch_size=2000)
"""
ASK = """
from liaisons import export_runs, exports
from liaisons.exports import Wish
from liaisons.models import User
from xingxian_portal.foundation import clock
export = exports.named("exemption-cases", User.objects.get(username="sfj"))
wish = Wish(User.objects.get(username="sfj"), clock.now())
export_runs.ask(export, wish, export.make(wish))
"""
# Each look also writes, as other people do all the time: an export that reads row after row must bear it.
RUN = "UPDATE liaisons_exportrun SET title = title RETURNING state, written, total, attempts, trouble"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def is_under_way(folder: Path) -> bool:
    state, written, *_ = asked(folder, RUN)
    assert state != "done", "it was written before it could be interrupted"
    return state == "running" and written >= 2000


def test_an_export_whose_worker_is_killed_is_finished_by_another(folder):
    with RunningPortal(folder) as portal:
        shell(folder, MAKE)
        shell(folder, ASK)
        eventually(lambda: is_under_way(folder))
        os.killpg(portal.masters()["worker"], signal.SIGKILL)
        state, written, *_ = asked(folder, RUN)
        assert (state, written < ROWS) == ("running", True)
        # Three minutes without a sign of life, of which the test waits for none.
        asked(folder, "UPDATE liaisons_exportrun SET seen_at = datetime(seen_at, '-4 minutes') RETURNING id")
        eventually(lambda: asked(folder, RUN)[0] == "done", seconds=240)
        assert asked(folder, RUN) == ("done", ROWS, ROWS, 2, "")
    (path, size) = asked(folder, "SELECT path, size FROM foundation_storedfile")
    file = next(folder.rglob(Path(path).name))
    assert file.stat().st_size == size
    sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
    numbers = [row[0] for row in sheet if isinstance(row[0], float)]
    assert numbers == list(range(1, ROWS + 1))
    assert len(list(file.parent.glob("*.xlsx"))) == 1
