"""What a granted proposal does to the obligation: the moves of 延期, 免报, 中止, 恢复, 撤销 and 重新办理."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from liaisons.models import User
from reform import deadlines, filing, moves
from reform.models import Obligation, Proposal
from reform.states import EXCUSED, State, Verb

Changes = dict[str, Any]


def carry_out(
    obligation: Obligation, kind: str, *, by: User, at: dt.datetime, reason: str, until: dt.date | None
) -> Obligation:
    """Carry out a granted proposal of `kind` on a locked obligation; raises moves.MoveRefused."""
    verb, to, changes = _EFFECTS[kind](obligation, until)
    if changes.keys() & {"due_on", "mend_by"}:
        changes["cycle_no"] = obligation.cycle_no + 1
    return moves.move(obligation, verb, to, by=by, at=at, reason=reason, **changes)


def _new_date(obligation: Obligation, until: dt.date | None) -> Changes:
    # The first date is kept; a duty that never had one takes this one as its first.
    if until is None:
        return {}
    return {"due_on": until} | ({} if obligation.first_due_on else {"first_due_on": until})


def _extend(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    changes = _new_date(obligation, until)
    if obligation.mend_by and until and obligation.mend_by < until:
        changes["mend_by"] = until
    return Verb.EXTEND, obligation.state, changes


def _exempt(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    return Verb.EXEMPT, State.EXEMPT, {}


def _suspend(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    return Verb.SUSPEND, State.SUSPENDED, {}


def _resume(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    back = State.DOING if obligation.signed_at or obligation.first_filed_at else State.AWAITING
    # A mending date that ran out while the duty stood still must not make it overdue at once.
    return Verb.RESUME, back, _new_date(obligation, until) | {"mend_by": None}


def _revoke(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    return Verb.REVOKE, State.REVOKED, {}


def _reopen(obligation: Obligation, until: dt.date | None) -> tuple[Verb, str, Changes]:
    if obligation.milestone.kind == deadlines.CONTINUOUS:
        return Verb.REOPEN, State.ONGOING, {}
    if obligation.state in EXCUSED:
        # A filing that was laid down with the duty counts no more.
        clocks = filing.first_filing(obligation)
        return Verb.REOPEN, State.DOING, _new_date(obligation, until) | clocks | {"mend_by": None}
    # Closed work that is reopened is mended: its first filing and its date stay.
    return Verb.REOPEN, State.DOING, {"mend_by": until, "accepted_at": None}


_EFFECTS: dict[str, Callable[[Obligation, dt.date | None], tuple[Verb, str, Changes]]] = {
    Proposal.EXTENSION: _extend, Proposal.EXEMPTION: _exempt, Proposal.SUSPENSION: _suspend,
    Proposal.RESUMPTION: _resume, Proposal.REVOCATION: _revoke, Proposal.REOPENING: _reopen,
}  # fmt: skip
