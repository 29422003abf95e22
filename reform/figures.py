"""The figures above the wall, counted over the very cells the wall shows, so that each leads to its rows.

Nothing can pass 100 %: what is closed is counted among what is due and not excused, and nowhere else.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from reform import deadlines
from reform.lights import Light
from reform.rates import Rates
from reform.wall_grid import Cell, Grid

OVERDUE, REVIEW = Light.OVERDUE, Light.REVIEW


@dataclass(frozen=True)
class MonthReports:
    """The monthly reports that fall due in the month of the day: how many are owed and filed, due when."""

    month: dt.date
    owed: int
    filed: int
    due_on: dt.date
    days_left: int

    @property
    def missing(self) -> int:
        """Give how many are not filed."""
        return self.owed - self.filed

    @property
    def code(self) -> str:
        """Give the month as it stands in an address."""
        return f"{self.month:%Y-%m}"


@dataclass(frozen=True)
class Figures:
    """What is due and not excused, how much of it is closed, what is overdue and what waits for review."""

    due: int
    closed: int
    closed_early: int
    overdue_cells: list[Cell]
    review_cells: list[Cell]
    reports: MonthReports | None

    @property
    def overdue(self) -> int:
        """Give how many duties are overdue."""
        return len(self.overdue_cells)

    @cached_property
    def overdue_units(self) -> int:
        """Give how many units they are spread over."""
        return len({cell.unit.pk for cell in self.overdue_cells})

    @cached_property
    def longest(self) -> int:
        """Give for how many calendar days the oldest of them has been overdue."""
        return max((cell.days_over for cell in self.overdue_cells), default=0)

    @property
    def review(self) -> int:
        """Give how many filings wait for review."""
        return len(self.review_cells)

    @property
    def closed_rate(self) -> Decimal | None:
        """Give the share of what is due that is closed, in per cent rounded down; None when nothing is due."""
        return Rates(due=self.due, closed=self.closed).closed_rate


def of(grid: Grid) -> Figures:
    """Count the cells of the grid; continuous duties, roll-ups of leads and what is excused stand outside."""
    owed = [cell for cell in grid.cells if cell.is_owed]
    due = sum(cell.is_due for cell in owed)
    closed = [cell.is_due for cell in owed if cell.is_done]
    return Figures(
        due=due,
        closed=sum(closed),
        closed_early=len(closed) - sum(closed),
        overdue_cells=[cell for cell in owed if cell.light is OVERDUE],
        review_cells=[cell for cell in owed if cell.light is REVIEW],
        reports=_reports(owed, grid.on),
    )


def _reports(owed: list[Cell], on: dt.date) -> MonthReports | None:
    month = [cell for cell in owed if cell.column.milestone.kind == deadlines.MONTHLY and _same_month(cell, on)]
    if not month:
        return None
    due_on = max(cell.column.due_on for cell in month if cell.column.due_on)
    filed = sum(cell.is_filed for cell in month)
    return MonthReports(on.replace(day=1), len(month), filed, due_on, (due_on - on).days)


def _same_month(cell: Cell, on: dt.date) -> bool:
    due_on = cell.column.due_on
    return due_on is not None and (due_on.year, due_on.month) == (on.year, on.month)
