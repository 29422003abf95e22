"""Workbooks at their largest: 2^20 blank rows as spreadsheets save them, sixty thousand rows, a worker that dies."""

from __future__ import annotations

import io
import resource
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaisons.workbooks.units import UnitSheet
from tests.xingxian_portal.foundation.workbook import office_files as office
from xingxian_portal.foundation.workbook import annotated, batches, contents
from xingxian_portal.foundation.workbook.sheet_marks import MOST_ROWS

HEAD = ["编码", "全称", "简称", "类别", "排序"]
GE = ["141123209", "圪垯上乡人民政府", "圪垯上乡", "乡镇人民政府", 12]
LAST = 1024 * 1024


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def blank_rows(xml: bytes) -> bytes:
    rows = b"".join(
        b'<row r="%d" spans="1:5"><c r="A%d" s="0"/><c r="E%d" s="0"/></row>' % (n, n, n) for n in range(3, LAST + 1)
    )
    return xml.replace(b"</sheetData>", rows + b"</sheetData>")


def taken(cast, content):
    sheet = UnitSheet(by=cast.admin)
    batch, _ = batches.receive(SimpleUploadedFile("名册.xlsx", content), sheet)
    batches.work(batch, sheet)
    batch.refresh_from_db()
    return batch


def test_a_million_blank_rows_below_the_data_are_read_over(cast):
    content = office.patched(office.dimension(office.book_of([HEAD, GE]), f"A1:E{LAST}"), blank_rows)
    start, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    batch = taken(cast, content)
    assert (batch.state, batch.counts["new"], batch.counts["rows"]) == ("ready", 1, 1)
    assert time.process_time() - start < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400 * 1024  # KB


def test_more_rows_than_are_taken_are_refused_and_sixty_thousand_bad_ones_are_marked(cast):
    rows = [[f"x{n}", f"样例{n}单位", f"样例{n}", "没有的类别", 1] for n in range(MOST_ROWS)]
    batch = taken(cast, office.book_of([HEAD, *rows]))
    assert (batch.state, batch.counts["bad_rows"], batch.issues.count()) == ("faulty", MOST_ROWS, 20_000)
    start = time.process_time()
    marked = annotated.made(batch)
    assert time.process_time() - start < 60
    assert len(contents.read(io.BytesIO(marked))[0].rows) == MOST_ROWS + 1
    over = taken(cast, office.book_of([HEAD, *rows, rows[0], rows[0]]))
    assert [issue.code for issue in over.issues.all()] == ["too_many"]
