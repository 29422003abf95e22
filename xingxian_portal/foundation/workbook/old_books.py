"""The sheets of an .xls, read by a process of its own: of a broken one the reader may end the whole process it runs in.

    python -m xingxian_portal.foundation.workbook.old_books < file.xls

prints one JSON object: `sheets`, each with name, rows, merges and whether it is hidden, and `refused` (why the file
cannot be read, "" when it can). It needs no Django.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import contents
from xingxian_portal.foundation.workbook.contents import RawSheet

PROJECT = Path(__file__).parents[3]
SECONDS = 60
MEMORY = 2 * 1024 * 1024 * 1024
# What JSON has no word for stands as the name of its type with its text; no cell holds a list.
MOMENTS = {"datetime": dt.datetime.fromisoformat, "date": dt.date.fromisoformat, "time": dt.time.fromisoformat}


def read(content: bytes) -> list[RawSheet]:
    """Give the worksheets of an .xls; raises Refused when it cannot be read, whatever that did to the reader."""
    command = [sys.executable, "-m", "xingxian_portal.foundation.workbook.old_books"]
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
    return [
        RawSheet(name, [[_value(cell) for cell in row] for row in rows], [_merge(one) for one in merges], is_hidden)
        for name, rows, merges, is_hidden in said["sheets"]
    ]


def _merge(four: Sequence[int]) -> contents.Merge:
    top, left, bottom, right = four
    return top, left, bottom, right


def _value(cell: Any) -> Any:
    if not isinstance(cell, list):
        return cell
    kind, text = cell
    return dt.timedelta(seconds=text) if kind == "timedelta" else MOMENTS[kind](text)


def _plain(cell: Any) -> Any:
    if isinstance(cell, dt.timedelta):
        return ["timedelta", cell.total_seconds()]
    if isinstance(cell, dt.date | dt.time):  # a moment is a date too
        return [type(cell).__name__, cell.isoformat()]
    raise TypeError(type(cell))


def _main() -> None:
    _limit()
    refused, sheets = "", []
    try:
        read_here = contents.read_here(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [(one.name, one.rows, one.merges, one.is_hidden) for one in read_here]
    except Refused as fault:
        refused = str(fault)
    sys.stdout.write(json.dumps({"sheets": sheets, "refused": refused}, default=_plain))


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
