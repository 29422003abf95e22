"""What one person asks for and another decides: 延期, 免报, 中止, 恢复, 撤销, 重新办理.

Asking stops nothing. An extension is asked for by the due date 24:00, may be decided later, and the granted date
may differ from the asked one. Two people are needed; the database holds that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from liaisons.models import User
from reform import deadlines, moves, rights
from reform.models import Obligation, Proposal
from reform.states import EXCUSED, OPEN, UNFILED, State, Verb
from xingxian_portal.foundation import audit, clock

FARTHEST = dt.timedelta(days=366 * 2)


class ProposalRefused(Exception):
    """The request is not complete; `errors` maps a field to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


# From which states each kind can be asked for.
_ASKABLE: dict[str, frozenset[State]] = {
    Proposal.EXTENSION: OPEN,
    Proposal.EXEMPTION: UNFILED,
    Proposal.SUSPENSION: UNFILED,
    Proposal.RESUMPTION: frozenset({State.SUSPENDED}),
    Proposal.REVOCATION: OPEN | {State.SUSPENDED},
    Proposal.REOPENING: frozenset({State.CLOSED, State.EXEMPT, State.REVOKED}),
}
_NEEDS_DATE = {Proposal.EXTENSION, Proposal.RESUMPTION, Proposal.REOPENING}


@transaction.atomic
def ask(
    obligation: Obligation,
    kind: str,
    *,
    by: User,
    reason: str,
    until: dt.date | None = None,
    at: dt.datetime | None = None,
) -> Proposal:
    """Ask for a change of the obligation; a unit may ask for 延期 only, the bureau for all.

    Raises ProposalRefused, MoveRefused, rights.Denied.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    own = kind == Proposal.EXTENSION and rights.files_for(by, obligation.unit)
    rights.require(own or rights.reviews(by))
    _check_askable(obligation, kind, at)
    _check(obligation, kind, reason, until, at)
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(
                obligation=obligation, kind=kind, reason=reason.strip(), asked_by=by, asked_at=at, asked_until=until
            )
    except IntegrityError as there:
        raise moves.MoveRefused("已经有一份同样的申请在等待决定，没有重复提交。") from there
    audit.record(
        f"proposal.ask.{kind}", by=by, subject=proposal, unit_code=obligation.unit.code,
        after={"until": until}, note=reason, at=at,
    )  # fmt: skip
    return proposal


def _check_askable(obligation: Obligation, kind: str, at: dt.datetime) -> None:
    name = dict(Proposal.KINDS)[kind]
    if obligation.state not in _ASKABLE[kind]:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，不能申请{name}。")
    if kind != Proposal.EXTENSION:
        return
    if obligation.milestone.kind == deadlines.MONTHLY:
        raise moves.MoveRefused("月度报告不能延期；确有特殊情况的，由司法局办理免报。")
    if obligation.due_on is None:
        raise moves.MoveRefused("这件事项没有定期限，不需要延期。")
    if clock.local_date(at) > obligation.due_on:
        raise moves.MoveRefused(f"延期须在期限 {obligation.due_on} 24:00 前申请，现在已经过期。")


def _check(obligation: Obligation, kind: str, reason: str, until: dt.date | None, at: dt.datetime) -> None:
    errors = {} if reason.strip() else {"reason": "请写明理由。"}
    dated = kind in _NEEDS_DATE and not (kind == Proposal.RESUMPTION and obligation.due_on is None)
    if dated and (found := _date_problem(obligation, kind, until, at)):
        errors["until"] = found
    if errors:
        raise ProposalRefused(errors)


def _date_problem(obligation: Obligation, kind: str, until: dt.date | None, at: dt.datetime) -> str:
    today = clock.local_date(at)
    if until is None:
        return "请填写日期。"
    if kind == Proposal.EXTENSION and obligation.due_on and until <= obligation.due_on:
        return f"延期后的日期应晚于现在的期限 {obligation.due_on}。"
    if not today <= until <= today + FARTHEST:
        return "日期应在今天或之后、两年以内。"
    return ""


@transaction.atomic
def decide(
    proposal: Proposal,
    *,
    by: User,
    granted: bool,
    until: dt.date | None = None,
    note: str = "",
    at: dt.datetime | None = None,
) -> Proposal:
    """Grant or refuse; a granted date is `until`, else the one asked for. Raises ProposalRefused, MoveRefused, Denied."""
    rights.require(rights.decides(by))
    at = at or clock.now()
    obligation = moves.locked(proposal.obligation_id)
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.granted is not None:
        raise moves.MoveRefused(f"这份申请已由{proposal.decided_by}作出决定，没有重复处理。")
    if proposal.asked_by_id == by.pk:
        raise moves.MoveRefused("提出人和决定人不能是同一个人。")
    until = (until or proposal.asked_until) if granted else None
    if granted:
        _check(obligation, proposal.kind, proposal.reason, until, at)
        _GRANTED[proposal.kind](obligation, by, at, note or proposal.reason, until)
    proposal.granted, proposal.granted_until, proposal.decision = granted, until, note
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save()
    audit.record(
        "proposal.decide", by=by, subject=proposal, unit_code=obligation.unit.code,
        after={"granted": granted, "until": until}, note=note, at=at,
    )  # fmt: skip
    return proposal


def _extend(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    changes: dict[str, Any] = {"due_on": until, "cycle_no": obligation.cycle_no + 1}
    if obligation.mend_by and until and obligation.mend_by < until:
        changes["mend_by"] = until
    moves.move(obligation, Verb.EXTEND, obligation.state, by=by, at=at, reason=reason, **changes)


def _exempt(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    moves.move(obligation, Verb.EXEMPT, State.EXEMPT, by=by, at=at, reason=reason)


def _suspend(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    moves.move(obligation, Verb.SUSPEND, State.SUSPENDED, by=by, at=at, reason=reason)


def _resume(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    back = State.DOING if obligation.signed_at or obligation.milestone.kind == deadlines.MONTHLY else State.AWAITING
    changes = {"due_on": until, "mend_by": None, "cycle_no": obligation.cycle_no + 1} if until else {}
    moves.move(obligation, Verb.RESUME, back, by=by, at=at, reason=reason, **changes)


def _revoke(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    moves.move(obligation, Verb.REVOKE, State.REVOKED, by=by, at=at, reason=reason)


def _reopen(obligation: Obligation, by: User, at: dt.datetime, reason: str, until: dt.date | None) -> None:
    # Closed work that is reopened is mended, its first filing stays; what was excused gets a new date.
    date = {"due_on": until} if obligation.state in EXCUSED else {"mend_by": until}
    moves.move(
        obligation, Verb.REOPEN, State.DOING, by=by, at=at, reason=reason, accepted_at=None,
        cycle_no=obligation.cycle_no + 1, **date,
    )  # fmt: skip


_GRANTED: dict[str, Callable[[Obligation, User, dt.datetime, str, dt.date | None], None]] = {
    Proposal.EXTENSION: _extend, Proposal.EXEMPTION: _exempt, Proposal.SUSPENSION: _suspend,
    Proposal.RESUMPTION: _resume, Proposal.REVOCATION: _revoke, Proposal.REOPENING: _reopen,
}  # fmt: skip
