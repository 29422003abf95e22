"""Big tables out: the same sheet, row after row onto the disk, with memory that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import IO

import xlsxwriter

from xingxian_portal.foundation.workbook.cell_writer import CellWriter
from xingxian_portal.foundation.workbook.printed import begin, height
from xingxian_portal.foundation.workbook.sheets import Sheet

TELL_EVERY = 1000


def streamed(sheet: Sheet, out: IO[bytes], *, tell: Callable[[int], None] | None = None) -> int:
    """Write the sheet into `out` and give the number of its rows; `tell` hears every thousand rows how many they are.

    Columns that merge and notes below are for printed sheets: here every row stands whole, and has a filter above it.
    """
    count = 0
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        writer = CellWriter(book)
        page = book.add_worksheet(sheet.name)
        first = begin(writer, page, sheet, flat=True)
        kinds = [column.kind for column in sheet.columns]
        for row in sheet.rows:
            page.set_row(first + count, height(row, sheet.columns))
            for place, value in enumerate(row):
                writer.put(page, first + count, place, value, kinds[place])
            count += 1
            if tell and count % TELL_EVERY == 0:
                tell(count)
        page.autofilter(first - 1, 0, first + count - 1, len(kinds) - 1)
    return count
