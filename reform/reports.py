"""The monthly report: saving its draft, what keeps it from being filed, filing it and carrying out what it says.

A monthly line never closes a dated obligation unless 「随本次月报申请销号」 is ticked on it. What is ticked is filed, and
what is raised is told, when the report itself is filed: with the leader's signature where one is asked for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction

from liaisons.models import User
from reform import drafts, filing, month_figures, monthly_lines, moves, problems, report_checks, rights
from reform.models import Evidence, MonthlyReport, Obligation, ReportLine, Submission
from reform.states import UNFILED, State
from xingxian_portal.foundation import clock

UNCHANGED = "本月无变化。"
SUMMARIES_LAST = 1000  # above every position that a task of a plan has


@dataclass(frozen=True)
class LineInput:
    """What was typed for one line; `closes` holds the ids of obligations to be filed with it."""

    text: str = ""
    unchanged: bool = False
    problem: str = ""
    closes: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def kept(cls, line: ReportLine) -> LineInput:
        """Give what is kept for a line: one query for its ticks."""
        return cls(line.text, line.unchanged, line.problem, frozenset(row.pk for row in line.closes.all()))


@dataclass(frozen=True)
class Zero:
    """What was typed of a 零报告: that it is one, why, and that the unit stands by it."""

    chosen: bool = False
    reason: str = ""
    confirmed: bool = False


NOT_ZERO = Zero()


@transaction.atomic
def draft_of(report: Obligation, *, by: User, at: dt.datetime | None = None) -> Submission:
    """Give the month's draft with a line for each task owed; a refiled one begins with what was filed before."""
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    return _draft(report, by, at or clock.now())


def _draft(report: Obligation, by: User, at: dt.datetime) -> Submission:
    draft = drafts.begin(report, by, at)
    kept, new = MonthlyReport.objects.get_or_create(submission=draft)
    last = report.submissions.filter(number__lt=draft.number, report__isnull=False).order_by("number").last()
    if new and last:
        kept.is_zero, kept.zero_reason = last.report.is_zero, last.report.zero_reason
        kept.save(update_fields=["is_zero", "zero_reason"])
    _settle_lines(kept, report, last if new else None)
    return draft


def _settle_lines(kept: MonthlyReport, report: Obligation, last: Submission | None) -> None:
    """Give the draft the lines that are owed now; a line no longer owed goes, unless something stands on it."""
    wanted = {line.key: line for line in monthly_lines.wanted(report)}
    there = {line.key: line for line in kept.lines.select_related("task")}
    for key in there.keys() - wanted.keys():
        if not (there[key].text.strip() or there[key].problem.strip()):
            there[key].delete()
    before = {line.key: line for line in last.report.lines.select_related("task")} if last else {}
    told = {
        key: monthly_lines.Wanted(line.task, line.kind) for key, line in before.items() if report_checks.tells(line)
    }
    missing = [line for key, line in (told | wanted).items() if key not in there]
    first_texts = monthly_lines.summaries(report, missing)
    for line in missing:
        _add_line(kept, line, before.get(line.key), first_texts.get(line.key, ""))


def _add_line(kept: MonthlyReport, line: monthly_lines.Wanted, before: ReportLine | None, first_text: str) -> None:
    contents: dict[str, Any] = {"text": first_text}
    if before:
        text = "" if before.unchanged else before.text
        contents = {"text": text, "unchanged": before.unchanged, "problem": before.problem}
    position = line.task.position + (SUMMARIES_LAST if line.kind == ReportLine.SUMMARY else 0)
    ReportLine.objects.create(report=kept, task=line.task, kind=line.kind, position=position, **contents)


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
    draft = _draft(report, by, at)
    kept = draft.report
    there = {line.key: line for line in kept.lines.select_related("task").prefetch_related("closes")}
    closable = monthly_lines.closable(report)
    typed = {key: _within(lines[key], closable, line) for key, line in there.items() if key in lines}
    changed = {key: line for key, line in typed.items() if line != LineInput.kept(there[key])}
    if changed or zero != Zero(kept.is_zero, kept.zero_reason, kept.zero_confirmed):
        drafts.touch(draft, by=by, seen=seen, at=at)
        kept.is_zero, kept.zero_reason, kept.zero_confirmed = zero.chosen, zero.reason, zero.confirmed
        kept.save(update_fields=["is_zero", "zero_reason", "zero_confirmed"])
    for key, line in changed.items():
        _keep_line(there[key], line)
    return draft


def _within(typed: LineInput, closable: Mapping[str, list[Obligation]], line: ReportLine) -> LineInput:
    """Give the input with only those ticks that the line may carry: a forged id of another's duty is passed over.

    What was ticked and has been filed since stays ticked, so that the report goes on saying so.
    """
    rows = closable.get(line.task.code, []) if line.kind == ReportLine.PROGRESS else []
    filed = {row.pk for row in line.closes.all() if row.state not in UNFILED}
    return replace(typed, closes=typed.closes & {row.pk for row in rows} | filed)


def _keep_line(line: ReportLine, typed: LineInput) -> None:
    line.text, line.unchanged, line.problem = typed.text, typed.unchanged, typed.problem
    line.save(update_fields=["text", "unchanged", "problem"])
    line.closes.set(typed.closes)


@transaction.atomic
def file(report: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """File the month: the report itself, the obligations ticked on its lines, and the problems raised in it.

    Raises filing.FilingRefused with every reason at once, MoveRefused when it was filed already, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.files_for(by, report.unit))
    draft = _draft(report, by, at)
    if found := report_checks.check(draft):
        raise filing.FilingRefused(found)
    draft.report.lines.filter(unchanged=True).update(text=UNCHANGED)
    report = filing.file_checked(report, draft, by=by, at=at)
    if report.state == State.REVIEW:
        _carry_out(draft, report, by=by, at=at)
    return report


@transaction.atomic
def cosign(report: Obligation, *, by: User, seen: int | None = None, at: dt.datetime | None = None) -> Obligation:
    """Sign the month as the unit's 分管领导: only now it is filed, with all that is ticked and raised in it.

    `seen` is the submission the leader read. Raises MoveRefused, rights.Denied.
    """
    at = at or clock.now()
    report = moves.locked(report.pk)
    rights.require(rights.cosigns_for(by, report.unit))
    signed = filing.waiting_for_signature(report, seen)
    report = filing.cosign_locked(report, by=by, seen=seen, at=at)
    _carry_out(signed, report, by=by, at=at)
    return report


def _carry_out(filed: Submission, report: Obligation, *, by: User, at: dt.datetime) -> None:
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
    handed_in = set(own.evidence.values_list("file_id", flat=True))
    files = filed.evidence.exclude(file_id__in=handed_in).values_list("file_id", flat=True)
    Evidence.objects.bulk_create([Evidence(submission=own, file_id=pk) for pk in files])
    filing.file_checked(row, own, by=by, at=at)
