"""A row of a big table as the XML of a sheet, put together without an object for each cell.

The writer of workbooks (XlsxWriter, in the mode that keeps no row) makes the package, the looks and the heads; its own
way from a value to a cell takes four times as long as this. What stands in a cell is the same, as a test shows.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.utils import timezone
from xlsxwriter.utility import xl_col_to_name

from xingxian_portal.foundation.workbook.cell_text import needs_quote, safe
from xingxian_portal.foundation.workbook.sheets import Lit

EPOCH = dt.date(1899, 12, 30)
SECONDS = 24 * 60 * 60
# A text that reads like an escape of the format's own would come back as another character.
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
# Gives the number of the look, plain or quoted, for a cell of the column.
Looks = Sequence[Callable[[bool], int]]


class RowXml:
    """Writes rows of a table whose columns have these looks."""

    def __init__(self, looks: Looks) -> None:
        self._plain = [f'" s="{look(False)}"' for look in looks]
        self._quoted = [f'" s="{look(True)}"' for look in looks]
        self._names = [f'<c r="{xl_col_to_name(place)}' for place in range(len(looks))]

    def of(self, number: int, row: Sequence[Any], height: float = 0) -> str:
        """Give the row with this number (from 1); `height` in points where it is not the usual."""
        tall = f' ht="{height:g}" customHeight="1"' if height else ""
        cells = "".join([self._cell(place, number, value) for place, value in enumerate(row)])
        return f'<row r="{number}"{tall}>{cells}</row>'

    def _cell(self, place: int, number: int, value: Any) -> str:
        start = f"{self._names[place]}{number}"
        if isinstance(value, Lit):  # a big table has no colours
            value = value.value
        if value is None:
            return f"{start}{self._plain[place]}/>"
        if isinstance(value, bool):
            value = "是" if value else "否"
        elif isinstance(value, int | float | Decimal):
            return f"{start}{self._plain[place]}><v>{value}</v></c>"
        elif isinstance(value, dt.date):
            return f"{start}{self._plain[place]}><v>{_serial(value)}</v></c>"
        text = value if isinstance(value, str) else str(value)
        look = (self._quoted if needs_quote(text) else self._plain)[place]
        return f'{start}{look} t="inlineStr"><is><t xml:space="preserve">{_text(text)}</t></is></c>'


def _text(text: str) -> str:
    text = escape(safe(text))
    return _LOOKS_ESCAPED.sub("_x005F_", text) if "_x" in text else text


def _serial(value: dt.date) -> str:
    """Give the day, or the moment as the county's clock shows it, as a workbook counts days."""
    if not isinstance(value, dt.datetime):
        return str((value - EPOCH).days)
    local = timezone.localtime(value) if value.tzinfo else value
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    return repr((local.date() - EPOCH).days + seconds / SECONDS)
