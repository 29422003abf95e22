"""A sheet that comes in, on its way out: the same labels and cells, so that what was taken out goes in again unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from xingxian_portal.foundation.workbook import columns, kinds, sheets
from xingxian_portal.foundation.workbook.plans import Values
from xingxian_portal.foundation.workbook.resource import SheetResource

SHORTEST = 10  # in digits: a column below it holds a word or a number, in the middle of its cell


def heads(sheet: SheetResource) -> list[sheets.Column]:
    """Give the columns as they are printed, widths in full-width characters."""
    return [
        sheets.Column(column.label, column.width / 2, _kind(column)) for column in sheet.columns.values()
    ]  # fmt: skip


def _kind(column: columns.Column) -> sheets.Kind:
    match column.kind:
        case kinds.Day():
            return sheets.Kind.DAY
        case kinds.Whole():
            return sheets.Kind.COUNT
        case kinds.Amount():
            return sheets.Kind.AMOUNT
    return sheets.Kind.SHORT if column.width <= SHORTEST else sheets.Kind.TEXT


def rows(sheet: SheetResource, found: Iterable[Values]) -> Iterator[list[Any]]:
    """Give rows of values, by the name of their column, as they stand in cells."""
    for values in found:
        yield [column.kind.render(values.get(name)) for name, column in sheet.columns.items()]
