"""The sheets of a workbook that may end the process which reads it, read by a process of its own with limits.

    python -m xingxian_portal.foundation.workbook.apart < file.xls

prints one JSON object: `sheets`, each with name, rows, merges, whether it is hidden and its marks, and `refused` (why
the file cannot be read, "" when it can). It needs no Django.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import contents
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.sheet_marks import Marks

PROJECT = Path(__file__).parents[3]
SECONDS = 60
MEMORY = 2 * 1024 * 1024 * 1024
# What JSON has no word for stands as the name of its type with its text; no cell holds a list.
MOMENTS = {"datetime": dt.datetime.fromisoformat, "date": dt.date.fromisoformat, "time": dt.time.fromisoformat}


def read(content: bytes) -> list[RawSheet]:
    """Give the worksheets of a workbook; raises Refused when it cannot be read, whatever that did to the reader."""
    command = [sys.executable, "-m", "xingxian_portal.foundation.workbook.apart"]
    try:
        # From the project's folder, or `-m` finds nothing when the portal was started from elsewhere.
        done = subprocess.run(command, input=content, capture_output=True, timeout=SECONDS, check=False, cwd=PROJECT)
    except subprocess.TimeoutExpired as error:
        raise Refused(contents.BROKEN) from error
    if done.returncode:
        raise Refused(contents.BROKEN)
    said = json.loads(done.stdout)
    if said["refused"]:
        raise Refused(said["refused"])
    return [_sheet(one) for one in said["sheets"]]


def _sheet(said: dict[str, Any]) -> RawSheet:
    rows = [[_value(cell) for cell in row] for row in said["rows"]]
    merges = [(top, left, bottom, right) for top, left, bottom, right in said["merges"]]
    return RawSheet(said["name"], rows, merges, said["is_hidden"], _marks(said["marks"]))


def _marks(said: dict[str, Any]) -> Marks:
    cells = {name: {(row, column) for row, column in said[name]} for name in ("uncomputed", "pictures", "external")}
    failed = {(row, column): text for row, column, text in said["failed"]}
    return Marks(set(said["hidden_rows"]), **cells, failed=failed, last_row=said["last_row"], is_wide=said["is_wide"])


def _value(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return dt.timedelta(seconds=text) if kind == "timedelta" else MOMENTS[kind](text)


def _told(sheet: RawSheet) -> dict[str, Any]:
    marks = asdict(sheet.marks) | {"failed": [(*place, text) for place, text in sheet.marks.failed.items()]}
    return {
        "name": sheet.name, "rows": sheet.rows, "merges": sheet.merges, "is_hidden": sheet.is_hidden, "marks": marks,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, set):
        return sorted(value)
    if isinstance(value, dt.timedelta):
        return ["timedelta", value.total_seconds()]
    if isinstance(value, dt.date | dt.time):  # a moment is a date too
        return [type(value).__name__, value.isoformat()]
    raise TypeError(type(value))


def _main() -> None:
    _limit()
    said: dict[str, Any] = {"sheets": [], "refused": ""}
    try:
        said["sheets"] = [_told(one) for one in contents.read_here(io.BytesIO(sys.stdin.buffer.read()), odd_too=True)]
    except Refused as fault:
        said["refused"] = str(fault)
    sys.stdout.write(json.dumps(said, default=_plain))


def _limit() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows knows no such limits; the time-out above holds there too
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _main()
