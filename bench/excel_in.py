"""50,000 rows × 12 columns in from .xlsx: ours, whole, beside stock django-import-export's dry run and import.

    python -m bench.excel_in [rows]

Ours is everything that happens to a workbook: the guard of uploads, every check with cell and value, the difference,
the kept preview, the second check at the confirmation, rows written, what each changed kept, the audit trail. Stock is
what the administration does out of the box: read, dry run, read, import. CPU seconds of one run in processes of their
own; the exit code is 1 when ours is not five times as fast.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

LEAST_RATIO = 5.0
UNITS = 40
STATES = [("open", "办理中"), ("done", "已办结"), ("void", "已作废")]
HEADS = {
    "number": "文书编号", "unit": "单位", "party": "当事人", "item": "事项", "law": "依据", "found_on": "发现日期",
    "decided_on": "决定日期", "amount": "金额", "people": "人数", "state": "状态", "first": "初次违法", "note": "备注",
}  # fmt: skip


def main(rows: int) -> int:
    """Write the workbook once, let both bring it in, print seconds, ratio and memory; gives the exit code."""
    with tempfile.TemporaryDirectory(prefix="bench-excel-in-") as folder:
        env = os.environ | {
            "PORTAL_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "xingxian_portal.settings.base",
            "DATABASE_URL": "",
        }
        env |= {"BENCH_BOOK": str(Path(folder) / "cases.xlsx"), "BENCH_STOCK_BOOK": str(Path(folder) / "stock.xlsx")}
        _run(env, "make", rows)
        parts = {who: _run(env, who, rows) for who in ("ours", "again", "stock")}
    for who, about in (
        ("ours", "guard, checks, preview, second check, writing, trail"),
        ("stock", "dry run and import"),
    ):
        seconds, peak = parts[who]
        print(f"{who:<8} {seconds:7.1f} s   {rows / seconds:7.0f} rows/s   peak {peak:5.0f} MB   {about}")
    print(f"again    {parts['again'][0]:7.1f} s   the same rows in another file: nothing to change")
    ratio = parts["stock"][0] / parts["ours"][0]
    print(f"{'kept' if ratio >= LEAST_RATIO else 'MISSED':<8} {ratio:7.1f} ×   (at least {LEAST_RATIO})")
    return 0 if ratio >= LEAST_RATIO else 1


def _run(env: dict[str, str], what: str, rows: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "bench.excel_in", what, str(rows)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    seconds, peak = done.stdout.split()[-2:]
    return float(seconds), float(peak)


def part(what: str, rows: int) -> None:
    """Do one part in this process; prints its CPU seconds and its highest memory in MB."""
    import logging

    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    acts: dict[str, Callable[[], Any]] = {
        "make": lambda: make(rows), "ours": lambda: ours(rows), "again": lambda: again(rows), "stock": lambda: stock(rows),
    }  # fmt: skip
    table()
    start = time.process_time()
    acts[what]()
    print(time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def table() -> Any:
    """Give the model of the rows, with a unit each."""
    from django.apps import apps
    from django.db import models

    if "benchcase" in apps.all_models["liaisons"]:
        return apps.all_models["liaisons"]["benchcase"]

    class BenchCase(models.Model):
        number = models.CharField(max_length=40, unique=True)
        unit = models.ForeignKey("liaisons.Unit", models.PROTECT, related_name="+")
        party = models.CharField(max_length=60)
        item = models.CharField(max_length=120)
        law = models.CharField(max_length=200)
        found_on = models.DateField()
        decided_on = models.DateField(null=True)
        amount = models.DecimalField(max_digits=12, decimal_places=2)
        people = models.IntegerField()
        state = models.CharField(max_length=10, choices=STATES)
        first = models.BooleanField()
        note = models.CharField(max_length=200, blank=True)

        class Meta:
            app_label = "liaisons"

        def __str__(self) -> str:
            return self.number

    return BenchCase


def rows_of(count: int) -> Iterator[list[Any]]:
    """Give the rows of the workbook, in the order of `HEADS`."""
    day = dt.date(2022, 1, 1)
    for number in range(count):
        yield [
            f"兴市监免〔2022〕{number + 1}号", f"样例乡镇{number % UNITS}", f"样例经营者{number}", "未按规定办理变更登记",
            "《市场主体登记管理条例》第四十六条", day + dt.timedelta(days=number % 300),
            day + dt.timedelta(days=number % 300 + 9) if number % 3 else None, Decimal(number % 9000) / 100, number % 7,
            STATES[number % 2][1], "是" if number % 4 else "否", "保密工作已提醒" if number % 5000 == 0 else "",
        ]  # fmt: skip


def make(rows: int) -> None:
    """Make the tables, the units, who imports, and the workbook."""
    from django.core.management import call_command
    from django.db import connection

    from liaisons.models import Unit, User
    from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet
    from xingxian_portal.foundation.workbook.streamed import streamed

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(table())
    Unit.objects.bulk_create(
        Unit(code=f"bench{number}", name=f"样例乡镇{number}", short_name=f"样例{number}", kind=Unit.TOWNSHIP)
        for number in range(UNITS)
    )
    User.objects.create(username="bench", name="导入人")
    kinds = dict.fromkeys(("found_on", "decided_on"), Kind.DAY) | {"amount": Kind.AMOUNT, "people": Kind.COUNT}
    columns = [Column(label, 12, kinds.get(name, Kind.SHORT)) for name, label in HEADS.items()]
    with Path(os.environ["BENCH_BOOK"]).open("wb") as out:
        streamed(Sheet("案件", "案件台账", None, columns, rows_of(rows)), out)
    _make_for_stock(rows)


def _make_for_stock(rows: int) -> None:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("cases")
    page.append(list(HEADS))
    codes = {label: state for state, label in STATES} | {"是": 1, "否": 0}
    for row in rows_of(rows):
        page.append([codes.get(value, value) if isinstance(value, str) else value for value in row])
    book.save(os.environ["BENCH_STOCK_BOOK"])


def sheet_class() -> Any:
    """Give the sheet as an app would declare it; many rows are written at once."""
    from xingxian_portal.foundation.workbook.resource import SheetResource

    acts = {"prepare": _prepare, "existing": _existing, "write_all": _write_all}
    told = {"slug": "bench", "title": "案件台账", "Meta": type("Meta", (), {"import_id_fields": ("number",)})}
    return type("BenchSheet", (SheetResource,), told | _columns() | acts)


def _columns() -> dict[str, Any]:
    from xingxian_portal.foundation.workbook.columns import Column
    from xingxian_portal.foundation.workbook.kinds import Amount, Choice, Code, Day, Named, Text, Whole, YesNo

    kinds = {
        "number": Code(40), "unit": Named("单位"), "party": Text(60, name=True), "item": Text(120), "law": Text(200), "found_on": Day(),
        "decided_on": Day(), "amount": Amount(), "people": Whole(), "state": Choice(STATES), "first": YesNo(), "note": Text(200, lines=True),
    }  # fmt: skip
    required, blanks = {"unit", "party", "item", "found_on", "state"}, {"decided_on", "note"}
    return {
        name: Column(HEADS[name], kind, required=name in required, blanks=name in blanks)
        for name, kind in kinds.items()
    }


def _prepare(sheet: Any) -> None:
    from liaisons.models import Unit

    sheet.units = dict(Unit.objects.values_list("name", "pk"))
    sheet.columns["unit"].kind.know({name: name for name in sheet.units})


def _existing(sheet: Any) -> dict[tuple[str], dict[str, Any]]:
    names = {pk: name for name, pk in sheet.units.items()}
    fields = [name if name != "unit" else "unit_id" for name in sheet.columns]
    found = {}
    for values in table().objects.values_list(*fields):
        row = dict(zip(sheet.columns, values, strict=True))
        row["unit"] = names[row["unit"]]
        found[(row["number"],)] = row
    return found


def _write_all(sheet: Any, changes: Sequence[Any], *, at: dt.datetime) -> Iterator[Any]:
    made = [_row(change.after, sheet.units) for change in changes]
    table().objects.bulk_create(made, batch_size=2000)
    for change, row in zip(changes, made, strict=True):
        change.target = str(row.pk)
    return iter(())


def _row(values: dict[str, Any], units: dict[str, int]) -> Any:
    plain = {name: value for name, value in values.items() if name != "unit"}
    return table()(unit_id=units[values["unit"]], **plain)


def ours(rows: int) -> None:
    """Bring the workbook in as the portal does."""
    batch = _taken(Path(os.environ["BENCH_BOOK"]).read_bytes())
    assert (batch.state, table().objects.count()) == ("applied", rows), batch.state


def again(rows: int) -> None:
    """Send the same rows in another file."""
    import zipfile

    content = io.BytesIO(Path(os.environ["BENCH_BOOK"]).read_bytes())
    with zipfile.ZipFile(content, "a") as package:
        package.writestr("docProps/again.xml", "<again/>")
    batch = _taken(content.getvalue())
    assert (batch.state, batch.counts["unchanged"]) == ("ready", rows), batch.state


def _taken(content: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from liaisons.models import User
    from xingxian_portal.foundation.workbook import batches

    by = User.objects.get(username="bench")
    sheet = sheet_class()(by=by)
    batch, _ = batches.receive(SimpleUploadedFile("案件.xlsx", content), sheet)
    batches.work(batch, sheet)
    batch.refresh_from_db()
    if batch.counts["new"]:
        batches.work(batches.confirm(batch, by=by), sheet)
        batch.refresh_from_db()
    return batch


def stock(rows: int) -> None:
    """Bring the same rows in as django-import-export does out of the box: heads in the first row, codes for words."""
    from import_export import fields, resources, widgets
    from import_export.formats.base_formats import XLSX

    from liaisons.models import Unit

    table().objects.all().delete()

    class StockResource(resources.ModelResource):
        unit = fields.Field("unit", "unit", widgets.ForeignKeyWidget(Unit, "name"))

        class Meta:
            model = table()
            fields = tuple(HEADS)
            import_id_fields = ("number",)
            skip_unchanged = True

    for dry_run in (True, False):
        dataset = XLSX().create_dataset(Path(os.environ["BENCH_STOCK_BOOK"]).read_bytes())
        result = StockResource().import_data(dataset, dry_run=dry_run)
        assert not result.has_errors(), result.row_errors()[:1]
    assert table().objects.count() == rows


if __name__ == "__main__":
    if sys.argv[1:] and not sys.argv[1].isdigit():
        part(sys.argv[1], int(sys.argv[2]))
    else:
        sys.exit(main(int(sys.argv[1]) if sys.argv[1:] else 50_000))
