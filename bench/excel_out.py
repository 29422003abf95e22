"""100,000 rows × 12 columns out as .xlsx: ours beside stock django-import-export, and the wall's workbook.

    python -m bench.excel_out [rows]

Each writing is a process of its own, so that its highest memory is its own; ours and stock take turns, medians count.
The exit code is 1 when a budget is missed.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

TURNS = 3
COLUMNS = 12
DEPARTMENT = "县市场监督管理局"
WALL_SECONDS = 2.0
LEAST_RATIO = 2.4
MOST_GROWTH = 8  # MB more for ten times the rows: noise of the allocator, not rows that are kept


def main(rows: int) -> int:
    """Make the table once, let the writers take turns, print seconds, ratio and memory; gives the exit code."""
    with tempfile.TemporaryDirectory(prefix="bench-excel-") as folder:
        env = os.environ | {
            "PORTAL_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.development",
            "DATABASE_URL": "",
        }
        few = rows // 10
        _run(env, "make", rows)
        ours, stock = [], []
        for _ in range(TURNS):
            ours.append(_run(env, "ours", rows))
            stock.append(_run(env, "stock", rows))
        small = {who: _run(env, who, few) for who in ("nothing", "ours", "stock")}
        _run(env | {"PORTAL_DATA_DIR": f"{folder}/county"}, "county", 0)
        wall = _run(env | {"PORTAL_DATA_DIR": f"{folder}/county"}, "wall", 0)
    seconds = {"ours": statistics.median(run[0] for run in ours), "stock": statistics.median(run[0] for run in stock)}
    grown = {who: max(run[1] for run in runs) - small[who][1] for who, runs in (("ours", ours), ("stock", stock))}
    print(f"rows × columns          {rows} × {COLUMNS}")
    for who, runs in (("ours", ours), ("stock", stock)):
        peak = max(run[1] for run in runs) - small["nothing"][1]
        told = f"{grown[who]:+6.0f} MB against {few} rows"
        print(f"{who:<8} {seconds[who]:7.2f} s   peak {peak:6.0f} MB over start   {told}")
    return _judged(
        ("ratio", seconds["stock"] / seconds["ours"], f"× the stock, at least {LEAST_RATIO}", True, LEAST_RATIO),
        ("growth", grown["ours"], f"MB for ten times the rows, at most {MOST_GROWTH}", False, MOST_GROWTH),
        (
            "wall",
            wall[0],
            f"s of CPU for a wall of 40 × 40 from the database to the file, at most {WALL_SECONDS}",
            False,
            WALL_SECONDS,
        ),
    )


def _judged(*budgets: tuple[str, float, str, bool, float]) -> int:
    """Print each budget with whether it was kept; gives 1 when one was missed. The fourth says that more is better."""
    missed = 0
    for name, found, words, more_is_better, limit in budgets:
        kept = found >= limit if more_is_better else found <= limit
        missed += not kept
        print(f"{name:<8} {found:7.2f} {words}   {'kept' if kept else 'MISSED'}")
    return int(missed > 0)


def _run(env: dict[str, str], what: str, rows: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "bench.excel_out", what, str(rows)]
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, check=True, cwd=Path(__file__).parent.parent
    )
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def part(what: str, rows: int) -> None:
    """Do one part in this process; prints its CPU seconds and its highest memory in MB."""
    import django

    django.setup()
    act: Callable[[], Any] = {
        "make": lambda: make(rows),
        "ours": lambda: ours(rows),
        "stock": lambda: stock(rows),
        "county": county,
        "wall": wall,
        "nothing": lambda: None,
    }[what]
    start = time.process_time()
    act()
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def table() -> Any:
    """Give the model of the table: eleven kinds of what the county keeps, and a key."""
    from django.db import models

    class BenchRow(models.Model):
        unit = models.CharField(max_length=40)
        task = models.CharField(max_length=80)
        node = models.CharField(max_length=40)
        text = models.TextField()
        due_on = models.DateField()
        filed_on = models.DateField(null=True)
        closed_at = models.DateTimeField(null=True)
        count = models.IntegerField()
        amount = models.DecimalField(max_digits=12, decimal_places=2)
        state = models.CharField(max_length=10)
        note = models.TextField()

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return self.task

    return BenchRow


def make(rows: int) -> None:
    """Fill the table."""
    from django.db import connection

    model = table()
    with connection.schema_editor() as editor:
        editor.create_model(model)
    start, at = dt.date(2022, 1, 1), dt.datetime(2022, 6, 1, 1, tzinfo=dt.UTC)
    made = (
        model(
            unit=DEPARTMENT, task=f"二、（一）{number % 19}. 行政执法事项清单调整", node="清单公布", text="已按要求梳理并公布，群众反映良好。" * 2,
            due_on=start + dt.timedelta(days=number % 365), filed_on=start if number % 3 else None, closed_at=at if number % 2 else None,
            count=number, amount=Decimal(number), state="已销号", note="=1+1" if number % 50 == 0 else "无",
        )
        for number in range(rows)
    )  # fmt: skip
    model.objects.bulk_create(made, batch_size=2000)


def ours(rows: int) -> None:
    """Write the rows as the portal does."""
    from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet
    from xingxian_portal.foundation.workbook.streamed import streamed

    kinds = [
        Kind.COUNT,
        *[Kind.TEXT] * 4,
        Kind.DAY,
        Kind.DAY,
        Kind.MOMENT,
        Kind.COUNT,
        Kind.AMOUNT,
        Kind.SHORT,
        Kind.TEXT,
    ]
    model = table()
    columns = [
        Column(field.name, 30 if field.name == "text" else 12, kind)
        for field, kind in zip(model._meta.fields, kinds, strict=True)
    ]
    values: Iterator[Any] = model.objects.filter(pk__lte=rows).order_by("pk").values_list().iterator(chunk_size=2000)
    with _out() as out:
        streamed(Sheet("台账", "台账", About(by="", at=dt.datetime.now(dt.UTC)), columns, values), out)


def stock(rows: int) -> None:
    """Write the rows as django-import-export does out of the box."""
    from import_export import resources
    from import_export.formats.base_formats import XLSX

    resource_class = resources.modelresource_factory(table())
    dataset = resource_class().export(table().objects.filter(pk__lte=rows).order_by("pk"))
    with _out() as out:
        out.write(XLSX().export_data(dataset))


def county() -> None:
    """Build a county of 40 units and 40 nodes for the wall."""
    from django.core.management import call_command

    from bench.county import build

    call_command("migrate", verbosity=0)
    build(40, 40, issued_at=dt.datetime(2022, 4, 13, 7, tzinfo=dt.UTC), now=dt.datetime(2022, 6, 20, 1, tzinfo=dt.UTC))


def wall() -> None:
    """Take the county's wall as an officer does: read, lit and printed in its colours."""
    from liaisons.exports import Wish
    from liaisons.models import User
    from reform.workbooks import wall_chart
    from xingxian_portal.foundation import clock
    from xingxian_portal.foundation.workbook.printed import printed

    made = wall_chart.make(Wish(User.objects.get(username="officer"), clock.now()))
    (sheet,) = made.sheets
    assert (len(list(sheet.rows)), len(sheet.columns) - 4) == (40, 40)
    printed(made.sheets, made.tones)


def _out() -> IO[bytes]:
    return tempfile.TemporaryFile()


if __name__ == "__main__":
    if sys.argv[1:] and not sys.argv[1].isdigit():
        part(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 100_000))
