"""The states of an obligation and the one table of allowed moves between them.

Overdue and colours are not states: they are computed for a given day in `lights`.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """Where an obligation stands."""

    AWAITING = "awaiting", "待签收"
    DOING = "doing", "办理中"
    COSIGNING = "cosigning", "待会签"
    REVIEW = "review", "待审核"
    CLOSED = "closed", "已销号"
    SUSPENDED = "suspended", "中止"
    REVOKED = "revoked", "撤销"
    EXEMPT = "exempt", "免报"
    # A continuous duty has nothing to close; the bureau may mark it.
    ONGOING = "ongoing", "推进中"
    LAGGING = "lagging", "滞后"
    ENDED = "ended", "已结束"


EXCUSED = frozenset({State.SUSPENDED, State.REVOKED, State.EXEMPT})
CONTINUOUS = frozenset({State.ONGOING, State.LAGGING, State.ENDED})
UNFILED = frozenset({State.AWAITING, State.DOING})
OPEN = UNFILED | {State.COSIGNING, State.REVIEW}
# What an amended plan, a merger, a dissolution or a step of its unit still reaches: neither done, nor excused for good.
LIVING = OPEN | {State.SUSPENDED, State.ONGOING, State.LAGGING}


class Verb(models.TextChoices):
    """What can be done to an obligation."""

    OPEN = "open", "下达"
    SIGN_FOR = "sign_for", "签收"
    FILE = "file", "报送"
    SEND_TO_COSIGN = "send_to_cosign", "送分管领导会签"
    COSIGN = "cosign", "会签"
    DECLINE = "decline", "不予会签"
    WITHDRAW = "withdraw", "撤回"
    ACCEPT = "accept", "销号"
    DISCHARGE = "discharge", "以实际完成办结"
    RETURN_FOR_MENDING = "return_for_mending", "退回补正"
    RETURN_AS_UNFILED = "return_as_unfiled", "退回（视同未报）"
    EXTEND = "extend", "延期"
    SET_DATE = "set_date", "确定期限"
    EXEMPT = "exempt", "免报"
    SUSPEND = "suspend", "中止"
    RESUME = "resume", "恢复办理"
    REVOKE = "revoke", "撤销"
    REOPEN = "reopen", "重新办理"
    AMEND = "amend", "随方案修订"
    TRANSFER = "transfer", "随单位并入转移"
    MARK_LAGGING = "mark_lagging", "标记滞后"
    MARK_ENDED = "mark_ended", "标记已结束"
    MARK_ONGOING = "mark_ongoing", "恢复推进"


@dataclass(frozen=True)
class Allowed:
    """From which states a verb may be done and where it may lead; an empty `to` means the state stays."""

    origins: frozenset[State]
    to: frozenset[State] = frozenset()


def _allow(origins: frozenset[State] | set[State], *to: State) -> Allowed:
    return Allowed(frozenset(origins), frozenset(to))


# A new obligation has no state before, so OPEN starts from none.
MOVES: dict[Verb, Allowed] = {
    Verb.OPEN: _allow(set(), State.AWAITING, State.DOING, State.ONGOING),
    Verb.SIGN_FOR: _allow({State.AWAITING}, State.DOING),
    Verb.FILE: _allow(UNFILED, State.REVIEW),
    Verb.SEND_TO_COSIGN: _allow(UNFILED, State.COSIGNING),
    Verb.COSIGN: _allow({State.COSIGNING}, State.REVIEW),
    Verb.DECLINE: _allow({State.COSIGNING}, State.DOING),
    Verb.WITHDRAW: _allow({State.COSIGNING, State.REVIEW}, State.DOING),
    Verb.ACCEPT: _allow({State.REVIEW}, State.CLOSED),
    Verb.DISCHARGE: _allow(OPEN, State.CLOSED),
    Verb.RETURN_FOR_MENDING: _allow({State.REVIEW}, State.DOING),
    Verb.RETURN_AS_UNFILED: _allow({State.REVIEW}, State.DOING),
    # Asked for in time and decided after the filing was accepted, it still sets the date by which the filing is judged.
    Verb.EXTEND: _allow(OPEN | {State.CLOSED}),
    Verb.SET_DATE: _allow(OPEN),
    Verb.EXEMPT: _allow(UNFILED, State.EXEMPT),
    Verb.SUSPEND: _allow(UNFILED, State.SUSPENDED),
    Verb.RESUME: _allow({State.SUSPENDED}, State.AWAITING, State.DOING),
    Verb.REVOKE: _allow(OPEN | {State.SUSPENDED} | CONTINUOUS, State.REVOKED),
    Verb.REOPEN: _allow({State.CLOSED, State.EXEMPT, State.REVOKED}, State.DOING, State.ONGOING),
    Verb.AMEND: _allow(OPEN | {State.SUSPENDED} | CONTINUOUS),
    Verb.TRANSFER: _allow(OPEN | {State.SUSPENDED} | CONTINUOUS),
    Verb.MARK_LAGGING: _allow({State.ONGOING}, State.LAGGING),
    Verb.MARK_ENDED: _allow({State.ONGOING, State.LAGGING}, State.ENDED),
    Verb.MARK_ONGOING: _allow({State.LAGGING, State.ENDED}, State.ONGOING),
}


def allows(verb: Verb, origin: str, to: str) -> bool:
    """Say whether `verb` may lead from state `origin` ("" for a new row) to state `to`."""
    rule = MOVES[verb]
    if verb is Verb.OPEN:
        return origin == "" and to in rule.to
    return origin in rule.origins and (to in rule.to if rule.to else to == origin)
