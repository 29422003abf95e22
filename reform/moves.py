"""The one place that writes the state and the dates of an obligation.

Every verb of the app locks the row with `locked`, checks what is its own to check, and calls `move`, which holds
the verb to the table of `states` and writes the Move and the audit entry in the caller's transaction.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from liaisons.models import User
from reform.laying_down import lay_down
from reform.models import Move, Obligation, Submission
from reform.states import State, Verb, allows
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

# What a verb may set on the row besides its state.
DATED_FIELDS = frozenset({
    "due_on", "first_due_on", "mend_by", "cycle_no", "signed_at", "first_filed_on", "first_filed_at", "last_filed_at", "accepted_at",
    "milestone", "unit", "original_unit",
})  # fmt: skip


class MoveRefused(Refused):
    """The act does not fit the obligation as it stands; the message says why in the user's words."""


def locked(pk: int) -> Obligation:
    """Give the obligation, its row locked until the transaction ends (SQLite locks the whole file instead).

    Raises Obligation.DoesNotExist, and TransactionManagementError outside of a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("办理动作必须在事务里进行。")
    return Obligation.objects.select_for_update(of=("self",)).select_related("unit", "milestone__task").get(pk=pk)


def move(
    obligation: Obligation,
    verb: Verb,
    to: str,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    reason: str = "",
    **changes: Any,
) -> Obligation:
    """Lead a locked obligation to state `to` and write its Move and audit entry; gives the obligation.

    `by` is None for what the portal does by itself. Raises MoveRefused when the table of moves forbids it.
    """
    if not allows(verb, obligation.state, to):
        raise MoveRefused(
            f"这件事项现在是“{obligation.get_state_display()}”，不能再“{verb.label}”。请刷新页面查看最新情况。"
        )
    if unknown := changes.keys() - DATED_FIELDS:
        raise TypeError(f"a move cannot set {sorted(unknown)}")
    at = at or clock.now()
    before = {"state": obligation.state} | {name: _plain(getattr(obligation, name)) for name in changes}
    origin = obligation.state
    obligation.state = to
    for name, value in changes.items():
        setattr(obligation, name, value)
    obligation.save(update_fields=["state", *changes])
    if to == State.REVOKED:
        lay_down(obligation, Submission.WITHDRAWN)
    after = {"state": to} | {name: _plain(value) for name, value in changes.items()}
    _write(obligation, verb, origin, by=by, at=at, reason=reason)
    audit.record(
        f"obligation.{verb}", by=by, subject=obligation, unit_code=obligation.unit.code,
        before=before, after=after, note=reason, at=at,
    )  # fmt: skip
    return obligation


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _write(
    obligation: Obligation, verb: Verb, origin: str, *, by: User | None, at: dt.datetime, reason: str = ""
) -> None:
    Move.objects.bulk_create([recorded(obligation, verb, origin, by=by, at=at, reason=reason)])


def recorded(
    obligation: Obligation, verb: Verb, origin: str, *, by: User | None, at: dt.datetime, reason: str = ""
) -> Move:
    """Give the unsaved Move that describes `obligation` as it stands now; `openings` writes many of them at once."""
    return Move(
        obligation=obligation, verb=verb, from_state=origin, to_state=obligation.state, at=at,
        recorded_at=clock.real_now(), by=by, unit_id=obligation.unit_id, due_on=obligation.due_on,
        mend_by=obligation.mend_by, first_filed_on=obligation.first_filed_on, reason=reason,
    )  # fmt: skip
