"""The monthly report: saving its draft, what keeps it from being filed, filing it and carrying out what it says.

A monthly line never closes a dated obligation unless 「随本次月报申请销号」 is ticked on it. What is ticked is filed, and
what is raised is told, when the report itself is filed: with the leader's signature where one is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from liaisons.models import User
from reform import drafts, filing, month_figures, monthly_lines, moves, problems, report_checks, report_lines, rights
from reform.models import MonthlyReport, Obligation, ReportLine, Submission
from reform.report_lines import NOT_ZERO, LineInput, Standing, Zero
from reform.states import UNFILED, State
from xingxian_portal.foundation import clock

UNCHANGED = "本月无变化。"
SUMMARIES_LAST = 1000  # above every position that a task of a plan has


@transaction.atomic
def draft_of(report: Obligation, *, by: User, at: dt.datetime | None = None) -> Submission:
    """Give the month's draft with a line for each task owed; a refiled one begins with what was filed before."""
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    return _draft(report, by, at or clock.now())


def _draft(report: Obligation, by: User, at: dt.datetime) -> Submission:
    return begun(report, by, at)[0]


def begun(report: Obligation, by: User, at: dt.datetime) -> tuple[Submission, list[Standing]]:
    """Give the draft of a locked report, begun if there is none, and its lines as they are owed now. Raises MoveRefused."""
    last = report_lines.newest(report)
    lines = report_lines.standing(report, last)
    draft = drafts.begin(report, by, at)
    kept, new = MonthlyReport.objects.get_or_create(submission=draft)
    if new and last:
        kept.is_zero, kept.zero_reason = last.report.is_zero, last.report.zero_reason
        kept.save(update_fields=["is_zero", "zero_reason"])
    kept.lines.exclude(pk__in=[line.row.pk for line in lines if line.row and line.is_saved]).delete()
    return draft, [line for line in lines if line.is_saved] + _saved(
        kept, [line for line in lines if not line.is_saved]
    )


def _saved(kept: MonthlyReport, lines: Sequence[Standing]) -> list[Standing]:
    rows = ReportLine.objects.bulk_create(_row(kept, line) for line in lines)
    for line, row in zip(lines, rows, strict=True):
        if line.typed.closes:
            row.closes.set(line.typed.closes)
    return [replace(line, row=row, is_saved=True) for line, row in zip(lines, rows, strict=True)]


def _row(kept: MonthlyReport, line: Standing) -> ReportLine:
    task, typed = line.wanted.task, line.typed
    return ReportLine(
        report=kept, task=task, kind=line.wanted.kind, text=typed.text, unchanged=typed.unchanged, problem=typed.problem,
        position=task.position + (SUMMARIES_LAST if line.wanted.kind == ReportLine.SUMMARY else 0),
    )  # fmt: skip


@transaction.atomic
def save_draft(
    report: Obligation,
    *,
    by: User,
    lines: Mapping[str, LineInput],
    zero: Zero = NOT_ZERO,
    seen: str | None = None,
    at: dt.datetime | None = None,
) -> Submission:
    """Keep what was typed, right or wrong; `lines` maps the keys of lines to their input.

    Raises Stale when `seen` is not the draft's mark any more; saving what is there already changes nothing.
    Raises MoveRefused, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    draft, there = begun(report, by, at)
    changed = changed_lines(there, lines)
    if changed or zero != report_lines.zero_of(draft):
        drafts.touch(draft, by=by, seen=seen, at=at)
        drafts.take_over(draft)
        keep_zero(draft, zero)
    keep_lines(changed)
    return draft


def keep_zero(draft: Submission, zero: Zero) -> None:
    """Write the 零报告 of a draft."""
    kept = draft.report
    kept.is_zero, kept.zero_reason, kept.zero_confirmed = zero.chosen, zero.reason, zero.confirmed
    kept.save(update_fields=["is_zero", "zero_reason", "zero_confirmed"])


def changed_lines(there: Iterable[Standing], lines: Mapping[str, LineInput]) -> list[tuple[Standing, LineInput]]:
    """Give the lines that `lines` would change, each with what it may carry of it."""
    return [(line, typed) for line in there if (typed := _typed(line, lines)) != line.typed]


def keep_lines(changed: Sequence[tuple[Standing, LineInput]]) -> None:
    """Write lines of a draft."""
    for line, typed in changed:
        assert line.row
        line.row.text, line.row.unchanged, line.row.problem = typed.text, typed.unchanged, typed.problem
        if typed.closes != line.typed.closes:
            line.row.closes.set(typed.closes)
    rows = [line.row for line, _ in changed if line.row]
    ReportLine.objects.bulk_update(rows, ["text", "unchanged", "problem"])


def _typed(line: Standing, lines: Mapping[str, LineInput]) -> LineInput:
    return line.within(lines[line.key]) if line.key in lines else line.typed


@transaction.atomic
def file(report: Obligation, *, by: User, seen: str | None = None, at: dt.datetime | None = None) -> Obligation:
    """File the month: the report itself, the obligations ticked on its lines, and the problems raised in it.

    `seen` is the mark of the draft that the page showed. Raises filing.FilingRefused with every reason at once,
    MoveRefused when it was filed already, Stale when the page is of an earlier filing, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    draft = _draft(report, by, at)
    drafts.require_same(draft, seen)
    drafts.take_over(draft)
    require_complete(draft)
    report = filing.file_checked(report, draft, by=by, at=at)
    if report.state == State.REVIEW:
        carry_out(draft, report, by=by, at=at)
    return report


def require_complete(draft: Submission) -> None:
    """Raise FilingRefused unless the draft can be filed; what is unchanged says so in words."""
    if found := report_checks.check(draft):
        raise filing.FilingRefused(found)
    draft.report.lines.filter(unchanged=True).update(text=UNCHANGED)


@transaction.atomic
def cosign(report: Obligation, *, by: User, seen: int | None = None, at: dt.datetime | None = None) -> Obligation:
    """Sign the month as the unit's 分管领导: only now it is filed, with all that is ticked and raised in it.

    `seen` is the submission the leader read. Raises MoveRefused, filing.FilingRefused when a ticked duty's own draft
    was changed meanwhile and can't be filed, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.cosigns_for(by, report.unit))
    signed = filing.waiting_for_signature(report, seen)
    if found := report_checks.check_closing(signed):
        raise filing.FilingRefused(found)
    report = filing.cosign_locked(report, by=by, seen=seen, at=at)
    carry_out(signed, report, by=by, at=at)
    return report


def carry_out(filed: Submission, report: Obligation, *, by: User, at: dt.datetime) -> None:
    """Do what a filed report says: its figures, the problems raised in it, the duties ticked on it."""
    first, last = monthly_lines.period(report)
    found = month_figures.figures(report.unit, first, min(last, clock.local_date(at)))
    MonthlyReport.objects.filter(pk=filed.pk).update(figures=[figure.as_dict() for figure in found])
    if filed.report.is_zero:
        return
    for line in filed.report.lines.select_related("task"):
        if line.problem.strip():
            problems.raise_problem(report, line.task, line.problem, by=by, at=at)
        for ticked in line.closes.all():
            _close_with(line, moves.locked(ticked.pk), filed, by=by, at=at)


def _close_with(line: ReportLine, row: Obligation, filed: Submission, *, by: User, at: dt.datetime) -> None:
    """File a ticked duty with the line's text and the report's files; what somebody filed meanwhile is left alone."""
    if row.state not in UNFILED:
        return
    own = drafts.begin(row, by, at)
    drafts.touch(own, by=by, seen=None, at=at)
    own.text = report_checks.joined(own, line.text)
    own.save(update_fields=["text"])
    drafts.copy_evidence(filed, own)
    filing.file_checked(row, own, by=by, at=at)
