"""Rates of filing and closing: what is due and not excused is the denominator, and nothing else is ever counted.

Pure functions over dates of Asia/Shanghai. A granted extension counts from the start: callers pass the date in force
now, also when they ask about a day before it was granted. Duties without a date and roll-ups of a lead stand outside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from reform.states import EXCUSED, State


@dataclass(frozen=True, slots=True)
class Row:
    """What the rates ask of one obligation."""

    state: str
    due_on: dt.date | None = None
    first_filed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Rates:
    """How many were due, and of those how many were filed, filed on time and closed."""

    due: int = 0
    filed: int = 0
    on_time: int = 0
    closed: int = 0

    @property
    def on_time_rate(self) -> Decimal | None:
        """Give the share filed on time in per cent, None when nothing was due."""
        return self._share(self.on_time)

    @property
    def closed_rate(self) -> Decimal | None:
        """Give the share closed in per cent, None when nothing was due."""
        return self._share(self.closed)

    def _share(self, part: int) -> Decimal | None:
        if not self.due:
            return None
        # Rounded down: 999 of 1000 must not look like all of them.
        return (Decimal(part * 100) / self.due).quantize(Decimal("0.1"), ROUND_DOWN)


def counts(row: Row, on: dt.date) -> bool:
    """Say whether the row is in the denominator on a day: it is due by the day's end and not excused."""
    return row.due_on is not None and row.due_on <= on and row.state not in EXCUSED


def filed_by(row: Row, on: dt.date) -> bool:
    """Say whether a counted filing was there by the day's end."""
    return row.first_filed_on is not None and row.first_filed_on <= on


def on_time(row: Row, on: dt.date) -> bool:
    """Say whether the first counted filing came on or before the due date; a return never changes that."""
    return (
        filed_by(row, on)
        and row.due_on is not None
        and row.first_filed_on is not None
        and row.first_filed_on <= row.due_on
    )


def rates(rows: Iterable[Row], on: dt.date) -> Rates:
    """Give the rates on a day over rows as they stood at its end."""
    due = [row for row in rows if counts(row, on)]
    return Rates(
        due=len(due),
        filed=sum(filed_by(row, on) for row in due),
        on_time=sum(on_time(row, on) for row in due),
        closed=sum(row.state == State.CLOSED for row in due),
    )
