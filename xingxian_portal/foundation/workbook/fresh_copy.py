"""A workbook's values in a fresh one, where copying it cell by cell would lose something or take too long."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from typing import IO, Any

from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from xingxian_portal.foundation.workbook import contents
from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe

# What the library that copies workbooks reads over and does not write again.
LOST = re.compile(
    r"^xl/(?:media|charts|chartsheets|cellimages|pivot\w*|slicer\w*|threadedComments|persons|diagrams|embeddings|ctrlProps|drawings/drawing)",
    re.I,
)
BIG = 20_000_000  # bytes of unpacked sheets
OLD = "原文件是 .xls 旧格式，这里是按原来的行列另做的 .xlsx，只有数值，没有原来的格式。"
PICTURES = (
    "原文件里有图片、图表等内容，标注时无法原样保留，所以这里是按原来的行列另做的一份，只有数值。原文件没有改动。"
)
LARGE = "原文件很大，这里是按原来的行列另做的一份，只有数值，没有原来的格式。原文件没有改动。"
MARK_SHEET = "_meta"


def reason(file: IO[bytes], kind: str) -> str:
    """Give why the workbook cannot be copied as it is; "" when it can."""
    if kind != "xlsx":
        return OLD
    file.seek(0)
    with zipfile.ZipFile(file) as package:
        members = package.infolist()
    file.seek(0)
    if any(LOST.match(member.filename) for member in members):
        return PICTURES
    return LARGE if sum(one.file_size for one in members if one.filename.startswith("xl/worksheets/")) > BIG else ""


def of(file: IO[bytes]) -> Workbook:
    """Give a fresh workbook with the same sheets and the same values in the same cells. Raises Refused."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in contents.read(file):
        page = book.create_sheet(sheet.name)
        for number, row in enumerate(sheet.rows, 1):
            for place, value in enumerate(row, 1):
                if value is not None and value != "":
                    _put(page.cell(number, place), value)
        if sheet.name == MARK_SHEET:
            page.sheet_state = "veryHidden"
        elif sheet.is_hidden:
            page.sheet_state = "hidden"
        for top, left, bottom, right in sheet.merges:
            area = f"{get_column_letter(left + 1)}{top + 1}:{get_column_letter(right + 1)}{bottom + 1}"
            page.merge_cells(area)
    return book


def _put(cell: Any, value: Any) -> None:
    if not isinstance(cell, Cell):
        return
    if isinstance(value, str):
        cell.value = safe(value)
        cell.data_type = "s"  # what was text stays text
        cell.number_format = "@"
        cell.quotePrefix = needs_quote(value)
        return
    cell.value = value
    if isinstance(value, dt.date):
        cell.number_format = "yyyy-mm-dd"
