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
    """Give each task with the roll-up of the other units' duties that can be closed: four queries at most."""
    found: dict[int, list[Lit]] = defaultdict(list)
    for lit in Lamp(on).all(_rows(tasks, unit).exclude(milestone__kind=deadlines.CONTINUOUS)):
        found[lit.obligation.milestone.task_id].append(lit)
    return [(task, Roll.of(found[task.pk])) for task in tasks]


def nodes(task: Task, unit: Unit, on: dt.date) -> list[Node]:
    """Give a task's time limits with every other unit's duty and its light, the newest month of a recurring one first."""
    rows = _rows([task], unit).order_by(
        "milestone__position", "milestone_id", "-occurrence", "unit__position", "unit__code"
    )
    lit = Lamp(on).all(rows)
    grouped = groupby(lit, key=lambda one: (one.obligation.milestone_id, one.obligation.occurrence))
    return [
        Node(found[0].obligation.milestone, found[0].obligation.name, found)
        for _, group in grouped
        if (found := list(group))
    ]


def _rows(tasks: Sequence[Task], unit: Unit) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(milestone__task__in=tasks).exclude(unit=unit)
    return rows.select_related("unit", "milestone__task")
