"""What the wall stands on besides its rows, read in one query: plans, nodes, parties, units, groups, calendar, openings.

The tables are small and come as one JSON text each. The texts also tell whether anything changed: the same texts and
the same last Move mean the same wall, so that what was made of them may be kept without a version that somebody
would have to remember to raise.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Case, F, Func, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from liaisons.membership import Tables
from liaisons.models import GroupMember, Unit, UnitGroup
from reform.json_rows import JsonRows
from reform.models import Milestone, MilestoneParty, Move, Opening, Party, Plan, Task, TaskParty
from xingxian_portal.foundation.workdays import CalendarDay, Workdays

# A Move with a lower number can be committed after one with a higher: on PostgreSQL a transaction that began earlier
# may end later. The last number alone would then hide it; how many of the last numbers are there does not.
RECENT = 2000


def _text(rows: QuerySet[Any, Any], *fields: str) -> Subquery:
    return Subquery(rows.order_by().values(as_text=JsonRows(*fields)))


PLAN = ("pk", "code", "kind", "document_number", "title", "dated_on", "term_ends_on", "state", "version", "amends_id",
        "first_version_id", "issued_at")  # fmt: skip
TASK = ("pk", "plan_id", "code", "number", "heading_path", "title", "position")
MILESTONE = (
    "pk",
    "task_id",
    "code",
    "title",
    "short_title",
    "kind",
    "due_on",
    "day",
    "months",
    "confirmed",
    "position",
)
PARTY = ("milestone_id", "role", "unit_id", "group_id", "confirmed", "position")
LEAD = ("task_id", "unit_id", "group_id")
UNIT = ("pk", "code", "name", "short_name", "kind", "position", "confirmed", "successor_id", "closed_on")
GROUP = ("pk", "code", "name", "position", "follows_id")
MEMBER = ("group_id", "unit_id", "joined_on", "left_on")


def _issued() -> QuerySet[Any, Any]:
    return Plan.objects.exclude(state=Plan.DRAFT).annotate(series=Coalesce("first_version_id", "pk"))


def _question(code: str) -> QuerySet[Any, Any]:
    preferred = Case(
        When(code=code, then=0),
        When(kind=Plan.PLAN, state=Plan.ISSUED, then=1),
        When(state=Plan.ISSUED, then=2),
        default=3,
    )
    # The database decides which plan it is, or a second query would have to wait for the first.
    chosen = _issued().order_by(preferred, "-dated_on", "-version", "-pk")
    series = Subquery(chosen.values("series")[:1])
    versions = _issued().filter(series=series).values("pk")
    recent = Move.objects.filter(
        pk__gt=Subquery(Move.objects.order_by().values(last=Func(F("pk"), function="MAX") - RECENT))
    )
    newest = Move.objects.order_by("-pk")[:1]
    return chosen.values_list(
        "series",
        Coalesce(Subquery(newest.values("pk")), 0),
        Subquery(newest.values("recorded_at")),
        Subquery(recent.order_by().values(many=Func("pk", function="COUNT"))),
        _text(_issued(), *PLAN),
        _text(Task.objects.filter(plan__in=versions), *TASK),
        _text(Milestone.objects.filter(task__plan__in=versions), *MILESTONE),
        _text(MilestoneParty.objects.filter(milestone__task__plan__in=versions), *PARTY),
        _text(TaskParty.objects.filter(task__plan__in=versions, role=Party.LEAD), *LEAD),
        _text(Opening.objects.filter(series=series), "milestone_code", "occurrence", "opened_at"),
        _text(Unit.objects.all(), *UNIT),
        _text(UnitGroup.objects.all(), *GROUP),
        _text(GroupMember.objects.all(), *MEMBER),
        _text(CalendarDay.objects.all(), "date", "kind"),
    )[:1]


@lru_cache(maxsize=64)
def _statement(code: str) -> tuple[str, tuple[Any, ...]]:
    # Django needs ten times as long to put this statement together as the database needs to answer it.
    return _question(code).query.sql_with_params()


@dataclass(frozen=True)
class Source:
    """Everything the wall depends on besides its rows, and whether these changed; equal sources give equal walls."""

    series: int
    last_move: tuple[int, str, int]
    texts: tuple[str, ...]

    @classmethod
    def read(cls, code: str = "") -> Source | None:
        """Read the source of the plan with this code, else of the newest plan in force; None when there is none."""
        with connection.cursor() as cursor:
            cursor.execute(*_statement(code))
            row = cursor.fetchone()
        if row is None:
            return None
        series, last, recorded_at, recent, *texts = row
        return cls(series, (last, str(recorded_at), recent), tuple(text or "[]" for text in texts))

    @property
    def ground(self) -> Ground:
        """Give the source as objects, made once for as long as the texts stay the same."""
        return _ground(self.series, self.texts)


@dataclass(frozen=True, eq=False)
class Ground:
    """The parsed source. Rows of the database as objects that need no further query; not to be changed or saved.

    One ground is only equal to itself, so that it can be the key of what is kept as long as it stays the same.
    """

    plans: Mapping[int, Plan]
    versions: Sequence[Plan]
    milestones: Mapping[int, Sequence[Milestone]]
    parties: Mapping[int, Sequence[MilestoneParty]]
    leads: Mapping[int, Sequence[TaskParty]]
    openings: Mapping[tuple[str, str], dt.datetime]
    tables: Tables
    groups: Sequence[UnitGroup]
    workdays: Workdays

    def in_force(self, moment: dt.datetime) -> Plan:
        """Give the version that was in force just before `moment`; before the first one's issue, the first."""
        issued = [plan for plan in self.versions if plan.issued_at and plan.issued_at < moment]
        return issued[-1] if issued else self.versions[0]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _moment(text: str) -> dt.datetime:
    # SQLite keeps UTC without saying so; PostgreSQL says so.
    read = dt.datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=dt.UTC)


def _list(value: Any) -> list[Any]:
    # A JSON column comes as text within the text on SQLite and as itself on PostgreSQL.
    return json.loads(value) if isinstance(value, str) else value


@lru_cache(maxsize=16)
def _ground(series: int, texts: tuple[str, ...]) -> Ground:
    plans, tasks, milestones, parties, leads, openings, units, groups, members, days = map(json.loads, texts)
    plan_by = _plans(plans)
    versions = sorted((p for p in plan_by.values() if p.series_id == series), key=lambda plan: plan.version)
    return Ground(
        plans=plan_by,
        versions=versions,
        milestones=_milestones(milestones, _tasks(tasks, plan_by)),
        parties=_parties(parties),
        leads=_leads(leads),
        openings={(code, occurrence): _moment(at) for code, occurrence, at in openings},
        tables=_tables(units, groups, members),
        groups=_groups(groups),
        workdays=Workdays({dt.date.fromisoformat(day): kind != CalendarDay.OFF for day, kind in days}),
    )


def _named(fields: Sequence[str], row: list[Any], **read: Callable[[Any], Any]) -> dict[str, Any]:
    values = dict(zip(fields, row, strict=True))
    return values | {name: how(values[name]) for name, how in read.items() if values[name] is not None}


def _plans(rows: list[list[Any]]) -> dict[int, Plan]:
    read = {"dated_on": _day, "term_ends_on": _day, "issued_at": _moment}
    plans = {row[0]: Plan(**_named(PLAN, row, **read)) for row in rows}
    for plan in plans.values():
        plan.first_version = plans[plan.first_version_id] if plan.first_version_id else None
    return plans


def _tasks(rows: list[list[Any]], plans: Mapping[int, Plan]) -> dict[int, Task]:
    tasks = {row[0]: Task(**_named(TASK, row, heading_path=_list)) for row in rows}
    for task in tasks.values():
        task.plan = plans[task.plan_id]
    return tasks


def _milestones(rows: list[list[Any]], tasks: Mapping[int, Task]) -> dict[int, list[Milestone]]:
    by_plan: dict[int, list[Milestone]] = defaultdict(list)
    for row in rows:
        milestone = Milestone(**_named(MILESTONE, row, due_on=_day, months=_list, confirmed=bool))
        milestone.task = tasks[milestone.task_id]
        by_plan[milestone.task.plan_id].append(milestone)
    for found in by_plan.values():
        found.sort(key=lambda milestone: (milestone.task.position, milestone.position, milestone.code))
    return by_plan


def _parties(rows: list[list[Any]]) -> dict[int, list[MilestoneParty]]:
    parties: dict[int, list[MilestoneParty]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row[-1]):
        parties[row[0]].append(MilestoneParty(**_named(PARTY, row, confirmed=bool)))
    return parties


def _leads(rows: list[list[Any]]) -> dict[int, list[TaskParty]]:
    leads: dict[int, list[TaskParty]] = defaultdict(list)
    for row in rows:
        leads[row[0]].append(TaskParty(role=Party.LEAD, **_named(LEAD, row)))
    return leads


def _groups(rows: list[list[Any]]) -> list[UnitGroup]:
    groups = [UnitGroup(**_named(GROUP, row)) for row in rows]
    return sorted(groups, key=lambda group: (group.position, group.code))


def _tables(units: list[list[Any]], groups: list[list[Any]], members: list[list[Any]]) -> Tables:
    return Tables(
        {row[0]: Unit(**_named(UNIT, row, confirmed=bool, closed_on=_day)) for row in units},
        {row[0]: row[GROUP.index("follows_id")] for row in groups},
        [(group, unit, dt.date.fromisoformat(joined), _day(left)) for group, unit, joined, left in members],
    )
