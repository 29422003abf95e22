"""A data item in a cell: read as the form reads it, written as what it is; an empty cell leaves what is there."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from reform import data_values
from reform.models import DataItem
from reform.task_figures import NUMBERS
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Kind, Unacceptable

FORMATS = {DataItem.COUNT: "0", DataItem.AMOUNT: "0.00", DataItem.DATE: "yyyy-mm-dd"}
HINTS = {DataItem.COUNT: "整数", DataItem.AMOUNT: "数字，最多两位小数", DataItem.DATE: "日期，如 2022-06-30"}


class Figure(Kind):
    """The value of one data item, as its canonical text."""

    def __init__(self, item: DataItem) -> None:
        super().__init__()
        self.item = item
        self.options = [data_values.YES, data_values.NO] if item.kind == DataItem.YES_NO else item.choices
        self.cell_format = FORMATS.get(item.kind, "@")
        self.hint = "；".join(filter(None, [HINTS.get(item.kind, ""), "空着的不改动"]))

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the value; raises Unacceptable in the words of the form."""
        day = cell_values.day(value) if self.item.kind == DataItem.DATE else None
        try:
            return data_values.read(self.item, cell_values.text(day or value)).text
        except data_values.BadValue as bad:
            raise Unacceptable(str(bad), self.options) from bad

    def settle(self, value: Any, before: Any) -> Any:
        """Give what is there for an empty cell and for the same number written otherwise."""
        if not value or (before and self._number(value) is not None and self._number(value) == self._number(before)):
            return before or ""
        return value

    def _number(self, text: str) -> Decimal | None:
        if self.item.kind not in NUMBERS:
            return None
        try:
            return data_values.read(self.item, text).number
        except data_values.BadValue:  # a draft keeps what was typed, right or wrong
            return None

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        """Give a number as a number, a day as a day."""
        if self.item.kind in NUMBERS:
            number = self._number(value or "")
            return value if number is None else number
        if self.item.kind == DataItem.DATE and value:
            try:
                return dt.date.fromisoformat(value)
            except ValueError:
                return value
        return value
