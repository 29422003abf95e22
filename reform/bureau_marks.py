"""What an officer sets by hand: the date of an undated duty, and marks on a continuous one."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from reform import deadlines, moves, rights, telling
from reform.models import Obligation
from reform.states import State, Verb, allows
from xingxian_portal.foundation import clock

FARTHEST = dt.timedelta(days=366 * 2)
MARKS = {State.LAGGING: Verb.MARK_LAGGING, State.ENDED: Verb.MARK_ENDED, State.ONGOING: Verb.MARK_ONGOING}


def may_set_date(obligation: Obligation) -> bool:
    """Say whether the duty still lacks the date that only the bureau can give it."""
    return _lacks_date(obligation) and allows(Verb.SET_DATE, obligation.state, obligation.state)


def _lacks_date(obligation: Obligation) -> bool:
    return obligation.milestone.kind == deadlines.UNDATED and obligation.due_on is None


def marks_for(state: str) -> list[State]:
    """Give the marks a continuous duty in `state` can get; none for any other."""
    return [to for to, verb in MARKS.items() if allows(verb, state, to)]


@transaction.atomic
def set_date(
    obligation: Obligation, due_on: dt.date, *, by: User, reason: str = "", at: dt.datetime | None = None
) -> Obligation:
    """Give an undated duty a date: only from then on can it turn amber or red. Raises MoveRefused, rights.Denied."""
    rights.require(rights.reviews(by))
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    if not _lacks_date(obligation):
        raise moves.MoveRefused("只有未定期限的事项可以在这里确定期限；已有期限的请办理延期。")
    if not clock.local_date(at) <= due_on <= clock.local_date(at) + FARTHEST:
        raise moves.MoveRefused("期限应在今天或之后、两年以内。")
    moves.move(
        obligation, Verb.SET_DATE, obligation.state, by=by, at=at, reason=reason,
        due_on=due_on, first_due_on=due_on, cycle_no=obligation.cycle_no + 1,
    )  # fmt: skip
    title = f"{obligation.name}的期限定为{telling.day(due_on)}"
    telling.of_move(obligation, Verb.SET_DATE.label, title, body=reason, by=by, at=at)
    return obligation


@transaction.atomic
def mark(obligation: Obligation, to: State, *, by: User, reason: str, at: dt.datetime | None = None) -> Obligation:
    """Mark a continuous duty 滞后, 已结束 or again 推进中. Raises MoveRefused, rights.Denied."""
    rights.require(rights.reviews(by))
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    if not reason.strip():
        raise moves.MoveRefused("请写明理由。")
    moves.move(obligation, MARKS[to], to, by=by, at=at, reason=reason)
    title = f"{obligation.name}被标记为“{to.label}”"
    telling.of_move(obligation, MARKS[to].label, title, body=reason, by=by, at=at)
    return obligation
