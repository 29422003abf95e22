"""The annotated workbook made afresh, values in the same cells, where copying the sent one would lose something or take long."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from typing import IO, Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_cell_to_rowcol
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation.workbook import cell_values, contents, error_list, template_mark
from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.header import LIST_SHEET, SAID, SEARCHED_ROWS
from xingxian_portal.foundation.workbook.imports import ImportIssue

# What the library that copies workbooks reads over and does not write again.
LOST = re.compile(
    r"^xl/(?:media|charts|chartsheets|cellimages|pivot\w*|slicer\w*|threadedComments|persons|diagrams|embeddings|ctrlProps|drawings/drawing)",
    re.I,
)
BIG = 6_000_000  # bytes of unpacked sheets; a copy cell by cell then takes more than some seconds
OLD = "原文件是 .xls 旧格式，这里是按原来的行列另做的 .xlsx，只有数值，没有原来的格式。"
PICTURES = (
    "原文件里有图片、图表等内容，标注时无法原样保留，所以这里是按原来的行列另做的一份，只有数值。原文件没有改动。"
)
LARGE = "原文件很大，这里是按原来的行列另做的一份，只有数值，没有原来的格式。原文件没有改动。"


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


def made(file: IO[bytes], issues: Sequence[ImportIssue], why: str) -> bytes:
    """Give a fresh workbook with the same values in the same cells, marked. Raises Refused."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"}) as book:
        copy = _Copy(book)
        by_sheet = error_list.of_sheets(issues)
        sheets = [sheet for sheet in contents.read(file) if sheet.name != LIST_SHEET]
        for sheet in sheets:
            copy.sheet(sheet, by_sheet.get(sheet.name, []))
        copy.list(issues, why, {sheet.name for sheet in sheets})
    return out.getvalue()


class _Copy:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.looks: dict[tuple[str, str, bool], Format] = {}

    def look(self, number: str = "General", colour: str = "", *, quoted: bool = False) -> Format:
        key = (number, colour, quoted)
        if key not in self.looks:
            ground = {"bg_color": f"#{colour}"} if colour else {}
            self.looks[key] = self.book.add_format({"num_format": number, "valign": "top"} | ground)
            self.looks[key].set_quote_prefix(quoted)
        return self.looks[key]

    def sheet(self, sheet: RawSheet, issues: Sequence[ImportIssue]) -> None:
        page = self.book.add_worksheet(sheet.name)
        if sheet.name == template_mark.SHEET:
            page.very_hidden()
        elif sheet.is_hidden:
            page.hide()
        cells = {xl_cell_to_rowcol(cell): how for cell, how in error_list.of_cells(issues).items()}
        rows = error_list.of_rows(issues)
        head, said = _said_place(sheet, min(rows, default=0))
        if rows:
            page.set_column(said, said, 60)
        beyond = [place for place in cells if place[0] >= len(sheet.rows)]
        for number in range(max([len(sheet.rows), *(place[0] + 1 for place in beyond)])):
            values = list(sheet.rows[number]) if number < len(sheet.rows) else []
            if rows and number >= head:
                values = [*values, *[""] * (said + 1 - len(values))]
                values[said] = SAID if number == head else rows.get(number + 1, "")
            for place, value in enumerate(values):
                colour, note = cells.get((number, place), ("", ""))
                self.put(page, number, place, value, colour)
                if note:
                    page.write_comment(number, place, note, {"author": "", "width": 260, "height": 110})

    def put(self, page: Worksheet, row: int, column: int, value: Any, colour: str = "") -> None:
        if isinstance(value, str) and value:
            page.write_string(row, column, safe(value), self.look("@", colour, quoted=needs_quote(value)))
        elif isinstance(value, bool):
            page.write_boolean(row, column, value, self.look(colour=colour))
        elif isinstance(value, int | float):
            page.write_number(row, column, value, self.look(colour=colour))
        elif isinstance(value, dt.date):
            page.write_datetime(row, column, value, self.look("yyyy-mm-dd", colour))
        elif value is not None and value != "":
            self.put(page, row, column, cell_values.text(value), colour)
        elif colour:
            page.write_blank(row, column, None, self.look(colour=colour))

    def list(self, issues: Sequence[ImportIssue], why: str, sheets: set[str]) -> None:
        page = self.book.add_worksheet(LIST_SHEET)
        for place, width in enumerate(error_list.WIDTHS):
            page.set_column(place, place, width)
        self.put(page, 0, 0, why)
        for place, head in enumerate(error_list.HEADS):
            self.put(page, 1, place, head)
        for number, issue in enumerate(issues, 2):
            words = error_list.line(issue)
            target = error_list.link(issue) if issue.sheet in sheets else ""
            for place, text in enumerate(words):
                if target and not place:
                    page.write_url(number, place, f"internal:{target}", string=text)
                else:
                    self.put(page, number, place, text)
        page.freeze_panes(2, 0)


def _said_place(sheet: RawSheet, first: int) -> tuple[int, int]:
    """Give row and column of the head 错误说明: that of an earlier check, else behind the last column."""
    above = list(enumerate(sheet.rows[: max(min(first, SEARCHED_ROWS), 1)]))
    for number, row in above:
        for place, value in enumerate(row):
            if cell_values.text(value) == SAID:
                return number, place
    heads = above[:-1] if len(above) > 1 and first <= SEARCHED_ROWS else above
    number = max(
        heads,
        key=lambda one: (sum(isinstance(value, str) and value != "" for value in one[1]), one[0]),
        default=(0, ()),
    )[0]
    return number, max((len(row) for row in sheet.rows), default=0)
