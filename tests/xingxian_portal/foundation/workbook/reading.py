"""Reads a workbook we wrote with two other libraries than the one that wrote it."""

import io

from openpyxl import load_workbook
from python_calamine import CalamineWorkbook


def values(data: bytes, number: int = 0) -> list[list]:
    """Give the values of a sheet as calamine reads them, "" where a cell is empty."""
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(number).to_python(skip_empty_area=False)


def page(data: bytes, name: str | None = None):
    """Give a sheet with its looks as openpyxl reads it."""
    book = load_workbook(io.BytesIO(data))
    return book[name] if name else book.worksheets[0]
