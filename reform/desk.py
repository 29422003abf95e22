"""The bureau's desk: what waits for it, section by section, each a queryset that can be narrowed and grouped."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from liaisons.models import Unit
from reform import deadlines
from reform.lights import Light
from reform.lit import Lamp
from reform.models import Obligation, Problem, Proposal, Submission, Task
from reform.states import CONTINUOUS, State
from reform.urging import URGEABLE

Rows = QuerySet[Any]


@dataclass(frozen=True)
class Section:
    """One pile of the desk: `path` leads from its rows to the obligation they are about, `task` to their task."""

    slug: str
    title: str
    nothing: str
    rows: Callable[[dt.date], Rows]
    path: str = ""
    task: str = "milestone__task"
    month: str = "due_on"  # the date whose month it is grouped and narrowed by

    def address(self) -> str:
        """Give the name of the page with the whole list."""
        return f"desk_{self.slug}"


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to and grouped by; nothing means all of it, ungrouped."""

    unit: Unit | None = None
    task: Task | None = None
    month: dt.date | None = None  # its first day
    group: str = ""

    def of(self, section: Section, rows: Rows) -> Rows:
        """Give the rows of a section that fit, in the order of the grouping, then in the section's own."""
        path = section.path
        if self.unit:
            rows = rows.filter(**{f"{path}unit": self.unit})
        if self.task:
            same = {f"{section.task}__code": self.task.code, f"{path}series": self.task.plan.series_id}
            rows = rows.filter(**same)
        if self.month:
            last = deadlines.last_of_month(self.month.year, self.month.month)
            rows = rows.filter(**{f"{section.month}__range": (self.month, last)})
        return rows.order_by(*self._order(section), *rows.query.order_by)

    def _order(self, section: Section) -> list[str]:
        orders = {
            "unit": [f"{section.path}unit__position", f"{section.path}unit__code"],
            "task": [f"{section.task}__position", f"{section.task}__code"],
            "month": [section.month],
        }
        return orders.get(self.group, [])

    def heading(self, unit: Unit, task: Task, day: dt.date | None) -> str:
        """Give the heading under which a row stands when the list is grouped, "" when it is not."""
        month = month_words(f"{day:%Y-%m}") if day else "未定期限"
        return {"unit": unit.name, "task": str(task), "month": month}.get(self.group, "")


def with_names(rows: QuerySet[Obligation]) -> QuerySet[Obligation]:
    """Bring along what a line of a list says of an obligation."""
    return rows.select_related("unit", "milestone__task__plan")


def latest_month() -> str:
    """Give the newest month whose reports are open, as its occurrence 2022-06; "" before the first."""
    months = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY)
    return months.aggregate(latest=Max("occurrence"))["latest"] or ""


def month_words(occurrence: str) -> str:
    """Give a month as people say it: 2022年6月."""
    year, _, month = occurrence.partition("-")
    return f"{year}年{int(month)}月" if month else ""


def unfiled_reports(occurrence: str) -> QuerySet[Obligation]:
    """Give a month's reports of which no filing counts, in official order of their units; what was returned for mending does."""
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY, occurrence=occurrence, state__in=URGEABLE)
    rows = rows.filter(first_filed_on__isnull=True)
    return with_names(rows).order_by("unit__position", "unit__code", "pk")


def missing(on: dt.date) -> QuerySet[Obligation]:
    """Give this month's reports that are not filed; an older one not filed is overdue and stands there."""
    return unfiled_reports(latest_month())


def waiting(on: dt.date) -> QuerySet[Submission]:
    """Give the filings that wait for review, the oldest first."""
    rows = Submission.objects.filter(state=Submission.FILED).annotate(files=Count("evidence"))
    rows = rows.select_related("obligation__unit", "obligation__milestone__task__plan", "filed_by")
    return rows.order_by("filed_at", "pk")


def undecided(on: dt.date) -> QuerySet[Proposal]:
    """Give the proposals that wait for a decision, the oldest first."""
    rows = Proposal.objects.filter(granted__isnull=True)
    rows = rows.select_related("obligation__unit", "obligation__milestone__task__plan", "asked_by__unit")
    return rows.order_by("asked_at", "pk")


def open_problems(on: dt.date) -> QuerySet[Problem]:
    """Give the problems without an answer: first those nobody is to answer yet, then by the day of the answer."""
    rows = Problem.objects.filter(answered_at__isnull=True)
    rows = rows.select_related("obligation__unit", "obligation__milestone__task__plan", "task__plan", "answerer")
    return rows.order_by(F("answer_by").asc(nulls_first=True), "raised_at", "pk")


def lagging(on: dt.date) -> QuerySet[Obligation]:
    """Give the continuous duties marked 滞后, or whose unit's last monthly report is late or missing."""
    lamp = Lamp(on)
    running = Obligation.objects.filter(state__in=CONTINUOUS - {State.ENDED}).select_related("milestone")
    behind = [row.pk for row in running if lamp.lit(row).light in {Light.SOON, Light.OVERDUE}]
    return with_names(Obligation.objects.filter(pk__in=behind)).order_by("unit__position", "unit__code", "pk")


def overdue(on: dt.date) -> QuerySet[Obligation]:
    """Give what is not filed although its day, or the day for mending it, has passed; the longest overdue first."""
    passed = Q(mend_by__lt=on) | Q(mend_by__isnull=True, due_on__lt=on)
    rows = with_names(Obligation.objects.filter(passed, state__in=URGEABLE))
    return rows.order_by(Coalesce("mend_by", "due_on"), "unit__position", "pk")


_OBLIGATION = {"path": "obligation__", "task": "obligation__milestone__task", "month": "obligation__due_on"}
MISSING = Section("missing", "未报", "本月的报告都已报送。", missing)
WAITING = Section("waiting", "待审核", "没有等待审核的报送。", waiting, **_OBLIGATION)
UNDECIDED = Section("undecided", "待决定", "没有等待决定的申请。", undecided, **_OBLIGATION)
PROBLEMS = Section(
    "problems", "需协调问题", "没有等待答复的问题。", open_problems, "obligation__", "task", "raised_at__date"
)
LAGGING = Section("lagging", "滞后", "持续推进的任务没有滞后。", lagging)
OVERDUE = Section("overdue", "逾期", "没有逾期的事项。", overdue)
SECTIONS = (WAITING, MISSING, UNDECIDED, OVERDUE, PROBLEMS, LAGGING)
BY_SLUG = {section.slug: section for section in SECTIONS}
