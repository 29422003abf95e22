"""The states of a case (免罚案件) and the one table of allowed moves between them.

That an ordered correction is overdue is no state: it is computed for a given day from the order's deadline.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models


class State(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", "登记中"
    CORRECTING = "correcting", "责令改正中"
    RECHECKED = "rechecked", "已复查待决定"
    DECIDED = "decided", "已决定"
    TRANSFERRED = "transferred", "已转处罚"
    VOID = "void", "作废"


OPEN = frozenset({State.DRAFT, State.CORRECTING, State.RECHECKED})
SETTLED = frozenset({State.DECIDED, State.TRANSFERRED})


class Verb(models.TextChoices):
    """What can be done to a case."""

    RECORD = "record", "登记"
    AMEND = "amend", "修改"
    TICK = "tick", "核对条件"
    ORDER = "order", "责令改正"
    PROMISE = "promise", "登记承诺"
    RECHECK = "recheck", "复查"
    DECIDE = "decide", "作出决定"
    TRANSFER = "transfer", "转处罚"
    SERVE = "serve", "登记送达"
    VOID = "void", "作废"
    PUBLICISE = "publicise", "登记公示"
    HAND_OVER = "hand_over", "并入移交"


@dataclass(frozen=True)
class Allowed:
    """From which states a verb may be done and where it leads; without `to` the state stays."""

    origins: frozenset[State]
    to: State | None = None


MOVES: dict[Verb, Allowed] = {
    Verb.RECORD: Allowed(frozenset(), State.DRAFT),
    Verb.AMEND: Allowed(frozenset({State.DRAFT})),
    Verb.TICK: Allowed(OPEN),
    # A correction that was not made may be ordered once more, with a new deadline.
    Verb.ORDER: Allowed(frozenset({State.DRAFT, State.RECHECKED}), State.CORRECTING),
    Verb.PROMISE: Allowed(frozenset({State.CORRECTING})),
    Verb.RECHECK: Allowed(frozenset({State.CORRECTING}), State.RECHECKED),
    Verb.DECIDE: Allowed(frozenset({State.DRAFT, State.RECHECKED}), State.DECIDED),
    Verb.TRANSFER: Allowed(frozenset({State.DRAFT, State.RECHECKED}), State.TRANSFERRED),
    Verb.SERVE: Allowed(frozenset({State.DECIDED})),
    Verb.VOID: Allowed(OPEN | SETTLED, State.VOID),
    Verb.PUBLICISE: Allowed(frozenset({State.DECIDED})),
    Verb.HAND_OVER: Allowed(OPEN),
}


def allows(verb: Verb, origin: str) -> bool:
    """Say whether `verb` may be done to a case in state `origin` ("" for a new one)."""
    return origin == "" if verb is Verb.RECORD else origin in MOVES[verb].origins


def after(verb: Verb, origin: str) -> str:
    """Give the state in which `verb` leaves a case."""
    return MOVES[verb].to or origin
