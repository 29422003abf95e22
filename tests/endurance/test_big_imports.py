"""Big imports: a worker killed while it checks or writes leaves nothing half in, and others go on with their work meanwhile."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.running_portal import ROOT, RunningPortal, asked, environment, eventually, manage, shell

MANY, USUAL = 8_000, 2_000
MAKE = """
from tests.cast import gather
from tests.exemptions.case_samples import item, officers
cast = gather()
item(cast.weifen.unit), officers(cast.weifen.unit)
"""
SEND = """
from django.core.files.uploadedfile import SimpleUploadedFile
from exemptions.workbooks.case_sheet import CaseSheet
from liaisons import import_runs
from liaisons.models import User
from tests import workbooks
from tests.exemptions.case_samples import code
from xingxian_portal.foundation.workbook import batches
by = User.objects.get(username="weifen")
head = ["编号", "检查日期", "当事人", "统一社会信用代码", "违法行为", "清单事项", "执法人员"]
rows = ([f"甲{{n}}", "2022-06-01", f"样例{{n}}", code(n), "没有标价", "SJ-001", "执法1、执法2"] for n in range({rows}))
sheet = CaseSheet(by, by.unit.code)
batch, _ = batches.receive(SimpleUploadedFile("台账.xlsx", workbooks.book(head, rows)), sheet)
import_runs.begin(batch, sheet)
"""
OPENED = """
from liaisons import import_runs, imports
from liaisons.models import User
from xingxian_portal.foundation.workbook import batches
from xingxian_portal.foundation.workbook.imports import ImportBatch
batch, by = ImportBatch.objects.get(), User.objects.get(username="weifen")
sheet = imports.opened(batch, by)
"""
CONFIRM = OPENED + "import_runs.begin(batches.confirm(batch, by=by), sheet)"
CONFIRM_HERE = OPENED + "batches.work(batches.confirm(batch, by=by), sheet)"
CHECK_HERE = OPENED + "batches.work(batch, sheet)"
LOOK = """
from tests.cast import client_of
from liaisons.models import User
page = client_of(User.objects.get(username="weifen")).get("/imports/batches/1/", headers={"host": "127.0.0.1"})
print(page.status_code, "<progress" in page.content.decode(), "正在" in page.content.decode())
"""
# Somebody of another unit records cases until the import is through.
ACT = """
import time
from liaisons.models import User
from tests.exemptions.case_samples import recorded
from xingxian_portal.foundation.workbook.imports import ImportBatch
by, worst, meanwhile, state = User.objects.get(username="scj"), 0.0, 0, ""
while state != "applied":
    state = ImportBatch.objects.get().state
    start = time.monotonic()
    recorded(by)
    worst = max(worst, time.monotonic() - start)
    meanwhile += state == "writing"
    time.sleep(0.05)
print(meanwhile, worst)
"""
BATCH = "SELECT state, done_rows, all_rows, attempts FROM foundation_importbatch"
CASES = "SELECT count(*) FROM exemptions_exemptioncase WHERE number LIKE '甲%'"
# A lease of two minutes, of which the test waits for none.
EXPIRE = "UPDATE foundation_importbatch SET claimed_until = datetime(claimed_until, '-5 minutes') RETURNING id"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def is_writing(folder: Path) -> bool:
    """Say whether somebody holds the database's one lock for writing, and has for a while."""
    with closing(sqlite3.connect(folder / "portal.sqlite3", timeout=0.3, isolation_level=None)) as database:
        try:
            database.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        database.execute("ROLLBACK")
        return False


def kill_worker(portal: RunningPortal, folder: Path) -> int:
    """Kill whoever works on the import; gives how often it was taken up until then."""
    os.killpg(portal.masters()["worker"], signal.SIGKILL)
    assert shell(folder, LOOK).split() == ["200", "True", "True"]  # the page opened again says how far it is
    assert asked(folder, CASES) == (0,)
    attempts = asked(folder, BATCH)[3]
    asked(folder, EXPIRE)
    return attempts


def test_an_import_whose_worker_is_killed_is_finished_by_another_and_is_never_half_in(folder):
    with RunningPortal(folder) as portal:
        shell(folder, MAKE)
        shell(folder, SEND.format(rows=MANY))
        eventually(lambda: asked(folder, BATCH)[1] > 0)
        assert asked(folder, BATCH)[0] == "reading", "it was checked before it could be interrupted"
        attempts = kill_worker(portal, folder)
        eventually(lambda: asked(folder, BATCH)[0] == "ready", seconds=240)
        assert asked(folder, BATCH)[3] == attempts + 1

        shell(folder, CONFIRM)
        eventually(lambda: is_writing(folder))
        attempts = kill_worker(portal, folder)
        eventually(lambda: asked(folder, BATCH)[0] == "applied", seconds=240)
    assert asked(folder, BATCH)[3] == attempts + 1
    assert asked(folder, CASES) == (MANY,)
    assert asked(folder, "SELECT count(*), count(DISTINCT target) FROM foundation_importrow") == (MANY, MANY)


def test_others_act_while_two_thousand_rows_come_in(folder):
    assert manage("migrate", "-v0", folder=folder).returncode == 0
    shell(folder, MAKE)
    shell(folder, SEND.format(rows=USUAL))
    shell(folder, CHECK_HERE)
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c", ACT]
    with subprocess.Popen(command, env=environment(folder, {}), cwd="/", stdout=subprocess.PIPE, text=True) as other:
        eventually(lambda: asked(folder, "SELECT count(*) FROM exemptions_exemptioncase")[0] > 2)
        shell(folder, CONFIRM_HERE)
        said, _ = other.communicate(timeout=120)
    assert other.returncode == 0, "an act was refused while the import wrote"
    meanwhile, worst = said.split()
    print(f"{meanwhile} acts while {USUAL} rows were written, the slowest took {float(worst):.1f} s")
    assert int(meanwhile) > 0
    assert float(worst) < 10  # half of how long SQLite is told to wait
    assert asked(folder, CASES) == (USUAL,)
