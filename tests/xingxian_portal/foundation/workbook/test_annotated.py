"""The sender's own workbook with its errors marked: a copy where that keeps all, a fresh one where it would not."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from liaisons.workbooks.units import UnitSheet
from tests.xingxian_portal.foundation.workbook import office_files as office
from xingxian_portal.foundation.workbook import annotated, batches, contents, fresh_copy

HEAD = ["编码", "全称", "简称", "类别", "排序"]
BAD: list[list[Any]] = [
    ["单位名册"],
    HEAD,
    ["141123209", "=1+1", "圪垯上乡", "乡", "多"],
    ["141123210", "乙乡人民政府", "乙乡", "其他", 2],
]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def quoted(page) -> None:
    page["B3"].data_type = "s"


def batch_of(cast, content, name="名册.xlsx"):
    sheet = UnitSheet(by=cast.admin)
    batch, _ = batches.receive(SimpleUploadedFile(name, content), sheet)
    batches.work(batch, sheet)
    batch.refresh_from_db()
    return batch


WAYS = {
    "a copy": (office.book_of(BAD, quoted), "名册.xlsx", ""),
    "a fresh one for an old book": (office.old_book(BAD), "名册.xls", fresh_copy.OLD),
    "a fresh one for pictures": (
        office.with_parts(office.book_of(BAD, quoted), {"xl/cellimages.xml": b"<c/>"}), "名册.xlsx", fresh_copy.PICTURES,
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_problem_is_marked_and_the_workbook_goes_in_again_once_mended(cast, way):
    content, name, why = WAYS[way]
    batch = batch_of(cast, content, name)
    data = annotated.made(batch)
    book = openpyxl.load_workbook(io.BytesIO(data))
    page, listed = book.worksheets[0], book["错误清单"]
    colours = {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFF8CBAD"}
    assert (colours, bool(page["D3"].comment)) == ({"D3", "E3"}, True)
    assert (page["F2"].value, "类别：不是可以填的值" in page["F3"].value) == ("错误说明", True)
    assert (page["B3"].value, page["B3"].data_type) == ("=1+1", "s")
    rows = [[cell.value for cell in row] for row in listed.iter_rows()]
    assert ([row[0] for row in rows[-2:]], rows[0][0]) == (["D3", "E3"], why or "单元格")
    assert listed.cell(len(rows), 1).hyperlink is not None
    again = batch_of(cast, data)
    assert [issue.cell for issue in again.issues.all()] == ["D3", "E3"]
    twice = openpyxl.load_workbook(io.BytesIO(annotated.made(again)))
    assert [cell.value for cell in twice.worksheets[0][2]] == [*HEAD, "错误说明"]
    page["D3"], page["E3"] = "其他", 4
    assert batch_of(cast, office.saved(book)).state == "ready"


def test_a_large_one_is_made_afresh_in_little_time(cast, monkeypatch):
    monkeypatch.setattr(fresh_copy, "BIG", 10)
    data = annotated.made(batch_of(cast, office.book_of(BAD, quoted)))
    assert openpyxl.load_workbook(io.BytesIO(data))["错误清单"]["A1"].value == fresh_copy.LARGE
    assert [sheet.name for sheet in contents.read(io.BytesIO(data))] == ["Sheet1", "错误清单"]
