"""The days to come, dry: who will be told what, when and by which way, if nobody files anything more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from liaisons.membership import Memberships
from liaisons.models import LedgerEntry, Unit
from reform import deadlines, openings
from reform.models import Plan, ReminderRule, ReminderStep
from reform.reminders import planning, sources
from reform.reminders.sources import Subject
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

DAYS = 60


@dataclass
class Coming:
    """One step at one moment: each thing it is about with the units and their people, and how many go by which way."""

    at: dt.datetime
    step: ReminderStep
    matters: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    channels: dict[str, int] = field(default_factory=dict)

    @property
    def about(self) -> str:
        """Name the one thing, or say how many there are."""
        return next(iter(self.matters)) if len(self.matters) == 1 else f"{len(self.matters)} 类事项"

    @property
    def units(self) -> int:
        """Give how many units hear it."""
        return len({unit for people in self.matters.values() for unit in people})

    @property
    def is_late(self) -> bool:
        """Say whether only those hear it who have not filed by the due date."""
        return self.step.anchor == ReminderStep.DUE and self.step.offset > 0


def coming(at: dt.datetime, unit: Unit | None = None, days: int = DAYS) -> list[tuple[dt.date, list[Coming]]]:
    """Give the steps of the next days by day, in order; of one unit, or of all and the bureau's own."""
    until = clock.day_end(clock.local_date(at) + dt.timedelta(days=days))
    workdays = Workdays.load()
    lines = planning.Lines(workdays, at, until, every=True)
    names = dict(Unit.objects.values_list("pk", "short_name"))
    found: dict[tuple[dt.datetime, int], Coming] = {}
    for steps, subjects in _subjects(at, until, workdays):
        for subject in subjects:
            if unit and subject.unit_id != unit.pk:
                continue
            for entry, step in lines.of(subject, steps):
                if entry.planned_for > at:
                    _add(found, entry, step, names)
    return _by_day(found.values())


def _subjects(
    at: dt.datetime, until: dt.datetime, workdays: Workdays
) -> Iterator[tuple[list[ReminderStep], Iterable[Subject]]]:
    steps = planning.enabled_steps()
    for applies_to, mine in steps.items():
        yield mine, sources.read(applies_to, at, [])
    if ReminderRule.MONTHLY in steps:
        yield steps[ReminderRule.MONTHLY], _months_to_open(until, workdays)


def _months_to_open(until: dt.datetime, workdays: Workdays) -> Iterator[Subject]:
    """Give the reports of the months that open until then."""
    for plan in Plan.objects.filter(state=Plan.ISSUED):
        by_day: dict[dt.date, Memberships] = {}
        for due in openings.pending(plan, workdays):
            if due.milestone.kind != deadlines.MONTHLY or due.moment > until or not due.occurrence.due_on:
                continue
            day = clock.local_date(due.moment)
            members = by_day.setdefault(day, Memberships(day))
            about = f"{due.milestone.title}（{deadlines.occurrence_words(deadlines.MONTHLY, due.occurrence.key)}）"
            anchors = {ReminderStep.DUE: due.occurrence.due_on, ReminderStep.OPENS: day}
            for row in openings.rows_of(due.milestone, due.occurrence, members):
                key = f"{due.milestone.pk}:{due.occurrence.key}:{row.unit.pk}"
                yield Subject("reform.pending", key, about, row.unit.pk, anchors)


def _add(
    found: dict[tuple[dt.datetime, int], Coming], entry: LedgerEntry, step: ReminderStep, names: dict[int, str]
) -> None:
    group = found.setdefault((entry.planned_for, step.pk), Coming(entry.planned_for, step))
    unit = names.get(entry.unit_id or 0, "县司法局")
    who = f"{entry.post} {entry.addressee}" if entry.post not in entry.addressee else entry.addressee
    people = group.matters.setdefault(entry.about, {}).setdefault(unit, [])
    if who not in people:
        people.append(who)
    way = entry.get_channel_display()
    group.channels[way] = group.channels.get(way, 0) + 1


def _by_day(steps: Iterable[Coming]) -> list[tuple[dt.date, list[Coming]]]:
    days: dict[dt.date, list[Coming]] = {}
    for one in sorted(steps, key=lambda one: (one.at, one.step.rule.position, one.step.order)):
        days.setdefault(clock.local_date(one.at), []).append(one)
    return list(days.items())
