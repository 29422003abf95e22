"""What the pages of plans and tasks show: shelves of plans, a document by its headings, how far each part has come."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from liaisons.models import User
from reform import deadlines
from reform.faults import stands_in
from reform.lights import GLYPHS, NAMES, WORST_FIRST, Light
from reform.lit import Lamp
from reform.models import Milestone, MilestoneParty, Obligation, Plan, Task, TaskParty
from reform.states import CONTINUOUS, State

SHELVES: dict[str, tuple[str, Q]] = {
    "": ("全部", Q()),
    "plans": ("现行方案", Q(kind=Plan.PLAN, state=Plan.ISSUED)),
    "orders": ("交办事项", Q(kind=Plan.ORDER)),
    "drafts": ("草稿", Q(state=Plan.DRAFT)),
    "former": ("已被修订", Q(state=Plan.SUPERSEDED)),
}
# Continuous duties and what was let go are outside of every rate.
UNCOUNTED = [*CONTINUOUS, State.REVOKED, State.EXEMPT]


def listed(user: User, shelf: str) -> QuerySet[Plan]:
    """Give the plans of one shelf that the user may read, with their numbers, in one query."""
    rows = Plan.objects.visible_to(user).filter(SHELVES.get(shelf, SHELVES[""])[1])
    counted = Obligation.objects.filter(series_id=Coalesce(OuterRef("first_version_id"), OuterRef("pk")))
    counted = counted.exclude(state__in=UNCOUNTED)
    return rows.select_related("issuer", "issued_by", "amends").annotate(
        task_count=_count(Task.objects.filter(plan=OuterRef("pk")), "plan"),
        milestone_count=_count(Milestone.objects.filter(task__plan=OuterRef("pk")), "task__plan"),
        owed=_count(counted, "series"),
        closed=_count(counted.filter(state=State.CLOSED), "series"),
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    return Coalesce(Subquery(rows.order_by().values(by).annotate(number=Count("pk")).values("number")), 0)


@dataclass(frozen=True)
class Node:
    """One milestone on a plan's page: how many of its rows are closed, whether its words stand in the text."""

    milestone: Milestone
    closed: int
    owed: int
    is_quoted: bool

    @property
    def unconfirmed(self) -> bool:
        """Say whether the county has yet to confirm it or who it binds."""
        return not self.milestone.confirmed or any(not party.confirmed for party in self.milestone.parties.all())


@dataclass(frozen=True)
class Entry:
    """One task on a plan's page with its nodes."""

    task: Task
    nodes: Sequence[Node]
    is_quoted: bool


@dataclass(frozen=True)
class Section:
    """The tasks that stand together under one heading."""

    headings: Sequence[str]
    entries: Sequence[Entry]


def sections(plan: Plan) -> list[Section]:
    """Give the plan's tasks by heading, with parties, milestones and progress: eight queries at any size."""
    progress = _progress(plan)
    entries = [_entry(task, plan, progress) for task in with_parts(plan.tasks.order_by("position", "code"))]
    by_heading = groupby(entries, key=lambda entry: entry.task.heading_path)
    return [Section(headings, list(group)) for headings, group in by_heading]


def with_parts(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Let the tasks come with their parties, milestones, whom these bind and what they ask for."""
    bound = MilestoneParty.objects.select_related("unit", "group")
    nodes = Milestone.objects.order_by("position", "code").prefetch_related("data_items", Prefetch("parties", bound))
    parties = TaskParty.objects.select_related("unit", "group")
    return tasks.prefetch_related(Prefetch("parties", parties), Prefetch("milestones", nodes))


def _progress(plan: Plan) -> dict[str, tuple[int, int]]:
    rows = Obligation.objects.filter(series_id=plan.series_id).exclude(state__in=UNCOUNTED).order_by()
    closed = Count("pk", filter=Q(state=State.CLOSED))
    counted = rows.values_list("milestone_code").annotate(closed=closed, owed=Count("pk"))
    return {code: (done, owed) for code, done, owed in counted}


def _entry(task: Task, plan: Plan, progress: dict[str, tuple[int, int]]) -> Entry:
    nodes = [
        Node(milestone, *progress.get(milestone.code, (0, 0)), stands_in(milestone.quote, plan.text))
        for milestone in task.milestones.all()
    ]
    return Entry(task, nodes, stands_in(task.quote, plan.text))


@dataclass(frozen=True)
class Tally:
    """How many rows show one light, and the list that holds them."""

    light: Light
    name: str
    glyph: str
    number: int
    query: str


@dataclass(frozen=True)
class Round:
    """One occurrence of a task's milestone with its lights."""

    milestone: Milestone
    name: str
    due_on: dt.date | None
    tallies: Sequence[Tally]
    total: int


def rounds(task: Task) -> list[Round]:
    """Give the task's occurrences that are open, as their rows stand today."""
    milestones = {milestone.code: milestone for milestone in task.milestones.all()}
    rows = Obligation.objects.filter(series_id=task.plan.series_id, milestone_code__in=milestones)
    by_round: dict[tuple[str, str], list[Obligation]] = defaultdict(list)
    for row in rows.select_related("milestone"):
        by_round[row.milestone_code, row.occurrence].append(row)
    lamp = Lamp()
    order = {code: place for place, code in enumerate(milestones)}
    keys = sorted(by_round, key=lambda key: (order[key[0]], key[1]))
    return [_round(task, milestones[code], key, by_round[code, key], lamp) for code, key in keys]


def _round(task: Task, milestone: Milestone, key: str, rows: Iterable[Obligation], lamp: Lamp) -> Round:
    rows = list(rows)
    numbers = Counter(lamp.lit(row).light for row in rows)
    asked = {"plan": task.plan.code, "task": task.code, "node": f"{milestone.code}.{key}"}
    tallies = [
        Tally(light, NAMES[light], GLYPHS[light], numbers[light], urlencode(asked | {"light": light}))
        for light in WORST_FIRST
        if numbers[light]
    ]
    name = deadlines.occurrence_words(milestone.kind, key)
    first = min((row.first_due_on for row in rows if row.first_due_on), default=None)
    return Round(milestone, name, first, tallies, len(rows))
