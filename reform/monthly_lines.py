"""Which lines a unit's monthly report has, what stood on them last month, and what may be closed with them.

A line is owed for each task on which the unit still owes something; it disappears when all of it is closed. A lead
that owes nothing of a task itself owes a 牵头小结 as long as others still owe something of it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import F, Prefetch, QuerySet

from reform import deadlines
from reform.filing import COUNTED
from reform.models import Milestone, Obligation, Party, ReportLine, Submission, Task, TaskParty
from reform.models.report import line_key
from reform.states import CONTINUOUS, OPEN, UNFILED, State

OWING = OPEN | (CONTINUOUS - {State.ENDED})
_LEADS = TaskParty.objects.filter(role=Party.LEAD).select_related("unit", "group")
# A page names the lead behind each line's sentence.
LEADS_OF_TASK = Prefetch("parties", _LEADS, to_attr="leads")
LEADS_OF_LINE = Prefetch("task__parties", _LEADS, to_attr="leads")
LEADS = Prefetch("milestone__task__parties", _LEADS, to_attr="leads")


@dataclass(frozen=True)
class Wanted:
    """One line that a report has: its task, and whether the unit tells of its own work or sums up the others'.

    `owed` holds what the unit still owes of the task, the earliest first.
    """

    task: Task
    kind: str
    owed: tuple[Obligation, ...] = ()

    @property
    def key(self) -> str:
        """Name the line within the report."""
        return line_key(self.task.code, self.kind)

    @property
    def closable(self) -> list[Obligation]:
        """Give what the line may close: dated and undated duties not yet filed.

        What is discharged by the real thing done elsewhere (a list, a round, an appointment) is closed there alone.
        """
        rows = [row for row in self.owed if row.state in UNFILED and row.milestone.deliverable == Milestone.SUBMISSION]
        # Of what recurs only the next time: nobody has done December's in June.
        return [row for row in rows if row.pk == next(one.pk for one in rows if one.milestone_id == row.milestone_id)]


def period(report: Obligation) -> tuple[dt.date, dt.date]:
    """Give the first and last day the report covers: the 22nd of the month before (the first: the issue) to the 21st."""
    year, month = map(int, report.occurrence.split("-"))
    last = _day_of(report, year, month)
    before = last.replace(day=1) - dt.timedelta(days=1)
    first = _day_of(report, before.year, before.month) + dt.timedelta(days=1)
    return max(first, report.series.dated_on), last


def _day_of(report: Obligation, year: int, month: int) -> dt.date:
    last = deadlines.last_of_month(year, month)
    return last.replace(day=min(report.milestone.day or last.day, last.day))


def wanted(report: Obligation) -> list[Wanted]:
    """Give the lines of the report as of now: the unit's own tasks in order, then the 牵头小结. Three queries."""
    owed: dict[Task, list[Obligation]] = defaultdict(list)
    for row in _owed(report):
        owed[row.milestone.task].append(row)
    own = [Wanted(task, ReportLine.PROGRESS, tuple(owed[task])) for task in _in_order(owed)]
    return own + [Wanted(task, ReportLine.SUMMARY) for task in tasks_led(report)]


def _owed(report: Obligation) -> QuerySet[Obligation]:
    rows = Obligation.objects.filter(series=report.series_id, unit=report.unit_id, state__in=OWING)
    rows = rows.exclude(milestone__kind=deadlines.MONTHLY).select_related("milestone__task")
    order = (F("due_on").asc(nulls_last=True), "milestone__position", "pk")
    return rows.prefetch_related(LEADS).order_by(*order)


def tasks_led(report: Obligation) -> list[Task]:
    """Give the tasks the unit leads without being bound itself, while others still owe something of them."""
    rows = Obligation.objects.filter(series=report.series_id)
    own = Milestone.objects.filter(obligations__in=rows.filter(unit=report.unit_id)).values("task")
    open_still = Milestone.objects.filter(obligations__in=rows.filter(state__in=OWING)).values("task")
    led = Task.objects.filter(
        plan=report.milestone.task.plan_id, parties__role=Party.LEAD, parties__unit=report.unit_id, pk__in=open_still
    )
    return _in_order(led.exclude(pk__in=own).distinct().prefetch_related(LEADS_OF_TASK))


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.position, task.code))


def last_lines(report: Obligation) -> dict[str, ReportLine]:
    """Give the unit's lines of the last report filed before this one, by key."""
    before = Submission.objects.filter(
        obligation__series=report.series_id, obligation__unit=report.unit_id, obligation__milestone_code=report.milestone_code,
        obligation__occurrence__lt=report.occurrence, state__in=COUNTED, report__isnull=False,
    ).order_by("-obligation__occurrence", "-number")[:1]  # fmt: skip
    lines = ReportLine.objects.filter(report__submission__in=list(before.values_list("pk", flat=True)))
    return {line.key: line for line in lines.select_related("task")}


def others_lines(report: Obligation, task_codes: Iterable[str]) -> dict[str, list[ReportLine]]:
    """Give what the other units filed this month, by task code and in official order: the stuff of a 牵头小结."""
    codes = list(task_codes)
    if not codes:
        return {}
    rows = ReportLine.objects.filter(
        task__code__in=codes, kind=ReportLine.PROGRESS,
        report__submission__state__in=[Submission.FILED, Submission.ACCEPTED],
        report__submission__obligation__series=report.series_id,
        report__submission__obligation__milestone_code=report.milestone_code,
        report__submission__obligation__occurrence=report.occurrence,
    ).exclude(report__submission__obligation__unit=report.unit_id)  # fmt: skip
    found: dict[str, list[ReportLine]] = defaultdict(list)
    place = "report__submission__obligation__unit"
    for line in rows.select_related("task", place).order_by(f"{place}__position", f"{place}__code"):
        found[line.task.code].append(line)
    return found


def summary(lines: Iterable[ReportLine]) -> str:
    """Give a first text of a 牵头小结 from what the others filed; the lead edits it."""
    told = [line for line in lines if line.text.strip() and not line.unchanged]
    return "\n".join(f"{line.report.submission.obligation.unit.short_name}：{line.text.strip()}" for line in told)


def summaries(report: Obligation, lines: Iterable[Wanted]) -> Mapping[str, str]:
    """Give the first text of each 牵头小结 among `lines`, by key: one query."""
    led = {line.task.code: line.key for line in lines if line.kind == ReportLine.SUMMARY}
    return {led[code]: summary(found) for code, found in others_lines(report, led).items()}
