"""What one person asks for and another decides: 延期, 免报, 中止, 恢复, 撤销, 重新办理.

Asking stops nothing. An extension is asked for by the due date 24:00, may be decided later, and the granted date
may differ from the asked one. Two people are needed; the database holds that.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from liaisons.models import User
from reform import deadlines, granted_acts, moves, rights, telling
from reform.models import Obligation, Proposal
from reform.states import CONTINUOUS, OPEN, UNFILED, State
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

FARTHEST = dt.timedelta(days=366 * 2)


class ProposalRefused(Refused):
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
    Proposal.REVOCATION: OPEN | CONTINUOUS | {State.SUSPENDED},
    Proposal.REOPENING: frozenset({State.CLOSED, State.EXEMPT, State.REVOKED}),
}
# An undated duty that is resumed or reopened may go on without a date.
DATED = frozenset({Proposal.EXTENSION, Proposal.RESUMPTION, Proposal.REOPENING})


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
    if obstacle := _obstacle(obligation, kind, clock.local_date(at)):
        raise moves.MoveRefused(obstacle)
    until = until if kind in DATED else None
    errors = {} if reason.strip() else {"reason": "请写明理由。"}
    if errors := errors | _date_errors(obligation, kind, until, clock.local_date(at)):
        raise ProposalRefused(errors)
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


def kinds_for(obligation: Obligation, on: dt.date) -> list[str]:
    """Give the kinds that can be asked for on a day as the obligation stands, in the order of the form."""
    return [kind for kind, _ in Proposal.KINDS if not _obstacle(obligation, kind, on)]


def needs_date(obligation: Obligation, kind: str) -> bool:
    """Say whether a proposal of this kind carries a date."""
    if kind in {Proposal.RESUMPTION, Proposal.REOPENING}:
        return obligation.milestone.kind not in {deadlines.CONTINUOUS, deadlines.UNDATED}
    return kind == Proposal.EXTENSION


def _obstacle(obligation: Obligation, kind: str, on: dt.date) -> str:
    """Give why a kind cannot be asked for on a day, "" when it can."""
    if obligation.state not in _ASKABLE[kind]:
        return f"这件事项现在是“{obligation.get_state_display()}”，不能申请{dict(Proposal.KINDS)[kind]}。"
    monthly = obligation.milestone.kind == deadlines.MONTHLY
    if monthly and kind in {Proposal.EXTENSION, Proposal.SUSPENSION}:
        return "月度报告不能延期或中止；确有特殊情况的，由司法局办理免报。"
    if kind != Proposal.EXTENSION:
        return ""
    if obligation.due_on is None:
        return "这件事项没有定期限，不需要延期。"
    return f"延期须在期限 {obligation.due_on} 24:00 前申请，现在已经过期。" if on > obligation.due_on else ""


def _date_errors(obligation: Obligation, kind: str, until: dt.date | None, earliest: dt.date) -> dict[str, str]:
    """Give what is wrong with the date, by field. An undated duty may be resumed or reopened without one."""
    if until is None:
        return {"until": "请填写日期。"} if needs_date(obligation, kind) else {}
    if kind == Proposal.EXTENSION and obligation.due_on and until <= obligation.due_on:
        return {"until": f"延期后的日期应晚于现在的期限 {obligation.due_on}。"}
    if not earliest <= until <= earliest + FARTHEST:
        return {"until": "日期应在今天或之后、两年以内。"}
    return {}


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
    until = (until or proposal.asked_until) if granted and proposal.kind in DATED else None
    _check_decision(obligation, proposal, granted=granted, until=until, note=note, at=at)
    if granted:
        granted_acts.carry_out(
            obligation, proposal.kind, by=by, at=at, reason=note.strip() or proposal.reason, until=until
        )
    proposal.granted, proposal.granted_until, proposal.decision = granted, until, note
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save()
    audit.record(
        "proposal.decide", by=by, subject=proposal, unit_code=obligation.unit.code,
        after={"granted": granted, "until": until}, note=note, at=at,
    )  # fmt: skip
    proposal.obligation = obligation
    telling.of_decision(proposal, _told(proposal, until), by=by, at=at)
    return proposal


def _check_decision(
    obligation: Obligation, proposal: Proposal, *, granted: bool, until: dt.date | None, note: str, at: dt.datetime
) -> None:
    if not granted:
        if not note.strip():
            raise ProposalRefused({"note": "不同意时请写明理由，让申请单位知道。"})
        return
    today = clock.local_date(at)
    # The bureau may decide late: a granted extension may lie before today, or its slowness would make the unit late.
    earliest = min(obligation.due_on or today, today) if proposal.kind == Proposal.EXTENSION else today
    if errors := _date_errors(obligation, proposal.kind, until, earliest):
        raise ProposalRefused(errors)


def _told(proposal: Proposal, until: dt.date | None) -> str:
    what = f"{proposal.obligation.name}：{proposal.get_kind_display()}"
    if not proposal.granted:
        return f"{what}申请未获同意"
    return f"{what}已获同意" + (f"，期限{telling.day(until)}" if until else "")
