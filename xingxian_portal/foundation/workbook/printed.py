"""Sheets as people print them: a title across, a line that says as of when and by whom, ruled rows, page x of y.

    data = printed([Sheet("名单", "推行柔性执法相关工作联络员名单", About(by="王某"), columns, rows, label="附件")])

For tables of some thousand rows; more go out by `streamed`, which keeps no row in memory.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation.workbook.cell_writer import AGAIN, CellWriter, Tone
from xingxian_portal.foundation.workbook.sheets import Column, Lit, Sheet, lines

PAPERS = {"A4": 9, "A3": 8}
LINE, LEAST, TALLEST = 14.0, 22.0, 400.0  # points of a row
UNIT = 2.0  # a full-width character in Excel's units of width, which are those of a digit


def printed(sheets: Iterable[Sheet], tones: Mapping[str, Tone] | None = None) -> bytes:
    """Give the workbook of these sheets."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        writer = CellWriter(book, tones)
        for sheet in sheets:
            _write(writer, book.add_worksheet(sheet.name), sheet)
    return out.getvalue()


def _write(writer: CellWriter, page: Worksheet, sheet: Sheet) -> None:
    rows = [list(row) for row in sheet.rows]
    first = begin(writer, page, sheet)
    above: Sequence[Any] = []
    for number, row in enumerate(rows, first):
        page.set_row(number, height(row, sheet.columns, merged=sheet.one_page))
        again = _again(row, above, sheet.columns)
        for place, (value, column) in enumerate(zip(row, sheet.columns, strict=True)):
            writer.put(page, number, place, value, column.kind, AGAIN if place in again else "")
        above = row
    if sheet.one_page:  # over a page's end a tall cell would be blank
        _merge_down(writer, page, sheet.columns, rows, first)
    last = len(sheet.columns) - 1
    room = sum(column.width for column in sheet.columns)
    for number, note in enumerate(sheet.notes, first + len(rows)):
        across(writer, page, number, last, note, "note")
        page.set_row(number, lines(note, room) * LINE + 4)


def begin(writer: CellWriter, page: Worksheet, sheet: Sheet, *, flat: bool = False) -> int:
    """Set up the page and write what stands above the rows, heads in one row when `flat`; gives the first row."""
    columns, row = sheet.columns, 0
    last = len(columns) - 1
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width * UNIT)
    if sheet.label:
        writer.put(page, row, 0, sheet.label, "label")
        row += 1
    page.set_row(row, 36)
    across(writer, page, row, last, sheet.title, "title")
    row += 1
    if sheet.about:
        room = sum(column.width for column in columns)
        page.set_row(row, max(LEAST, lines(sheet.about.words, room) * LINE))
        across(writer, page, row, last, sheet.about.words, "about")
        row += 1
    first = _heads(writer, page, columns, row, flat=flat)
    _paper(page, sheet, heads=(row, first - 1))
    return first


def across(writer: CellWriter, page: Worksheet, row: int, last: int, text: str, look: str) -> None:
    """Write a text over the whole width of the table."""
    if last:
        page.merge_range(row, 0, row, last, "", writer.look(look))
    writer.put(page, row, 0, text, look)


def _heads(writer: CellWriter, page: Worksheet, columns: Sequence[Column], row: int, *, flat: bool) -> int:
    """Write the heads in one row, or in two where columns share one; gives the row below them."""
    deep = not flat and any(column.group for column in columns)
    for number in range(row, row + 1 + deep):
        page.set_row(number, _head_height(columns, deep=deep))
    place = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        shared = list(members)
        if group and deep:
            _over(writer, page, (row, place, row, place + len(shared) - 1), group)
        for column in shared:
            _over(
                writer,
                page,
                (row + bool(group and deep), place, row + deep, place),
                column.label if deep else column.whole_label,
            )
            place += 1
    return row + 1 + deep


def _over(writer: CellWriter, page: Worksheet, area: tuple[int, int, int, int], text: str) -> None:
    if area[:2] != area[2:]:
        page.merge_range(*area, "", writer.look("head"))
    writer.put(page, area[0], area[1], text, "head")


def _head_height(columns: Sequence[Column], *, deep: bool) -> float:
    return max(
        LEAST, 4 + LINE * max(lines(column.label if deep else column.whole_label, column.width) for column in columns)
    )


def _again(row: Sequence[Any], above: Sequence[Any], columns: Sequence[Column]) -> set[int]:
    """Give the places of those cells that say once more what the row above says, from the left to the first that differs."""
    found: set[int] = set()
    for place, column in enumerate(columns):
        if column.merges:
            if not above or row[place] != above[place]:
                break
            found.add(place)
    return found


def height(row: Sequence[Any], columns: Sequence[Column], *, merged: bool = False) -> float:
    """Give the height in which the row's longest text can be read, in points; what is `merged` has the room of many rows."""
    most = 1
    for value, column in zip(row, columns, strict=True):
        text = value.value if isinstance(value, Lit) else value
        if isinstance(text, str) and not (merged and column.merges):
            most = max(most, lines(text, column.width))
    return min(TALLEST, max(LEAST, most * LINE + 4))


def _merge_down(
    writer: CellWriter, page: Worksheet, columns: Sequence[Column], rows: list[list[Any]], first: int
) -> None:
    """Put equal values below each other into one cell; a column further right only within the cells to its left."""
    merging = [place for place, column in enumerate(columns) if column.merges]
    for depth, place in enumerate(merging):
        start = first
        for key, run in groupby(rows, key=lambda row: [row[before] for before in merging[: depth + 1]]):
            end = start + len(list(run)) - 1
            if end > start:
                page.merge_range(start, place, end, place, "", writer.look(columns[place].kind))
                writer.put(page, start, place, key[-1], columns[place].kind)
            start = end + 1


def _paper(page: Worksheet, sheet: Sheet, *, heads: tuple[int, int]) -> None:
    page.set_paper(PAPERS[sheet.paper])
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
    page.fit_to_pages(1, 1 if sheet.one_page else 0)
    page.center_horizontally()
    page.repeat_rows(*heads)
    page.freeze_panes(heads[1] + 1, sheet.frozen)
    said = sheet.about.words.split("　")[0] if sheet.about else ""
    page.set_footer(f"&L&9{said}&C&9第 &P 页，共 &N 页")
