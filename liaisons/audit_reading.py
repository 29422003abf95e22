"""Reading the audit trail: newest first, page by page along the key, so that a long trail costs no more than a short one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from liaisons.models import Unit, User
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_changes import Change, changes
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
class Line:
    """One entry in words."""

    entry: AuditEntry
    actor: User | None
    action: str
    subject: str
    unit: str
    changes: list[Change]


@dataclass(frozen=True)
class Slice:
    """One page of the trail, and the key to go on from (None at the end)."""

    lines: list[Line]
    older_than: int | None


def read(asked: Asked, before: int | None = None) -> Slice:
    """Give the page of entries older than the key `before`, or the newest: three queries."""
    rows = matching(asked)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    entries = list(rows[: PER_PAGE + 1])
    more = len(entries) > PER_PAGE
    entries = entries[:PER_PAGE]
    people = User.objects.in_bulk({entry.actor_id for entry in entries if entry.actor_id})
    units = dict(Unit.objects.filter(code__in={entry.unit_code for entry in entries}).values_list("code", "short_name"))
    return Slice([_line(entry, people, units) for entry in entries], entries[-1].pk if more else None)


def _line(entry: AuditEntry, people: dict[int, User], units: dict[str, str]) -> Line:
    return Line(
        entry, people.get(entry.actor_id or 0), action_words(entry.action), subject_words(entry.subject_kind, entry.subject_key),
        units.get(entry.unit_code, entry.unit_code), changes(entry.subject_kind, entry.before, entry.after),
    )  # fmt: skip
