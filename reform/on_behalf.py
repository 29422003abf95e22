"""代录 in two steps: an officer enters what came on paper for many units as drafts, then files those that are right.

A draft so entered is marked (`filed_on_behalf`, the day of receipt) and is not the unit's: as soon as the unit changes
or files it, it is. A draft that the unit has begun itself is neither shown to the officer nor written over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import QuerySet

from liaisons.models import User
from reform import deadlines, drafts, filing, moves, report_lines, reports, rights
from reform.models import Obligation, Submission
from reform.report_lines import LineInput, Zero
from xingxian_portal.foundation import audit, clock

BEGUN = "单位已经在填写，或已送会签。请等单位报送；确需代录的，在该事项页上办理。"


def entered() -> QuerySet[Submission]:
    """Give the drafts that officers entered and nobody has filed, in official order."""
    rows = Submission.objects.filter(state=Submission.DRAFT, filed_on_behalf=True)
    return rows.order_by(
        "obligation__unit__position", "obligation__unit__code", "obligation__milestone__position", "pk"
    )


@transaction.atomic
def enter_lines(
    report: Obligation,
    lines: Mapping[str, LineInput],
    *,
    received_on: dt.date,
    by: User,
    zero: Zero | None = None,
    at: dt.datetime | None = None,
) -> Submission:
    """Enter lines of a month's report, by their keys, and the 零报告 where one is given; raises Refused, rights.Denied."""
    at = at or clock.now()
    report = _open(report, received_on, by, at)
    draft, there = reports.begun(report, by, at)
    changed = reports.changed_lines(there, lines)
    is_other_zero = zero is not None and zero != report_lines.zero_of(draft)
    _marked(draft, received_on, by=by, at=at, is_changed=bool(changed) or is_other_zero)
    if zero is not None and is_other_zero:
        reports.keep_zero(draft, zero)
    reports.keep_lines(changed)
    return draft


@transaction.atomic
def enter_values(
    obligation: Obligation, values: Mapping[str, str], *, received_on: dt.date, by: User, at: dt.datetime | None = None
) -> Submission:
    """Enter data items by their codes, beside the words of an earlier draft; raises Refused, rights.Denied."""
    at = at or clock.now()
    obligation = _open(obligation, received_on, by, at)
    draft = drafts.begin(obligation, by, at)
    _marked(draft, received_on, by=by, at=at, is_changed=False)
    drafts.write(draft, by=by, text=draft.text, values=values, seen=None, at=at)
    return draft


def _open(obligation: Obligation, received_on: dt.date, by: User, at: dt.datetime) -> Obligation:
    rights.require(rights.reviews(by))
    obligation = moves.locked(obligation.pk)
    filing.require_receivable(obligation, received_on, at)
    last = drafts.latest(obligation)
    if last and last.state == Submission.DRAFT and not last.filed_on_behalf:
        raise filing.FilingRefused({"": BEGUN})
    return obligation


def _marked(draft: Submission, received_on: dt.date, *, by: User, at: dt.datetime, is_changed: bool) -> None:
    if is_changed:
        drafts.touch(draft, by=by, seen=None, at=at)
    draft.filed_on_behalf, draft.received_on = True, received_on
    draft.save(update_fields=["filed_on_behalf", "received_on"])


def _locked(draft: Submission, by: User) -> tuple[Obligation, Submission]:
    rights.require(rights.reviews(by))
    obligation = moves.locked(draft.obligation_id)
    draft = obligation.submissions.get(pk=draft.pk)
    if draft.state != Submission.DRAFT or not draft.filed_on_behalf:
        raise moves.MoveRefused(f"{obligation.unit.short_name}的这份代录草稿已由单位接着填写，或已经登记、放弃。")
    return obligation, draft


@transaction.atomic
def file(draft: Submission, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """登记并送审核: file an entered draft; another officer reviews it. Raises FilingRefused, MoveRefused, rights.Denied."""
    at = at or clock.now()
    obligation, draft = _locked(draft, by)
    is_report = obligation.milestone.kind == deadlines.MONTHLY
    if is_report:
        reports.require_complete(draft)
    elif found := filing.problems(draft):
        raise filing.FilingRefused(found)
    obligation = filing.file_entered(obligation, draft, by=by, at=at)
    if is_report:
        reports.carry_out(draft, obligation, by=by, at=at)
    return obligation


@transaction.atomic
def drop(draft: Submission, *, by: User) -> None:
    """Take an entered draft away again: nobody filed it. Raises MoveRefused, rights.Denied."""
    obligation, draft = _locked(draft, by)
    audit.record("submission.drop", by=by, subject=draft, unit_code=obligation.unit.code)
    draft.delete()
