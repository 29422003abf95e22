"""What a lead (牵头单位) sees of its tasks: how far the units bound by them are, and the lights of each."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet

from liaisons.models import Unit
from reform import deadlines
from reform.lights import NAMES, WORST_FIRST, Light
from reform.lit import Lamp, Lit
from reform.models import Milestone, Obligation, Party, Plan, Task

DONE = frozenset({Light.CLOSED, Light.LATE_CLOSED})


@dataclass(frozen=True)
class Roll:
    """One task or milestone rolled up: how many of the bound are done, what is excused left out, and the worst light."""

    done: int
    bound: int
    counts: Sequence[tuple[Light, str, int]]

    @classmethod
    def of(cls, lit: Iterable[Lit]) -> Roll:
        """Roll up the lights of many duties."""
        counted: Counter[Light] = Counter(one.light for one in lit)
        del counted[Light.EXCUSED]
        counts = [(light, NAMES[light], counted[light]) for light in WORST_FIRST if counted[light]]
        return cls(sum(counted[light] for light in DONE), sum(counted.values()), counts)


@dataclass(frozen=True)
class Node:
    """One time limit of a led task with the duties it made, in official order of their units."""

    milestone: Milestone
    name: str
    lit: Sequence[Lit]

    @property
    def roll(self) -> Roll:
        """Give the node rolled up."""
        return Roll.of(self.lit)


def led_by(unit: Unit) -> QuerySet[Task]:
    """Give the tasks that a unit leads in the plans in force, in order."""
    led = Task.objects.filter(plan__state=Plan.ISSUED, parties__role=Party.LEAD, parties__unit=unit)
    return led.select_related("plan").distinct().order_by("plan__dated_on", "plan_id", "position", "code")


def rolls(tasks: Sequence[Task], unit: Unit, on: dt.date) -> list[tuple[Task, Roll]]:
    """Give each task with the roll-up of the other units' duties that can be closed: five queries at most."""
    found: dict[int, list[Lit]] = defaultdict(list)
    rows = (row for row in _rows(tasks, unit) if row.milestone.kind != deadlines.CONTINUOUS)
    for lit in Lamp(on).all(rows):
        found[lit.obligation.milestone.task_id].append(lit)
    return [(task, Roll.of(found[task.pk])) for task in tasks]


def nodes(task: Task, unit: Unit, on: dt.date) -> list[Node]:
    """Give a task's time limits with every other unit's duty and its light, the newest month of a recurring one first."""
    rows = sorted(_rows([task], unit), key=lambda row: row.occurrence, reverse=True)
    rows.sort(key=lambda row: (row.milestone.position, row.milestone_id))
    grouped = groupby(Lamp(on).all(rows), key=lambda one: (one.obligation.milestone_id, one.obligation.occurrence))
    return [
        Node(found[0].obligation.milestone, found[0].obligation.name, found)
        for _, group in grouped
        if (found := list(group))
    ]


def _rows(tasks: Sequence[Task], unit: Unit) -> list[Obligation]:
    """Give the other units' duties, in official order, each under the milestone as these tasks have it.

    By code: what was closed before the plan was amended keeps the milestone of the version before.
    """
    milestones = Milestone.objects.filter(task__in=tasks).select_related("task__plan")
    asked = {(one.task.plan.series_id, one.code): one for one in milestones}
    rows = Obligation.objects.filter(
        series__in={series for series, _ in asked}, milestone_code__in={c for _, c in asked}
    )
    found = []
    for row in rows.exclude(unit=unit).select_related("unit").order_by("unit__position", "unit__code", "pk"):
        if milestone := asked.get((row.series_id, row.milestone_code)):
            row.milestone = milestone
            found.append(row)
    return found
