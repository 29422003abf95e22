"""The sender's own workbook with what is wrong marked in it: mended there, it can be sent again as it is.

Bad cells are red with a note, warnings yellow; a last column 错误说明 says it in words, a sheet 错误清单 lists all. The
reader passes over both. Where a copy would lose something (pictures, charts) or is too large to be copied cell by cell,
the values go into a fresh workbook, and the list says why.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values, fresh_copy
from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.header import LIST_SHEET, SAID
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportIssue

SUFFIX = "（错误标注）"
AUTHOR = "平台检查"
RED, YELLOW = "FFF8CBAD", "FFFFF2CC"
NOTE_LENGTH = 250
HEADS = ("单元格", "列", "填的值", "问题", "可以填")
WIDTHS = (10, 18, 26, 60, 60)


def made(batch: ImportBatch) -> bytes:
    """Give the annotated workbook of a batch that is kept; raises Refused when its file is gone or nothing is wrong."""
    if batch.file is None:
        raise Refused("这份文件已过保存期，请重新上传。")
    issues = list(batch.issues.all())
    if not issues:
        raise Refused("没有需要标注的问题。")
    with batch.file.location.open("rb") as file:
        content = io.BytesIO(file.read())
    why = fresh_copy.reason(content, batch.file.kind)
    book = fresh_copy.of(content) if why else openpyxl.load_workbook(content)
    _mark(book, issues, why)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _mark(book: Workbook, issues: Sequence[ImportIssue], why: str) -> None:
    if LIST_SHEET in book.sheetnames:
        del book[LIST_SHEET]
    by_sheet: dict[str, list[ImportIssue]] = defaultdict(list)
    for issue in issues:
        by_sheet[issue.sheet].append(issue)
    for page in book.worksheets:
        _unmark(page)
        if page.title in by_sheet:
            _mark_sheet(page, by_sheet[page.title])
    _list(book, issues, why)


def _unmark(page: Worksheet) -> None:
    """Take away what an earlier check has marked."""
    for row in page.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark_sheet(page: Worksheet, issues: Sequence[ImportIssue]) -> None:
    by_row: dict[int, list[str]] = defaultdict(list)
    by_cell: dict[str, list[ImportIssue]] = defaultdict(list)
    for issue in issues:
        if issue.cell:
            by_cell[issue.cell].append(issue)
        if issue.row:
            by_row[issue.row].append(f"{issue.label}：{issue.message}" if issue.label else issue.message)
    for address, found in by_cell.items():
        cell = page[address]
        if isinstance(cell, MergedCell):
            continue
        bad = any(one.level == "error" for one in found)
        cell.fill = PatternFill("solid", fgColor=RED if bad else YELLOW)
        said = "\n".join(_said(one) for one in found)
        cell.comment = Comment(said[:NOTE_LENGTH], AUTHOR, height=110, width=260)
    if by_row:
        _say_in_rows(page, by_row)


def _said(issue: ImportIssue) -> str:
    accepted = f"可以填：{'、'.join(issue.accepted)}" if issue.accepted else ""
    return f"{issue.message}{accepted}"


def _say_in_rows(page: Worksheet, by_row: dict[int, list[str]]) -> None:
    """Write the column 错误说明: into the one of an earlier check, else behind the last."""
    place = next(
        (
            (cell.row, cell.column)
            for row in page.iter_rows(max_row=min(by_row))
            for cell in row
            if cell_values.text(cell.value) == SAID
        ),
        None,
    )
    if place:
        for row in page.iter_rows(min_row=place[0] + 1, min_col=place[1], max_col=place[1]):
            if isinstance(row[0], Cell):
                row[0].value = None
    head, column = place or (_head_row(page, min(by_row)), _last_column(page) + 1)
    page.cell(head, column, SAID).font = Font(bold=True)
    page.column_dimensions[get_column_letter(column)].width = 60
    for number, said in by_row.items():
        _write(page, number, column, "；".join(said))


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


def _list(book: Workbook, issues: Iterable[ImportIssue], why: str) -> None:
    page = book.create_sheet(LIST_SHEET)
    start = 1
    if why:
        _write(page, 1, 1, why)
        page.merge_cells("A1:E1")
        page.row_dimensions[1].height = 30
        start = 2
    for place, (head, width) in enumerate(zip(HEADS, WIDTHS, strict=True), 1):
        page.cell(start, place, head).font = Font(bold=True)
        page.column_dimensions[get_column_letter(place)].width = width
    for number, issue in enumerate(issues, start + 1):
        where = issue.cell or (f"第 {issue.row} 行" if issue.row else "整个文件")
        words = (where, issue.label, issue.value, issue.message, "、".join(issue.accepted))
        for place, text in enumerate(words, 1):
            _write(page, number, place, text)
        if issue.cell and issue.sheet in book.sheetnames:
            page.cell(number, 1).hyperlink = f"#'{issue.sheet.replace(chr(39), chr(39) * 2)}'!{issue.cell}"
            page.cell(number, 1).style = "Hyperlink"
    page.freeze_panes = f"A{start + 1}"
