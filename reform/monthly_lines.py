"""Which lines a unit's monthly report has, what stood on them last month, and what may be closed with them.

A line is owed for each task on which the unit still owes something; it disappears when all of it is closed. A lead
that owes nothing of a task itself owes a 牵头小结 as long as others still owe something of it.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Prefetch
from django.db.models.functions import Coalesce

from reform import deadlines
from reform.filing import COUNTED
from reform.models import Milestone, Obligation, Party, ReportLine, Submission, Task, TaskParty
from reform.models.report import line_key
from reform.states import CONTINUOUS, OPEN, UNFILED, State

OWING = OPEN | (CONTINUOUS - {State.ENDED})
_LEADS = TaskParty.objects.filter(role=Party.LEAD).select_related("unit", "group")
# A page names the lead behind each line's sentence.
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
    """Give the lines of the report as of now: the unit's own tasks in order, then the 牵头小结. Four queries."""
    return wanted_of([report])[report.pk]


def wanted_of(reports: Sequence[Obligation]) -> dict[int, list[Wanted]]:
    """Give the lines of each report, by its id, with the queries of one."""
    owed, led = _owed(reports), _led(reports)
    found = {}
    for report in reports:
        own = owed[report.series_id, report.unit_id]
        progress = [Wanted(task, ReportLine.PROGRESS, tuple(own[task])) for task in _in_order(own)]
        sums = led[report.milestone.task.plan_id, report.unit_id]
        found[report.pk] = progress + [Wanted(task, ReportLine.SUMMARY) for task in _in_order(sums)]
    return found


Owed = Mapping[tuple[int, int], Mapping[Task, list[Obligation]]]


def _owed(reports: Sequence[Obligation]) -> Owed:
    """Give what is owed by series and unit, task by task."""
    rows = Obligation.objects.filter(series__in={one.series_id for one in reports}, state__in=OWING)
    rows = rows.filter(unit__in={one.unit_id for one in reports}).exclude(milestone__kind=deadlines.MONTHLY)
    order = (F("due_on").asc(nulls_last=True), "milestone__position", "pk")
    owed: dict[tuple[int, int], dict[Task, list[Obligation]]] = defaultdict(lambda: defaultdict(list))
    for row in rows.select_related("milestone__task").prefetch_related(LEADS).order_by(*order):
        owed[row.series_id, row.unit_id][row.milestone.task].append(row)
    return owed


def _led(reports: Sequence[Obligation]) -> Mapping[tuple[int, int], set[Task]]:
    """Give, by plan and unit, the tasks it leads without being bound itself, while others still owe something of them."""
    owing = Obligation.objects.filter(milestone__task=OuterRef("task"), state__in=OWING)
    # By code: what it closed before the plan was amended keeps the milestone of the version before.
    codes = Milestone.objects.filter(task=OuterRef(OuterRef("task"))).values("code")
    series = Coalesce(OuterRef("task__plan__first_version"), OuterRef("task__plan"))
    own = Obligation.objects.filter(series=series, milestone_code__in=codes, unit=OuterRef("unit"))
    parties = TaskParty.objects.filter(
        Exists(owing), ~Exists(own), role=Party.LEAD,
        unit__in={one.unit_id for one in reports}, task__plan__in={one.milestone.task.plan_id for one in reports},
    )  # fmt: skip
    found: dict[tuple[int, int], set[Task]] = defaultdict(set)
    for party in parties.select_related("task").prefetch_related(LEADS_OF_LINE):
        found[party.task.plan_id, party.unit_id or 0].add(party.task)
    return found


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(tasks, key=lambda task: (task.position, task.code))


def last_lines(report: Obligation) -> dict[str, ReportLine]:
    """Give the unit's lines of the last report filed before this one, by key."""
    return last_lines_of([report])[report.pk]


def last_lines_of(reports: Sequence[Obligation]) -> dict[int, dict[str, ReportLine]]:
    """Give for each report, by its id, the unit's lines of the last one filed before it. Two queries."""
    before = _last_filed(reports)
    found: dict[int, dict[str, ReportLine]] = defaultdict(dict)
    for line in ReportLine.objects.filter(report__in=set(before.values())).select_related("task"):
        found[line.report_id][line.key] = line
    return {report.pk: found.get(before.get(report.pk, 0), {}) for report in reports}


def _last_filed(reports: Sequence[Obligation]) -> dict[int, int]:
    by_unit: dict[tuple[int, int, str], list[tuple[str, int]]] = defaultdict(list)
    rows = Submission.objects.filter(
        obligation__series__in={one.series_id for one in reports}, obligation__unit__in={one.unit_id for one in reports},
        obligation__occurrence__lt=max((one.occurrence for one in reports), default=""), state__in=COUNTED, report__isnull=False,
    ).order_by("obligation__occurrence", "number")  # fmt: skip
    of = ("obligation__series", "obligation__unit", "obligation__milestone_code", "obligation__occurrence", "pk")
    for series, unit, code, occurrence, pk in rows.values_list(*of):
        by_unit[series, unit, code].append((occurrence, pk))
    found = {}
    for report in reports:
        filed = by_unit[report.series_id, report.unit_id, report.milestone_code]
        if earlier := [pk for occurrence, pk in filed if occurrence < report.occurrence]:
            found[report.pk] = earlier[-1]
    return found


def others_lines(report: Obligation, task_codes: Iterable[str]) -> dict[str, list[ReportLine]]:
    """Give what the other units filed this month, by task code and in official order: the stuff of a 牵头小结."""
    codes = list(task_codes)
    return _of_others(report, _told(report, codes)) if codes else {}


def _told(report: Obligation, task_codes: Iterable[str]) -> list[ReportLine]:
    """Give every unit's lines of these tasks in the month of `report`, in official order: one query."""
    rows = ReportLine.objects.filter(
        task__code__in=task_codes, kind=ReportLine.PROGRESS,
        report__submission__state__in=[Submission.FILED, Submission.ACCEPTED],
        report__submission__obligation__series=report.series_id,
        report__submission__obligation__milestone_code=report.milestone_code,
        report__submission__obligation__occurrence=report.occurrence,
    )  # fmt: skip
    place = "report__submission__obligation__unit"
    return list(rows.select_related("task", place).order_by(f"{place}__position", f"{place}__code"))


def _of_others(report: Obligation, told: Iterable[ReportLine]) -> dict[str, list[ReportLine]]:
    found: dict[str, list[ReportLine]] = defaultdict(list)
    for line in told:
        if line.report.submission.obligation.unit_id != report.unit_id:
            found[line.task.code].append(line)
    return found


def summary(lines: Iterable[ReportLine]) -> str:
    """Give a first text of a 牵头小结 from what the others filed; the lead edits it."""
    told = [line for line in lines if line.text.strip() and not line.unchanged]
    return "\n".join(f"{line.report.submission.obligation.unit.short_name}：{line.text.strip()}" for line in told)


def summaries(report: Obligation, lines: Iterable[Wanted]) -> Mapping[str, str]:
    """Give the first text of each 牵头小结 among `lines`, by key: one query."""
    return summaries_of([report], {report.pk: list(lines)})[report.pk]


def summaries_of(reports: Sequence[Obligation], lines: Mapping[int, Iterable[Wanted]]) -> dict[int, Mapping[str, str]]:
    """Give the same for each report, by its id: one query for each plan and month among them."""
    led = {
        report.pk: {line.task.code: line.key for line in lines[report.pk] if line.kind == ReportLine.SUMMARY}
        for report in reports
    }
    by_month: dict[tuple[int, str, str], list[Obligation]] = defaultdict(list)
    for report in reports:
        if led[report.pk]:
            by_month[report.series_id, report.milestone_code, report.occurrence].append(report)
    found: dict[int, Mapping[str, str]] = {report.pk: {} for report in reports}
    for same in by_month.values():
        told = _told(same[0], {code for report in same for code in led[report.pk]})
        for report in same:
            keys = led[report.pk]
            others = _of_others(report, (line for line in told if line.task.code in keys))
            found[report.pk] = {keys[code]: summary(own) for code, own in others.items()}
    return found
