"""The one place that writes the state of an edition, with its EditionMove and audit entry in the caller's transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from exemptions.edition_states import MOVES, Verb, allows
from exemptions.models import Edition, EditionMove
from liaisons.models import User
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused

# What a verb may set on the row besides its state.
DATED_FIELDS = frozenset({
    "filed_at", "filed_by", "review_note", "mend_by", "record_number", "recorded_at", "recorded_by",
    "published_at", "published_by", "published_link", "effective_from", "effective_until",
})  # fmt: skip


class MoveRefused(Refused):
    """The act does not fit the edition as it stands; the message says why in the user's words."""


def locked(pk: int) -> Edition:
    """Give the edition, its row locked until the transaction ends (SQLite locks the whole file instead)."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("清单的办理动作必须在事务里进行。")
    rows = Edition.objects.select_for_update(of=("self",)).select_related("exemption_list__unit", "based_on")
    return rows.get(pk=pk)


def move(edition: Edition, verb: Verb, *, by: User, at: dt.datetime, note: str = "", **changes: Any) -> Edition:
    """Lead a locked edition where `verb` leads; gives it. Raises MoveRefused when the table of moves forbids it."""
    origin = edition.state if edition.pk else ""
    if not allows(verb, origin):
        raise MoveRefused(
            f"这一版清单现在是“{edition.get_state_display()}”，不能再“{verb.label}”。请刷新页面查看最新情况。"
        )
    if unknown := changes.keys() - DATED_FIELDS:
        raise TypeError(f"a move cannot set {sorted(unknown)}")
    before = {"state": origin} | {name: _plain(getattr(edition, name)) for name in changes}
    edition.state = MOVES[verb][1]
    for name, value in changes.items():
        setattr(edition, name, value)
    edition.save()
    EditionMove.objects.create(
        edition=edition, verb=verb, from_state=origin, to_state=edition.state, at=at, by=by, note=note
    )
    after = {"state": edition.state} | {name: _plain(value) for name, value in changes.items()}
    code = edition.exemption_list.unit.code
    audit.record(f"list.{verb}", by=by, subject=edition, unit_code=code, before=before, after=after, note=note, at=at)
    return edition


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)
