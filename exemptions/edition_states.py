"""The states of an edition of a list and the one table of allowed moves between them.

Whether an edition is in force on a day is no state: it follows from its dates (`Edition.in_force_on`).
"""

from __future__ import annotations

from django.db import models


class State(models.TextChoices):
    """Where an edition stands."""

    DRAFT = "draft", "草稿"
    FILED = "filed", "待审核"
    MENDING = "mending", "补正"
    RECORDED = "recorded", "准予备案"
    PUBLISHED = "published", "已公布"
    ADJUSTING = "adjusting", "调整中"
    ABOLISHED = "abolished", "已废止"
    DROPPED = "dropped", "已放弃"


EDITABLE = frozenset({State.DRAFT, State.MENDING})
# What a unit works on; there is one at most beside the one in force.
IN_WORK = EDITABLE | {State.FILED, State.RECORDED}
# Of a merged unit's list: what its successor may take over into its own.
COMING_OVER = EDITABLE | {State.PUBLISHED, State.ADJUSTING}
# Published once: open to everybody, and never edited again.
PUBLIC = frozenset({State.PUBLISHED, State.ADJUSTING, State.ABOLISHED})


class Verb(models.TextChoices):
    """What can be done to an edition."""

    BEGIN = "begin", "起草"
    FILE = "file", "报送备案"
    WITHDRAW = "withdraw", "撤回"
    RETURN = "return", "退回补正"
    RECORD = "record", "准予备案"
    PUBLISH = "publish", "公布"
    ADJUST = "adjust", "启动调整"
    SETTLE = "settle", "终止调整"
    SUPERSEDE = "supersede", "由新版次取代"
    ABOLISH = "abolish", "废止"
    DROP = "drop", "放弃草稿"


# From which states a verb may be done, and the one state it leads to; a new edition has no state before.
MOVES: dict[Verb, tuple[frozenset[str], State]] = {
    Verb.BEGIN: (frozenset({""}), State.DRAFT),
    Verb.FILE: (EDITABLE, State.FILED),
    Verb.WITHDRAW: (frozenset({State.FILED}), State.DRAFT),
    Verb.RETURN: (frozenset({State.FILED}), State.MENDING),
    Verb.RECORD: (frozenset({State.FILED}), State.RECORDED),
    Verb.PUBLISH: (frozenset({State.RECORDED}), State.PUBLISHED),
    Verb.ADJUST: (frozenset({State.PUBLISHED}), State.ADJUSTING),
    Verb.SETTLE: (frozenset({State.ADJUSTING}), State.PUBLISHED),
    Verb.SUPERSEDE: (frozenset({State.PUBLISHED, State.ADJUSTING}), State.ABOLISHED),
    Verb.ABOLISH: (frozenset({State.PUBLISHED, State.ADJUSTING}), State.ABOLISHED),
    Verb.DROP: (frozenset({State.DRAFT, State.MENDING}), State.DROPPED),
}


def allows(verb: Verb, origin: str) -> bool:
    """Say whether `verb` may be done in state `origin` ("" for a new row)."""
    return origin in MOVES[verb][0]
