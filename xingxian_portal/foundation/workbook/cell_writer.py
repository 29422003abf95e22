"""Writing one value into one cell: text as text, numbers and dates as such, each kind of column in its look."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.sheets import Kind, Lit

BODY_FONT, HEAD_FONT, TITLE_FONT = "宋体", "黑体", "方正小标宋简体"
BODY = {"font_name": BODY_FONT, "font_size": 10, "border": 1, "valign": "vcenter", "text_wrap": True}
AGAIN = "again"  # the tone of what the row above says too
LOOKS: dict[str, dict[str, Any]] = {
    "title": {"font_name": TITLE_FONT, "font_size": 18, "align": "center", "valign": "vcenter", "text_wrap": True},
    "label": {"font_name": HEAD_FONT, "font_size": 12},
    "about": {"font_name": BODY_FONT, "font_size": 9, "valign": "vcenter", "text_wrap": True},
    "note": {"font_name": BODY_FONT, "font_size": 9, "valign": "top", "text_wrap": True},
    "head": {
        "font_name": HEAD_FONT, "font_size": 10, "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True,
        "bg_color": "#EEF1F4",
    },
    Kind.TEXT: {"align": "left"},
    Kind.SHORT: {"align": "center"},
    Kind.COUNT: {"align": "center", "num_format": "0"},
    Kind.AMOUNT: {"align": "right", "num_format": "#,##0.00"},
    Kind.RATE: {"align": "center", "num_format": '0.0"%"'},
    Kind.DAY: {"align": "center", "num_format": "yyyy-mm-dd"},
    Kind.MOMENT: {"align": "center", "num_format": "yyyy-mm-dd hh:mm"},
}  # fmt: skip
Tone = Mapping[str, Any]


class CellWriter:
    """Writes cells of one book, which holds each look it needs once; `tones` are the colours that `Lit` values name."""

    def __init__(self, book: xlsxwriter.Workbook, tones: Mapping[str, Tone] | None = None) -> None:
        self._book = book
        self._tones = {AGAIN: {"font_color": "#767676"}} | dict(tones or {})
        self._formats: dict[tuple[str, str, bool], Format] = {}

    def look(self, name: str, tone: str = "", *, quoted: bool = False) -> Format:
        """Give the look of this name on the ground of this tone."""
        key = (name, tone, quoted)
        if key not in self._formats:
            base = BODY if isinstance(name, Kind) else {}
            self._formats[key] = self._book.add_format(base | LOOKS[name] | dict(self._tones.get(tone, {})))
            self._formats[key].set_quote_prefix(quoted)
        return self._formats[key]

    def put(self, sheet: Worksheet, row: int, column: int, value: Any, name: str, tone: str = "") -> None:
        """Write the value at row and column (from 0) in the look."""
        if type(value) is str:  # most are
            text = safe(value)
            sheet.write_string(row, column, text, self.look(name, tone, quoted=needs_quote(value)))
        elif isinstance(value, Lit):
            self.put(sheet, row, column, value.value, name, value.tone)
        elif value is None:
            sheet.write_blank(row, column, None, self.look(name, tone))
        elif isinstance(value, bool):
            sheet.write_string(row, column, "是" if value else "否", self.look(name, tone))
        elif isinstance(value, int | float | Decimal):
            sheet.write_number(row, column, value, self.look(name, tone))
        elif isinstance(value, dt.date):  # a moment is one too
            sheet.write_datetime(row, column, _plain(value), self.look(name, tone))
        else:
            self.put(sheet, row, column, str(value), name, tone)


def _plain(value: dt.date) -> dt.date:
    """Give the moment as the county's clock shows it: a workbook knows no time zones."""
    return timezone.localtime(value).replace(tzinfo=None) if isinstance(value, dt.datetime) and value.tzinfo else value
