"""挂图作战: units × nodes as a value, for today, for any past day, and for a day to come if nothing more is filed.

A unit has a cell where it owes the node and nowhere else (rules: who is bound to what). A lead that does not owe the
node itself has a roll-up of those who do, outside of every rate.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from liaisons.membership import Memberships
from liaisons.models import Unit
from reform import binding, deadlines, wall_columns, wall_rows
from reform.lights import Day, Facts, Light, worst
from reform.openings import first_state
from reform.wall_columns import Column
from reform.wall_grid import DONE, Cell, Grid, Line, official_order
from reform.wall_rows import Standing
from reform.wall_source import Ground, Source
from xingxian_portal.foundation import clock


def of(source: Source, on: dt.date, today: dt.date) -> Grid:
    """Give the wall of `on`; made once for as long as nothing it depends on changes. One query when made."""
    return _kept(source, on, today)


@lru_cache(maxsize=8)
def _kept(source: Source, on: dt.date, today: dt.date) -> Grid:
    rows = wall_rows.at_the_end_of(on, source.series) if on < today else wall_rows.now(source.series)
    return build(source.ground, rows, on, today)


# By the column's place, then by the unit's id.
Cells = dict[int, dict[int, Cell]]


def build(ground: Ground, rows: Sequence[Standing], on: dt.date, today: dt.date) -> Grid:
    """Make the grid from rows as they stood at the end of `on`, or as they stand now for today and days to come."""
    at = clock.day_end(on)
    columns = wall_columns.columns(ground, rows, at=at, looks_ahead=on > today)
    memberships, lamp = Memberships(on, ground.tables), _lamp(ground, on)
    cells = _of_rows(rows, columns, lamp, ground)
    _add_planned(cells, columns, lamp, ground, memberships)
    _light_continuous(cells, columns, lamp.day)
    _add_rollups(cells, columns, ground, memberships)
    used = tuple(column for column in columns if cells[column.place])
    return Grid(on, today, ground.in_force(at), used, _lines(cells, used, ground))


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
    """Lights what can be closed. Equal facts are one object (`wall_rows`), so each is lit once a day."""

    def __init__(self, day: Day) -> None:
        self.day = day
        # By identity: what is lit holds the facts, so that no other object can come to stand at their address.
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


@lru_cache(maxsize=16)
def _lamp(ground: Ground, on: dt.date) -> _Lamp:
    return _Lamp(Day(on, ground.workdays))


def _of_rows(rows: Iterable[Standing], columns: Iterable[Column], lamp: _Lamp, ground: Ground) -> Cells:
    by_key = {column.key: column for column in columns}
    units, cell = ground.tables.units, lamp.cell
    cells: Cells = {column.place: {} for column in by_key.values()}
    for pk, code, occurrence, unit, facts in rows:
        column = by_key[code, occurrence]
        cells[column.place][unit] = cell(units[unit], column, facts, pk)
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
