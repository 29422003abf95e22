"""The monthly report: which lines a unit owes, what is known already, saving the draft and filing it.

A line is owed for each task on which the unit still owes something; it disappears when all of it is closed. A
monthly line never closes a dated obligation unless 「随本次月报申请销号」 is ticked on it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction

from liaisons.models import User
from reform import deadlines, filing, month_figures, moves, problems, rights
from reform.models import Evidence, MonthlyReport, Obligation, Party, ReportLine, Submission, Task
from reform.states import CONTINUOUS, OPEN, UNFILED, State
from xingxian_portal.foundation import clock

UNCHANGED = "本月无变化。"
OWING = OPEN | CONTINUOUS - {State.ENDED}


@dataclass(frozen=True)
class LineInput:
    """What was typed for one line; `closes` holds the ids of obligations to be filed with it."""

    text: str = ""
    unchanged: bool = False
    problem: str = ""
    closes: frozenset[int] = field(default_factory=frozenset)


def period(report: Obligation) -> tuple[dt.date, dt.date]:
    """Give the first and last day the report covers: the 22nd of the month before (the first: the issue) to the 21st."""
    assert report.due_on
    before = (report.due_on.replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    day = report.milestone.day or report.due_on.day
    since = min(day, deadlines.last_of_month(before.year, before.month).day)
    first = before.replace(day=since) + dt.timedelta(days=1)
    return max(first, report.series.dated_on), report.due_on


def tasks_owed(report: Obligation) -> list[Task]:
    """Give the tasks, in order, on which the report's unit still owes something besides reporting."""
    owed = Obligation.objects.filter(series=report.series, unit=report.unit, state__in=OWING)
    owed = owed.exclude(milestone_code=report.milestone_code)
    return _in_order(Task.objects.filter(milestones__obligations__in=owed))


def tasks_led(report: Obligation) -> list[Task]:
    """Give the tasks the unit leads without owing anything of them itself: their line is a 牵头小结."""
    plan = report.milestone.task.plan
    led = Task.objects.filter(plan=plan, parties__role=Party.LEAD, parties__unit=report.unit)
    own = Obligation.objects.filter(series=report.series, unit=report.unit).values("milestone_code")
    return _in_order(led.exclude(milestones__code__in=own))


def _in_order(tasks: Iterable[Task]) -> list[Task]:
    return sorted(set(tasks), key=lambda task: (task.position, task.code))


def closable(report: Obligation, task: Task) -> list[Obligation]:
    """Give the unit's obligations of `task` that can be filed with a line: dated and undated ones not yet filed."""
    rows = Obligation.objects.filter(series=report.series, unit=report.unit, milestone__task__code=task.code)
    rows = rows.filter(state__in=UNFILED, milestone__deliverable="submission")
    return list(rows.exclude(milestone__kind=deadlines.MONTHLY).select_related("milestone"))


def last_lines(report: Obligation) -> dict[tuple[str, str], ReportLine]:
    """Give the unit's lines of the last report filed before this one, by task code and kind."""
    before = Submission.objects.filter(
        obligation__series=report.series, obligation__unit=report.unit, obligation__milestone_code=report.milestone_code,
        obligation__occurrence__lt=report.occurrence, state__in=filing.COUNTED,
    ).order_by("obligation__occurrence", "number").last()  # fmt: skip
    lines = ReportLine.objects.filter(report__submission=before).select_related("task") if before else []
    return {(line.task.code, line.kind): line for line in lines}


def others_lines(report: Obligation, task: Task) -> list[ReportLine]:
    """Give what the other units filed this month on a task, in official order: the stuff of a 牵头小结."""
    rows = ReportLine.objects.filter(
        task__code=task.code, kind=ReportLine.PROGRESS, report__submission__state__in=filing.COUNTED,
        report__submission__obligation__series=report.series, report__submission__obligation__occurrence=report.occurrence,
    ).exclude(report__submission__obligation__unit=report.unit)  # fmt: skip
    live = rows.exclude(report__submission__state=Submission.RETURNED)
    return list(live.select_related("report__submission__obligation__unit").order_by(
        "report__submission__obligation__unit__position"
    ))  # fmt: skip


@transaction.atomic
def draft_of(report: Obligation, *, by: User, at: dt.datetime | None = None) -> Submission:
    """Give the month's draft with a line for each task owed; a refiled one begins with what was filed before."""
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit) or rights.reviews(by))
    return _draft(report, by, at or clock.now())


def _draft(report: Obligation, by: User, at: dt.datetime) -> Submission:
    draft = filing.begin_draft(report, by, at)
    kept, new = MonthlyReport.objects.get_or_create(submission=draft)
    last = report.submissions.filter(number=draft.number - 1, report__isnull=False).first() if new else None
    if last:
        kept.is_zero, kept.zero_reason = last.report.is_zero, last.report.zero_reason
        kept.save(update_fields=["is_zero", "zero_reason"])
    _add_lines(kept, report, last)
    return draft


def _add_lines(kept: MonthlyReport, report: Obligation, last: Submission | None) -> None:
    there = set(kept.lines.values_list("task__code", "kind"))
    before = {(line.task.code, line.kind): line for line in last.report.lines.select_related("task")} if last else {}
    wanted = [(task, ReportLine.PROGRESS) for task in tasks_owed(report)]
    wanted += [(task, ReportLine.SUMMARY) for task in tasks_led(report)]
    for position, (task, kind) in enumerate(wanted):
        if (task.code, kind) not in there:
            _add_line(kept, report, task, kind, position, before.get((task.code, kind)))


def _add_line(
    kept: MonthlyReport, report: Obligation, task: Task, kind: str, position: int, before: ReportLine | None
) -> None:
    if before:
        contents = {"text": before.text, "unchanged": before.unchanged, "problem": before.problem}
    else:
        contents = {"text": summary(report, task) if kind == ReportLine.SUMMARY else ""}
    ReportLine.objects.create(report=kept, task=task, kind=kind, position=position, **contents)


def summary(report: Obligation, task: Task) -> str:
    """Give a first text of a 牵头小结 from what the others filed; the lead edits it."""
    lines = [line for line in others_lines(report, task) if line.text.strip() and not line.unchanged]
    return "\n".join(f"{line.report.submission.obligation.unit.short_name}：{line.text.strip()}" for line in lines)


@transaction.atomic
def save_draft(
    report: Obligation,
    *,
    by: User,
    lines: Mapping[int, LineInput],
    is_zero: bool = False,
    zero_reason: str = "",
    revision: int | None = None,
    at: dt.datetime | None = None,
) -> Submission:
    """Keep what was typed; `lines` maps line ids to their input. Raises filing.Stale, MoveRefused, rights.Denied."""
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    draft = _draft(report, by, at)
    filing.write_draft(draft, by=by, text=draft.text, values={}, revision=revision, at=at)
    MonthlyReport.objects.filter(pk=draft.pk).update(is_zero=is_zero, zero_reason=zero_reason[:300])
    for line in draft.report.lines.filter(pk__in=lines):
        _keep_line(line, lines[line.pk], report)
    return draft


def _keep_line(line: ReportLine, typed: LineInput, report: Obligation) -> None:
    line.text, line.unchanged, line.problem = typed.text, typed.unchanged, typed.problem
    line.save(update_fields=["text", "unchanged", "problem"])
    # Only what may be closed with this line: a forged id of another unit's obligation is passed over.
    line.closes.set([row for row in closable(report, line.task) if row.pk in typed.closes])


def check(draft: Submission) -> dict[str, str]:
    """Give what keeps the report from being filed, field by field; empty when it is complete."""
    report = draft.report
    if report.is_zero:
        return {} if report.zero_reason.strip() else {"zero_reason": "零报告须写明理由。"}
    found = {}
    for line in report.lines.select_related("task"):
        if not line.unchanged and not line.text.strip():
            found[f"line-{line.pk}"] = f"“{line.task.title}”还没有填写；没有变化请点“本月无变化”。"
        elif len(line.text) > filing.LONGEST_TEXT or len(line.problem) > filing.LONGEST_TEXT:
            found[f"line-{line.pk}"] = f"“{line.task.title}”最多 {filing.LONGEST_TEXT} 字。"
        elif missing := _missing_for_closing(line):
            found[f"line-{line.pk}"] = missing
    return found


def _missing_for_closing(line: ReportLine) -> str:
    for row in line.closes.select_related("milestone"):
        if line.unchanged or not line.text.strip():
            return f"“{row.milestone.title}”申请销号，请写明完成情况。"
        draft = row.submissions.filter(state=Submission.DRAFT).first()
        probe = draft or Submission(obligation=row, text=line.text)
        lacking = [text for name, text in filing.value_problems(probe).items() if name.startswith("value-")]
        if lacking:
            return f"“{row.milestone.title}”申请销号还缺数据：{''.join(lacking)}请先在该事项里填写并保存。"
    return ""


@transaction.atomic
def file(report: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """File the month: the report itself, the obligations ticked on its lines, and the problems raised in it.

    Raises filing.FilingRefused with every reason at once, MoveRefused when it was filed already, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    draft = _draft(report, by, at)
    if found := check(draft):
        raise filing.FilingRefused(found)
    _settle(draft, report, at)
    report = filing.file_checked(report, draft, by=by, at=at)
    for line in draft.report.lines.all() if not draft.report.is_zero else []:
        _carry_out(line, draft, report, by=by, at=at)
    return report


def _settle(draft: Submission, report: Obligation, at: dt.datetime) -> None:
    first, last = period(report)
    found = month_figures.figures(report.unit, first, min(last, clock.local_date(at)))
    MonthlyReport.objects.filter(pk=draft.pk).update(figures=[figure.as_dict() for figure in found])
    draft.report.lines.filter(unchanged=True, text="").update(text=UNCHANGED)


def _carry_out(line: ReportLine, draft: Submission, report: Obligation, *, by: User, at: dt.datetime) -> None:
    if line.problem.strip():
        problems.raise_problem(report, line.task, line.problem, by=by, at=at)
    for row in line.closes.all():
        row = moves.locked(row.pk)
        if row.state in UNFILED:
            own = filing.begin_draft(row, by, at)
            own.text = line.text
            own.save(update_fields=["text"])
            handed_in = own.evidence.values_list("file_id", flat=True)
            Evidence.objects.bulk_create(
                [Evidence(submission=own, file=e.file) for e in draft.evidence.all() if e.file_id not in handed_in]
            )
            filing.file_checked(row, own, by=by, at=at)
