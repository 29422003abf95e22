"""The wall as a value: cells, lines, columns of one plan on one day, and how a part of it is cut out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from liaisons.models import Unit
from reform import wall_columns
from reform.lights import Facts, Light
from reform.models import Plan
from reform.wall_columns import Column
from xingxian_portal.foundation import clock

DONE = frozenset({Light.CLOSED, Light.LATE_CLOSED})
DEPARTMENTS, TOWNSHIPS = "县直部门", "乡镇人民政府"


class Cell(NamedTuple):
    """One unit's share of one node, or a lead's roll-up (`rollup`: done, bound) of the others'.

    `days` are the calendar days left until the day that counts; `is_due` says whether it has fallen due by the day of
    the wall, that day included. `counts` says whether it can be closed and so belongs to rates (roll-ups and
    continuous duties do not), `is_owed` whether it is not excused as well: what a rate is taken of. `pk` is the
    obligation, None where there is no row (yet).
    """

    unit: Unit
    column: Column
    light: Light
    facts: Facts
    counts: bool = False
    is_owed: bool = False
    is_done: bool = False
    is_due: bool = False
    days: int | None = None
    pk: int | None = None
    rollup: tuple[int, int] | None = None

    @property
    def is_continuous(self) -> bool:
        """Say whether the duty goes on without anything to close."""
        return self.column.part == wall_columns.CONTINUOUS

    @property
    def days_over(self) -> int:
        """Give the calendar days since the day that counts."""
        return -self.days if self.days else 0

    @property
    def is_filed(self) -> bool:
        """Say whether a filing counts."""
        return self.facts.first_filed_on is not None


@dataclass(frozen=True)
class Line:
    """One unit with its cells, one for each column or None; `closed` of `owed` duties are closed."""

    unit: Unit
    cells: tuple[Cell | None, ...]
    closed: int
    owed: int

    @classmethod
    def of(cls, unit: Unit, cells: Iterable[Cell | None]) -> Line:
        """Give the line of these cells, its tally counted over them."""
        cells = tuple(cells)
        owed = [cell for cell in cells if cell and cell.is_owed]
        return cls(unit, cells, sum(cell.is_done for cell in owed), len(owed))

    @property
    def section(self) -> str:
        """Give the heading under which the unit stands."""
        return TOWNSHIPS if self.unit.kind == Unit.TOWNSHIP else DEPARTMENTS


@dataclass(frozen=True)
class Grid:
    """The wall of a plan on a day."""

    on: dt.date
    today: dt.date
    plan: Plan
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    @cached_property
    def cells(self) -> list[Cell]:
        """Give every cell, column by column and in a column from top to bottom."""
        return [cell for column in zip(*(line.cells for line in self.lines), strict=True) for cell in column if cell]

    @property
    def today_place(self) -> int:
        """Give how many columns lie before the line of the day: nodes whose date has passed."""
        return sum(column.part == wall_columns.DATED and column.due_on < self.on for column in self.columns)  # type: ignore[operator] # a dated column has a date

    @property
    def is_issued(self) -> bool:
        """Say whether the plan was in force by the end of the day."""
        return bool(self.plan.issued_at and self.plan.issued_at < clock.day_end(self.on))

    def narrowed(self, keep: Callable[[Cell], bool]) -> Grid:
        """Give the grid of the cells that `keep` lets through, without the lines and columns this leaves empty."""
        kept = [Line.of(line.unit, (c if c and keep(c) else None for c in line.cells)) for line in self.lines]
        kept = [line for line in kept if any(line.cells)]
        return self.cut(kept, [place for place in range(len(self.columns)) if any(line.cells[place] for line in kept)])

    def cut(self, lines: Iterable[Line], places: Sequence[int]) -> Grid:
        """Give only these lines and the columns at these places; the lines' tallies stay what they were."""
        kept = (replace(line, cells=tuple(line.cells[place] for place in places)) for line in lines)
        return replace(self, lines=tuple(kept), columns=tuple(self.columns[place] for place in places))


def official_order(unit: Unit) -> tuple[bool, int, str]:
    """Order units as the wall does: departments, then townships, each in official order."""
    return (unit.kind == Unit.TOWNSHIP, unit.position, unit.code)
