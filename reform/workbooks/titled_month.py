"""The month that a sheet's own title names: rows of June are not taken for December."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reform.desk import month_words
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.contents import RawSheet
from xingxian_portal.foundation.workbook.reading import Reading

MONTH = re.compile(r"(\d{4})年(\d{1,2})月(?!\d{1,2}日)")


def require(sheets: Sequence[RawSheet], found: Reading, occurrence: str) -> None:
    """Raise Refused when what stands above the labels names a month, and not that of `occurrence` (2022-06)."""
    meant = month_words(occurrence)
    raw = next((sheet for sheet in sheets if sheet.name == found.sheet), None)
    if not meant or raw is None:
        return
    above = (cell_values.squeezed(value) for row in raw.rows[: found.header_row - 1] for value in row)
    named = [f"{year}年{int(month)}月" for words in above for year, month in MONTH.findall(words)]
    if named and meant not in named:
        raise Refused(f"表的标题写的是{named[0]}，您选择的是{meant}。请核对后选对月份，或改正标题。")
