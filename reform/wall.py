"""挂图作战: units × nodes as a value, for today, for any past day, and for a day to come if nothing more is filed.

A unit has a cell where it owes the node and nowhere else (rules: who is bound to what). A lead that does not owe the
node itself has a roll-up of those who do, outside of every rate.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import NamedTuple

from liaisons.membership import Memberships
from liaisons.models import Unit
from reform import binding, deadlines, wall_columns, wall_rows
from reform.lights import Day, Facts, Light, worst
from reform.models import Plan
from reform.openings import first_state
from reform.wall_columns import Column
from reform.wall_rows import Standing
from reform.wall_source import Ground, Source
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


def of(source: Source, on: dt.date, today: dt.date) -> Grid:
    """Give the wall of `on`; made once for as long as nothing it depends on changes. One query when made."""
    return _kept(source, on, today)


@lru_cache(maxsize=16)
def _kept(source: Source, on: dt.date, today: dt.date) -> Grid:
    rows = wall_rows.at_the_end_of(on, source.series) if on < today else wall_rows.now(source.series)
    return build(source.ground, rows, on, today)


# By the column's place, then by the unit's id.
Cells = dict[int, dict[int, Cell]]


def build(ground: Ground, rows: Sequence[Standing], on: dt.date, today: dt.date) -> Grid:
    """Make the grid from rows as they stood at the end of `on`, or as they stand now for today and days to come."""
    at = clock.day_end(on)
    columns = wall_columns.columns(ground, rows, at=at, looks_ahead=on > today)
    memberships, lamp = Memberships(on, ground.tables), _Lamp(Day(on, ground.workdays))
    cells = _of_rows(rows, columns, lamp, ground)
    _add_planned(cells, columns, lamp, ground, memberships)
    _light_continuous(cells, columns, lamp.day)
    _add_rollups(cells, columns, ground, memberships)
    columns = [column for column in columns if cells[column.place]]
    return Grid(on, today, ground.in_force(at), tuple(columns), _lines(cells, columns, ground))


class _Lit(NamedTuple):
    """What follows from a row's facts on a day; the middle of a cell."""

    light: Light
    facts: Facts
    counts: bool
    is_owed: bool
    is_done: bool
    is_due: bool
    days: int | None


class _Lamp:
    """Lights what can be closed, equal facts once."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self._lit: dict[int, _Lit] = {}

    def cell(self, unit: Unit, column: Column, facts: Facts, pk: int | None = None) -> Cell:
        """Give the cell of a row, or of one that will have been opened; a continuous duty is lit later."""
        if column.part == wall_columns.CONTINUOUS:
            return Cell(unit, column, Light.IDLE, facts, pk=pk)
        lit = self._lit.get(id(facts))
        if lit is None:
            lit = self._lit[id(facts)] = self._light(facts)
        return Cell(unit, column, *lit, pk)

    def _light(self, facts: Facts) -> _Lit:
        light = self.day.light(facts)
        due = facts.due_on is not None and facts.due_on <= self.day.on
        return _Lit(light, facts, True, light != Light.EXCUSED, light in DONE, due, self.day.days_left(facts))

    def planned(self, unit: Unit, column: Column, facts: Facts) -> Cell:
        """Give the cell of what nobody was given yet: idle, and not due even where the job that opens is behind."""
        counts = column.part != wall_columns.CONTINUOUS
        return Cell(unit, column, Light.IDLE, facts, counts, counts, days=self.day.days_left(facts))


def _of_rows(rows: Iterable[Standing], columns: Iterable[Column], lamp: _Lamp, ground: Ground) -> Cells:
    by_key = {column.key: column for column in columns}
    units = ground.tables.units
    cells: Cells = {column.place: {} for column in by_key.values()}
    for row in rows:
        column = by_key[row.key]
        cells[column.place][row.unit] = lamp.cell(units[row.unit], column, row.facts, row.pk)
    return cells


def _add_planned(
    cells: Cells, columns: Iterable[Column], lamp: _Lamp, ground: Ground, memberships: Memberships
) -> None:
    for column in columns:
        if not column.planned:
            continue
        facts = Facts(first_state(column.milestone.kind) if column.virtual else "", column.due_on)
        made = lamp.cell if column.virtual else lamp.planned
        for unit in binding.roles_of(ground.parties.get(column.milestone.pk, ()), memberships):
            cells[column.place].setdefault(unit.pk, made(unit, column, facts))


def _light_continuous(cells: Cells, columns: Sequence[Column], day: Day) -> None:
    monthly = [column for column in columns if column.milestone.kind == deadlines.MONTHLY]
    reports = _last_reports((cell for column in monthly for cell in cells[column.place].values()), day)
    for column in columns:
        if column.part == wall_columns.CONTINUOUS:
            for unit, cell in cells[column.place].items():
                if cell.facts.state:
                    light = day.continuous_light(cell.facts.state, reports.get(unit))
                    cells[column.place][unit] = cell._replace(light=light)


def _last_reports(cells: Iterable[Cell], day: Day) -> dict[int, Facts]:
    """Give for each unit the monthly report that fell due last; of two of one day the one not filed in time."""
    due: dict[int, list[Facts]] = defaultdict(list)
    for cell in cells:
        if cell.facts.due_on and cell.facts.due_on < day.on:
            due[cell.unit.pk].append(cell.facts)
    return {unit: max(facts, key=_last_and_worst) for unit, facts in due.items()}


def _last_and_worst(facts: Facts) -> tuple[dt.date, dt.date]:
    assert facts.due_on
    return facts.due_on, facts.first_filed_on or dt.date.max


def _add_rollups(cells: Cells, columns: Iterable[Column], ground: Ground, memberships: Memberships) -> None:
    for column in columns:
        of_others = list(cells[column.place].values())
        for lead in binding.roles_of(ground.leads.get(column.milestone.task_id, ()), memberships):
            if of_others and lead.pk not in cells[column.place]:
                cells[column.place][lead.pk] = _rollup(lead, column, of_others)


def _rollup(lead: Unit, column: Column, of_others: list[Cell]) -> Cell:
    bound = [cell.light for cell in of_others if cell.light != Light.EXCUSED]
    light = worst(bound) if bound else Light.EXCUSED
    done = sum(light in DONE for light in bound)
    return Cell(lead, column, light, Facts("", column.due_on), rollup=(done, len(bound)))


def _lines(cells: Cells, columns: Sequence[Column], ground: Ground) -> tuple[Line, ...]:
    there = {unit for column in cells.values() for unit in column}
    units = sorted((ground.tables.units[pk] for pk in there), key=official_order)
    return tuple(Line.of(unit, [cells[column.place].get(unit.pk) for column in columns]) for unit in units)


def official_order(unit: Unit) -> tuple[bool, int, str]:
    """Order units as the wall does: departments, then townships, each in official order."""
    return (unit.kind == Unit.TOWNSHIP, unit.position, unit.code)
