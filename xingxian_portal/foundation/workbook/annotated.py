"""The sender's own workbook with what is wrong marked in it: mended there, it can be sent again as it is.

Bad cells are red with a note, warnings yellow; a last column 错误说明 says it in words, a sheet 错误清单 lists all. The
reader passes over both. Where a copy would lose something (pictures, charts) or would take long, the values go into a
fresh workbook (`fresh_copy`), and the list says why.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import openpyxl
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values, error_list, fresh_copy
from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.header import LIST_SHEET, SAID
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportIssue

SUFFIX = "（错误标注）"
AUTHOR = "平台检查"


def made(batch: ImportBatch) -> bytes:
    """Give the annotated workbook of a batch that is kept; raises Refused when its file is gone or nothing is wrong."""
    if batch.file is None:
        raise Refused("这份文件已过保存期，请重新上传。")
    issues = list(batch.issues.all())
    if not issues:
        raise Refused("没有需要标注的问题。")
    with batch.file.location.open("rb") as file:
        content = io.BytesIO(file.read())
    if why := fresh_copy.reason(content, batch.file.kind):
        return fresh_copy.made(content, issues, why)
    book = openpyxl.load_workbook(content)
    _mark(book, issues)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(book: Workbook, issues: Sequence[ImportIssue]) -> None:
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    by_sheet = error_list.of_sheets(issues)
    for page in book.worksheets:
        _unmark(page)
        here = by_sheet.get(page.title, [])
        for address, (colour, note) in error_list.of_cells(here).items():
            cell = page[address]
            if isinstance(cell, Cell):
                cell.fill = PatternFill("solid", fgColor=f"FF{colour}")
                cell.comment = Comment(note, AUTHOR, height=110, width=260)
        if rows := error_list.of_rows(here):
            _say_in_rows(page, rows)
    _list(book, issues)


def _unmark(page: Worksheet) -> None:
    """Take away what an earlier check has marked."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _say_in_rows(page: Worksheet, rows: Mapping[int, str]) -> None:
    """Write the column 错误说明: into the one of an earlier check, else behind the last."""
    first = min(rows)
    above = (cell for row in page.iter_rows(max_row=first) for cell in row)
    place = next(((cell.row, cell.column) for cell in above if cell_values.text(cell.value) == SAID), None)
    if place:
        for (cell,) in page.iter_rows(min_row=place[0] + 1, min_col=place[1], max_col=place[1]):
            if isinstance(cell, Cell):
                cell.value = None
    head, column = place or (_head_row(page, first), _last_column(page) + 1)
    page.cell(head, column, SAID).font = Font(bold=True)
    page.column_dimensions[get_column_letter(column)].width = 60
    for number, said in rows.items():
        _write(page, number, column, said)


def _last_column(page: Worksheet) -> int:
    filled = (cell.column for row in page.iter_rows() for cell in row if cell.value is not None)
    return max(filled, default=0)


def _head_row(page: Worksheet, first: int) -> int:
    """Give the row above the first that something is wrong with, in which most cells hold words: the labels."""
    rows = range(1, min(first, 11)) or [1]
    return max(rows, key=lambda number: (sum(isinstance(cell.value, str) for cell in page[number]), number))


def _write(page: Worksheet, row: int, column: int, text: str) -> None:
    cell = page.cell(row, column)
    if isinstance(cell, Cell):
        cell.value = safe(text)
        cell.data_type = "s"  # never a formula, whatever it begins with
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.quotePrefix = needs_quote(text)


def _list(book: Workbook, issues: Sequence[ImportIssue]) -> None:
    page = book.create_sheet(LIST_SHEET)
    for place, (head, width) in enumerate(zip(error_list.HEADS, error_list.WIDTHS, strict=True), 1):
        page.cell(1, place, head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = width
    for number, issue in enumerate(issues, 2):
        for place, text in enumerate(error_list.line(issue), 1):
            _write(page, number, place, text)
        if (target := error_list.link(issue)) and issue.sheet in book.sheetnames:
            page.cell(number, 1).hyperlink = f"#{target}"
            page.cell(number, 1).style = "Hyperlink"
    page.freeze_panes = "A2"
