"""Reading the audit trail: newest first, page by page along the key, so that a long trail costs no more than a short one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from liaisons.models import User
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_words import action_words, subject_words

PER_PAGE = 50


@dataclass(frozen=True)
class Asked:
    """What the reader wants to see; empty values ask for everything. Days are real days in Asia/Shanghai.

    `action` is how it begins, `actor` a username, `unit` a code, `subject` a kind of object and its key, or "" for all.
    """

    action: str = ""
    outcome: str = ""
    actor: str = ""
    unit: str = ""
    subject: tuple[str, str] = ("", "")
    since: dt.date | None = None
    until: dt.date | None = None


def matching(asked: Asked) -> QuerySet[AuditEntry]:
    """Give the entries asked for, newest first."""
    rows = AuditEntry.objects.order_by("-pk")
    if asked.action:
        rows = rows.filter(action__startswith=asked.action)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.actor:
        rows = rows.filter(actor_id__in=User.objects.filter(username=asked.actor).values("pk"))
    if asked.unit:
        rows = rows.filter(unit_code=asked.unit)
    kind, key = asked.subject
    if kind:
        rows = rows.filter(subject_kind=kind, **({"subject_key": key} if key else {}))
    if asked.since:
        rows = rows.filter(recorded_at__gte=clock.day_start(asked.since))
    if asked.until:
        rows = rows.filter(recorded_at__lt=clock.day_end(asked.until))
    return rows


@dataclass(frozen=True)
class Slice:
    """One page of the trail, with the names of those who acted, and the key to go on from (None at the end)."""

    entries: list[AuditEntry]
    older_than: int | None


def read(asked: Asked, before: int | None = None) -> Slice:
    """Give the page of entries older than the key `before`, or the newest: two queries."""
    rows = matching(asked)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    entries = list(rows[: PER_PAGE + 1])
    more = len(entries) > PER_PAGE
    entries = entries[:PER_PAGE]
    people = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    for entry in entries:
        entry.actor = people.get(entry.actor_id)  # type: ignore[attr-defined] # for the page alone
        entry.action_words = action_words(entry.action)  # type: ignore[attr-defined] # so too
        entry.subject_words = subject_words(entry.subject_kind, entry.subject_key)  # type: ignore[attr-defined] # so too
    return Slice(entries, entries[-1].pk if more else None)
