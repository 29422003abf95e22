"""The real thing done elsewhere in the portal closes the duty by itself: nothing is typed twice (rules: Deliverables)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import Appointment, Unit, User
from reform import moves
from reform.models import Milestone, Obligation, Submission
from reform.states import OPEN, State, Verb
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
    owed = Obligation.objects.filter(unit=unit, milestone__deliverable=deliverable, state__in=OPEN)
    return [_close(moves.locked(pk), by, at, reason) for pk in owed.order_by("pk").values_list("pk", flat=True)]


def _close(obligation: Obligation, by: User, at: dt.datetime, reason: str) -> Obligation:
    filed: dict[str, Any] = {"last_filed_at": at, "accepted_at": at, "mend_by": None}
    if obligation.first_filed_at is None:
        filed |= {"first_filed_at": at, "first_filed_on": clock.local_date(at)}
    moves.move(obligation, Verb.DISCHARGE, State.CLOSED, by=by, at=at, reason=reason, **filed)
    _lay_down(obligation)
    return obligation


def _lay_down(obligation: Obligation) -> None:
    # A text that still waits for a signature or for review asks nobody for anything any more.
    waiting = obligation.submissions.filter(state__in=[Submission.COSIGNING, Submission.FILED])
    waiting.update(state=Submission.WITHDRAWN)
