"""Big tables out: the same sheet, row after row onto the disk, with memory that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import IO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation.workbook.cell_writer import CellWriter
from xingxian_portal.foundation.workbook.printed import begin, height
from xingxian_portal.foundation.workbook.sheets import Sheet

TELL_EVERY = 1000


def streamed(sheets: Sheet | Iterable[Sheet], out: IO[bytes], *, tell: Callable[[int], None] | None = None) -> int:
    """Write one sheet or several into `out` and give the number of their rows; `tell` hears every thousand rows how many they are.

    Columns that merge and notes below are for printed sheets: here every row stands whole, and has a filter above it.
    """
    count = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        writer = CellWriter(book)
        for sheet in [sheets] if isinstance(sheets, Sheet) else sheets:
            for _ in _rows(writer, book.add_worksheet(sheet.name), sheet):
                count += 1
                if tell and count % TELL_EVERY == 0:
                    tell(count)
    return count


def _rows(writer: CellWriter, page: Worksheet, sheet: Sheet) -> Iterator[int]:
    """Write the sheet, giving the number of each row as it is written."""
    first = number = begin(writer, page, sheet, flat=True)
    kinds = [column.kind for column in sheet.columns]
    for number, row in enumerate(sheet.rows, first):
        page.set_row(number, height(row, sheet.columns))
        for place, value in enumerate(row):
            writer.put(page, number, place, value, kinds[place])
        yield number
    page.autofilter(first - 1, 0, number, len(kinds) - 1)
