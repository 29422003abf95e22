"""The real thing done elsewhere in the portal closes the duty by itself: nothing is typed twice (rules: Deliverables)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Q

from liaisons.models import Appointment, Unit, User
from reform import done_elsewhere, drafts, filing, moves, review
from reform.laying_down import lay_down
from reform.models import Milestone, Obligation, Submission
from reform.states import OPEN, UNFILED, State, Verb
from xingxian_portal.foundation import clock

NAMED = frozenset({Appointment.LEADER, Appointment.LIAISON})


def on_appointed(*, unit: Unit, posts: frozenset[str], by: User, at: dt.datetime, **_: Any) -> None:
    """Close the unit's 确定专人 when both its 分管领导 and its 联络员 are named; hears `liaisons.announcements`."""
    if posts >= NAMED:
        discharge(unit, Milestone.LIAISON, by=by, at=at, reason="分管领导和联络员已确定")


def discharge(unit: Unit, deliverable: str, *, by: User, at: dt.datetime, reason: str) -> list[Obligation]:
    """Close what the unit still owes of this deliverable, counted on the day of `at`; gives what was closed.

    Call it inside the transaction of the real thing.
    """
    return [_close(row, by, at, reason) for row in _owed(unit, deliverable, OPEN)]


def submit(unit: Unit, deliverable: str, *, by: User, at: dt.datetime, text: str) -> list[Obligation]:
    """File what the unit still has to file of this deliverable; gives the duties. Raises filing.FilingRefused.

    Call it inside the transaction of the real thing, as `send_back` and `withdraw`.
    """
    return [_file(row, by, at, text) for row in _owed(unit, deliverable, UNFILED)]


def send_back(
    unit: Unit, deliverable: str, *, by: User, at: dt.datetime, reason: str, mend_by: dt.date
) -> list[Obligation]:
    """退回补正: the clock of the first filing stays."""
    rows = _owed(unit, deliverable, frozenset({State.REVIEW}))
    return [review.send_back(row, by=by, reason=reason, mend_by=mend_by, at=at) for row in rows]


def withdraw(unit: Unit, deliverable: str, *, by: User, at: dt.datetime) -> list[Obligation]:
    """撤回: that filing no longer counts."""
    rows = _owed(unit, deliverable, frozenset({State.COSIGNING, State.REVIEW}))
    return [filing.withdraw(row, by=by, at=at) for row in rows]


def approve(unit: Unit, deliverable: str, *, by: User, at: dt.datetime, note: str) -> None:
    """Note that the bureau found the filing good; the duty stays open until the real thing closes it."""
    for obligation in _owed(unit, deliverable, frozenset({State.REVIEW})):
        waiting = obligation.submissions.filter(state=Submission.FILED).exclude(filed_by=by)
        waiting.update(state=Submission.ACCEPTED, reviewed_at=at, reviewed_by=by, review_note=note)


def _owed(unit: Unit, deliverable: str, states: frozenset[State]) -> list[Obligation]:
    # What a merged unit began is ended under its name, while the duty has moved on to its successor.
    whose = Q(unit=unit) | Q(original_unit=unit)
    owed = Obligation.objects.filter(whose, milestone__deliverable=deliverable, state__in=states)
    return [moves.locked(pk) for pk in owed.order_by("pk").values_list("pk", flat=True)]


def _file(obligation: Obligation, by: User, at: dt.datetime, text: str) -> Obligation:
    draft = drafts.begin(obligation, by, at)
    draft.text, draft.saved_at, draft.saved_by = text, at, by
    draft.save(update_fields=["text", "saved_at", "saved_by"])
    return filing.file_checked(obligation, draft, by=by, at=at)


def _close(obligation: Obligation, by: User, at: dt.datetime, reason: str) -> Obligation:
    filed: dict[str, Any] = {"last_filed_at": at, "accepted_at": at, "mend_by": None}
    if obligation.first_filed_at is None:
        filed |= {"first_filed_at": at, "first_filed_on": clock.local_date(at)}
    moves.move(obligation, Verb.DISCHARGE, State.CLOSED, by=by, at=at, reason=reason, **filed)
    # A list's own filing was good; one beside the real thing was never looked at.
    lay_down(obligation, done_elsewhere.accepted(obligation))
    return obligation
