"""The wall's columns: every node of the plan in force on the day, in date order, and nodes that still have rows.

After the dated nodes stand those without a date, at the right end the continuous duties.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from reform import deadlines, openings
from reform.models import Milestone, Plan
from reform.wall_rows import Standing
from reform.wall_source import Ground

DATED, UNDATED, CONTINUOUS = "dated", "undated", "continuous"
# A node that the plan in force no longer has, and its date.
Dropped = tuple[tuple[str, str], dt.date | None]


@dataclass(frozen=True)
class Column:
    """One node: an occurrence of a milestone. `planned` says whether units without a row owe it all the same."""

    milestone: Milestone
    occurrence: deadlines.Occurrence
    place: int = 0
    planned: bool = False
    virtual: bool = False
    confirmed: bool = True

    @cached_property
    def key(self) -> tuple[str, str]:
        """Name the node: milestone and occurrence."""
        return (self.milestone.code, self.occurrence.key)

    @cached_property
    def name(self) -> str:
        """Name the node in an address."""
        return f"{self.milestone.code}.{self.occurrence.key}"

    @cached_property
    def due_on(self) -> dt.date | None:
        """Give the plan's date; a single row may have been given another."""
        return self.occurrence.due_on

    @cached_property
    def part(self) -> str:
        """Say in which part of the wall it stands."""
        if self.milestone.kind == deadlines.CONTINUOUS:
            return CONTINUOUS
        return DATED if self.due_on else UNDATED

    @property
    def order(self) -> tuple[int, dt.date, int, int, str]:
        """Give its place: dated nodes by date, then the undated, then the continuous, each in the plan's order."""
        part = (DATED, UNDATED, CONTINUOUS).index(self.part)
        task = self.milestone.task
        return (part, self.due_on or dt.date.max, task.position, self.milestone.position, self.milestone.code)


def columns(ground: Ground, rows: Iterable[Standing], *, at: dt.datetime, looks_ahead: bool) -> tuple[Column, ...]:
    """Give the columns in order as of the moment `at`; `rows` are those that were there by then.

    `looks_ahead` says that `at` has not come yet: occurrences that will be open by then count as open, with rows
    nobody has filed for.
    """
    known = {column.key for column in _in_order(ground, at, looks_ahead, ())}
    return _in_order(ground, at, looks_ahead, tuple(sorted(_dropped(rows, known).items())))


@lru_cache(maxsize=32)
def _in_order(ground: Ground, at: dt.datetime, looks_ahead: bool, dropped: tuple[Dropped, ...]) -> tuple[Column, ...]:
    plan = ground.in_force(at)
    found = list(_nodes(ground, plan))
    found += [Column(_last_known(ground, code), deadlines.Occurrence(key, due_on)) for (code, key), due_on in dropped]
    opened = {key for key, moment in ground.openings.items() if moment < at}
    stated = (_with_state(column, plan, opened, at, looks_ahead) for column in found)
    ordered = sorted(stated, key=lambda column: column.order)
    return tuple(replace(column, place=place) for place, column in enumerate(ordered))


def _dropped(rows: Iterable[Standing], known: Container[tuple[str, str]]) -> dict[tuple[str, str], dt.date | None]:
    # An extension may have moved a row's own date; the earliest of them was the node's.
    found: dict[tuple[str, str], dt.date | None] = {}
    for row in rows:
        if (key := row.key) not in known:
            found[key] = min(filter(None, (found.get(key), row.facts.due_on)), default=None)
    return found


def _nodes(ground: Ground, plan: Plan) -> Iterable[Column]:
    for milestone in ground.milestones.get(plan.pk, ()):
        confirmed = milestone.confirmed and all(party.confirmed for party in ground.parties.get(milestone.pk, ()))
        for occurrence in occurrences(ground, milestone, plan):
            yield Column(milestone, occurrence, planned=True, confirmed=confirmed)


def occurrences(ground: Ground, milestone: Milestone, plan: Plan) -> list[deadlines.Occurrence]:
    """Give the milestone's occurrences, counted from the version in which it first stood."""
    codes = {version.pk: {m.code for m in ground.milestones.get(version.pk, ())} for version in ground.versions}
    earlier = (v for v in ground.versions if v.version <= plan.version and milestone.code in codes[v.pk])
    return openings.occurrences_of(milestone, plan, ground.workdays, next(earlier, plan))


def _last_known(ground: Ground, code: str) -> Milestone:
    # What an amendment dropped keeps its column as long as it has rows; the newest version that knew it names it.
    known = (m for plan in reversed(ground.versions) for m in ground.milestones.get(plan.pk, ()) if m.code == code)
    return next(known)


def _with_state(column: Column, plan: Plan, opened: set[tuple[str, str]], at: dt.datetime, looks_ahead: bool) -> Column:
    if not column.planned or column.key in opened or openings.was_over(plan, column.occurrence):
        return replace(column, planned=False)
    return replace(column, virtual=looks_ahead and openings.opening_moment(plan, column.occurrence) < at)
