"""Big tables out: the same sheet, row after row onto the disk, with memory that does not grow with the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import IO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation.workbook.cell_writer import CellWriter
from xingxian_portal.foundation.workbook.printed import LEAST, begin, height
from xingxian_portal.foundation.workbook.row_xml import RowXml
from xingxian_portal.foundation.workbook.sheets import Column, Sheet

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
    columns = sheet.columns
    first = number = begin(writer, page, sheet, flat=True)
    page.set_default_row(LEAST)
    page._write_single_row(first)  # ends the heads; what follows goes into the same file, row by row
    row_xml, out = RowXml([partial(_look, writer, column) for column in columns]), page.row_data_fh
    for number, row in enumerate(sheet.rows, first):
        tall = height(row, columns)
        out.write(row_xml.of(number + 1, row, tall if tall > LEAST else 0))
        yield number
    page.dim_rowmax = number
    page.autofilter(first - 1, 0, number, len(columns) - 1)


def _look(writer: CellWriter, column: Column, quoted: bool) -> int:
    return writer.look(column.kind, quoted=quoted)._get_xf_index()
