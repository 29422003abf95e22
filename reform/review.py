"""Review by the bureau: accept (销号), 退回补正 and 退回（视同未报）.

Filer and reviewer are two people; the database holds that too. A slow review never makes a unit late.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from liaisons.models import User
from reform import done_elsewhere, filing, moves, rights, telling
from reform.models import Obligation, ReportLine, Submission
from reform.states import State, Verb
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays

MEND_WORKDAYS = 3  # the usual time for mending; the officer may name another day
FARTHEST = dt.timedelta(days=366)


class ReviewRefused(Refused):
    """The return is not complete; `errors` maps a field to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


@transaction.atomic
def begin(submission: Submission, *, by: User, at: dt.datetime | None = None) -> None:
    """Note that review has begun: from now on the unit can no longer withdraw. Beginning twice changes nothing.

    Nor does it when one looks at what one filed oneself: somebody else reviews that.
    """
    rights.require(rights.reviews(by))
    at = at or clock.now()
    obligation = moves.locked(submission.obligation_id)
    waiting = Submission.objects.filter(pk=submission.pk, state=Submission.FILED, review_began_at=None)
    if waiting.exclude(filed_by=by).update(review_began_at=at):
        audit.record("submission.begin_review", by=by, subject=submission, unit_code=obligation.unit.code, at=at)


def usual_mend_by(today: dt.date, workdays: Workdays) -> dt.date:
    """Give the day proposed for mending what is returned today."""
    return workdays.shift(today, MEND_WORKDAYS)


def _under_review(obligation: Obligation, seen: int | None, by: User) -> Submission:
    filed = obligation.submissions.filter(state=Submission.FILED).first()
    if filed is None:
        raise moves.MoveRefused(
            f"这件事项现在是“{obligation.get_state_display()}”，没有待审核的报送，可能已由别人处理。"
        )
    if seen is not None and filed.pk != seen:
        raise moves.MoveRefused("该单位已重新报送，您看到的不是最新内容，请刷新后再审核。")
    if filed.filed_by_id == by.pk:
        raise moves.MoveRefused("报送人和审核人不能是同一个人，请由另一名工作人员审核。")
    return filed


def _reviewed(filed: Submission, state: str, *, by: User, at: dt.datetime, note: str) -> None:
    filed.state, filed.reviewed_at, filed.reviewed_by, filed.review_note = state, at, by, note
    filed.save(update_fields=["state", "reviewed_at", "reviewed_by", "review_note"])


@transaction.atomic
def accept(
    obligation: Obligation, *, by: User, seen: int | None = None, note: str = "", at: dt.datetime | None = None
) -> Obligation:
    """销号. `seen` is the submission the officer looked at; raises MoveRefused when it is no longer the one."""
    rights.require(rights.reviews(by))
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    done_elsewhere.require_done(obligation)
    filed = _under_review(obligation, seen, by)
    _reviewed(filed, Submission.ACCEPTED, by=by, at=at, note=note)
    moves.move(obligation, Verb.ACCEPT, State.CLOSED, by=by, at=at, reason=note, accepted_at=at, mend_by=None)
    telling.of_move(obligation, Verb.ACCEPT.label, f"{obligation.name}已销号", body=note, by=by, at=at)
    return obligation


@dataclass(frozen=True)
class Outcome:
    """What became of one of many: the obligation, and why not if it was refused."""

    obligation: Obligation
    refused: str = ""


def accept_many(seen: Iterable[tuple[Obligation, int]], *, by: User, at: dt.datetime | None = None) -> list[Outcome]:
    """Accept many filings after looking at them, each in its own transaction; one refusal stops no other."""
    outcomes = []
    for obligation, submission in seen:
        try:
            outcomes.append(Outcome(accept(obligation, by=by, seen=submission, at=at)))
        except moves.MoveRefused as refused:
            outcomes.append(Outcome(obligation, str(refused)))
    return outcomes


@transaction.atomic
def send_back(
    obligation: Obligation,
    *,
    by: User,
    reason: str,
    mend_by: dt.date | None,
    as_unfiled: bool = False,
    seen: int | None = None,
    line_notes: Mapping[int, str] | None = None,
    at: dt.datetime | None = None,
) -> Obligation:
    """退回补正 keeps the clock of the first filing; 退回（视同未报） voids it.

    `line_notes` maps lines of a monthly report to what is to be mended in them. Raises ReviewRefused, MoveRefused.
    """
    rights.require(rights.reviews(by))
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    filed = _under_review(obligation, seen, by)
    mend_by = _checked_return(reason, mend_by, at)
    _reviewed(filed, Submission.VOIDED if as_unfiled else Submission.RETURNED, by=by, at=at, note=reason)
    _note_lines(filed, line_notes or {})
    verb = Verb.RETURN_AS_UNFILED if as_unfiled else Verb.RETURN_FOR_MENDING
    moves.move(
        obligation, verb, State.DOING, by=by, at=at, reason=reason, mend_by=mend_by,
        cycle_no=obligation.cycle_no + 1, **filing.first_filing(obligation),
    )  # fmt: skip
    title = f"{obligation.name}{verb.label}，请在{telling.day(mend_by)}前改好再报"
    telling.of_move(obligation, verb.label, title, body=reason, by=by, at=at)
    return obligation


def _checked_return(reason: str, mend_by: dt.date | None, at: dt.datetime) -> dt.date:
    today, errors = clock.local_date(at), {}
    if not reason.strip():
        errors["reason"] = "请写明退回的理由，让承办单位知道改什么。"
    if mend_by is None:
        errors["mend_by"] = "请填写补正期限。"
    elif not today <= mend_by <= today + FARTHEST:
        errors["mend_by"] = "补正期限应在今天或之后、一年以内。"
    if errors or mend_by is None:
        raise ReviewRefused(errors)
    return mend_by


def _note_lines(filed: Submission, notes: Mapping[int, str]) -> None:
    for line in ReportLine.objects.filter(report__submission=filed, pk__in=notes):
        line.returned, line.review_note = True, notes[line.pk].strip()
        line.save(update_fields=["returned", "review_note"])
