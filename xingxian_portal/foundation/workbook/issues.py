"""What is wrong or worth knowing about a cell, a row or a file: where it stands, what it holds, what would be accepted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from xingxian_portal.foundation.workbook import cell_values

ERROR, WARNING = "error", "warning"
LONGEST_VALUE = 80


@dataclass(frozen=True)
class Issue:
    """One issue; `row` is the sheet's own number, 0 for the file as a whole."""

    message: str
    sheet: str = ""
    cell: str = ""
    row: int = 0
    label: str = ""
    value: str = ""
    code: str = "invalid"
    level: str = ERROR
    accepted: Sequence[str] = field(default_factory=list)

    @property
    def is_error(self) -> bool:
        """Say whether it keeps the row out."""
        return self.level == ERROR


def shown(value: Any) -> str:
    """Give a cell's value as an issue shows it, cut short."""
    found = cell_values.text(value)
    return found if len(found) <= LONGEST_VALUE else f"{found[:LONGEST_VALUE]}…"


def letters(column: int) -> str:
    """Give the letters of a column counted from 0: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
