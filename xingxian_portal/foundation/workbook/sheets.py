"""What a sheet that goes out is made of: columns, and the line that says as of when, who, and which filter."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.utils import timezone

from xingxian_portal.foundation import clock

LONGEST_TAB = 31
NARROW = 0.55  # the width of a letter beside a full-width character


def tab_name(name: str) -> str:
    """Give a name that the tab of a sheet can bear, whatever is in it."""
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:LONGEST_TAB]


class Kind(StrEnum):
    """How a column's values stand in their cells."""

    TEXT = "text"  # to the left, broken into lines
    SHORT = "short"  # text in the middle
    COUNT = "count"
    AMOUNT = "amount"  # two decimals
    RATE = "rate"  # per cent with one decimal; the value is 0 to 100
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """One column: its head, its width in full-width characters, its kind, and the head it shares with its neighbours."""

    label: str
    width: float = 8
    kind: Kind = Kind.TEXT
    group: str = ""
    merges: bool = False  # values that the row above has too are pale; on a sheet of one page they are one tall cell

    @property
    def whole_label(self) -> str:
        """Give the head as it stands where there is but one row of heads."""
        return f"{self.group}：{self.label}" if self.group else self.label


@dataclass(frozen=True)
class Lit:
    """A value on a ground of a colour (a light of the wall); `tone` names it in the book's table of tones."""

    value: Any
    tone: str


@dataclass(frozen=True)
class About:
    """What the sheet says of itself below its title: as of when, who made it, what is in it."""

    by: str
    at: dt.datetime = field(default_factory=clock.now)
    scope: str = ""
    filters: Sequence[str] = ()
    count: int | None = None

    @property
    def words(self) -> str:
        """Give the line."""
        parts = [
            f"数据截至：{timezone.localtime(self.at):%Y-%m-%d %H:%M}",
            f"范围：{self.scope}" if self.scope else "",
            f"筛选：{'、'.join(self.filters)}" if self.filters else "",
            f"共 {self.count} 行" if self.count is not None else "",
            f"导出人：{self.by}" if self.by else "",
        ]
        return "　".join(filter(None, parts))


@dataclass(frozen=True)
class Sheet:
    """One sheet: its name on the tab, its title, what it says of itself, its columns and rows, its paper.

    A row is one value a column: text, a number, a date, a moment, None, or a value `Lit` with a colour. `notes`
    stand below the table, `label` (附件) above the title.
    """

    name: str
    title: str
    about: About | None
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    label: str = ""
    paper: str = "A4"
    landscape: bool = True
    notes: Sequence[str] = ()
    frozen: int = 1  # columns that stay in view
    one_page: bool = False  # made so small that one sheet of paper holds it


def width(text: str) -> float:
    """Give how many full-width characters a text takes; whatever is not ASCII counts as one."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow + narrow * NARROW


def lines(text: str, room: float) -> int:
    """Give how many lines a text takes in a cell of so many full-width characters."""
    room = max(room - 0.5, 1)
    if len(text) <= room and "\n" not in text:
        return 1
    return sum(max(1, math.ceil(width(line) / room)) for line in text.split("\n"))
