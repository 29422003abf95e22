"""Refusals in the audit trail: written after the transaction that refused was undone, and not without limit.

Within a request they are gathered and written by one middleware when the answer is ready; elsewhere at once. Whoever
is refused again and again leaves the first refusals of each ten minutes: a scanner must not fill the disk.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import DatabaseError, models, transaction

from xingxian_portal.foundation import audit, clock, phones, refusal
from xingxian_portal.foundation.audit import AuditEntry

WINDOW = dt.timedelta(minutes=10)
MOST_OF_ONE, MOST_OF_ALL = 30, 600
ENOUGH = f"十分钟内被拒绝已达 {MOST_OF_ONE} 次，此后不再逐条记录。"
LONGEST_NOTE = 300
logger = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Refusal:
    """One refusal as the trail will hold it."""

    action: str
    by: Any = None
    subject: models.Model | None = None
    note: str = ""
    after: dict[str, Any] | None = None


_gathered: ContextVar[list[Refusal] | None] = ContextVar("gathered_refusals", default=None)


class Gathered:
    """What was refused during one request: what verbs noted themselves, and the sentences in which they said no."""

    def __init__(self) -> None:
        self.noted: list[Refusal] = []
        self.said: list[refusal.Refused] = []


@contextmanager
def gathering() -> Iterator[Gathered]:
    """Gather the refusals of the block instead of writing them at once: its transactions may yet be undone."""
    gathered = Gathered()
    tokens = _gathered.set(gathered.noted), refusal.heard.set(gathered.said)
    try:
        yield gathered
    finally:
        _gathered.reset(tokens[0])
        refusal.heard.reset(tokens[1])


def note(refused: Refusal) -> None:
    """Put a refusal into the trail: after the request that is running, or now."""
    gathered = _gathered.get()
    if gathered is None:
        write([refused])
    else:
        gathered.append(refused)


def write(refusals: list[Refusal]) -> None:
    """Write refusals, as many as the limits allow; a database that cannot be written to does not change the answer."""
    try:
        for refused in refusals:
            with transaction.atomic():
                _write(refused)
    except DatabaseError:
        logger.exception("refusal_not_recorded", actions=[refused.action for refused in refusals])


def without_personal_data(sentence: str) -> str:
    """Give a refusal's sentence without the names of files and the numbers that it quotes."""
    return phones.masked_within(re.sub(r"《[^》]*》", "《…》", sentence))[:LONGEST_NOTE]


def _write(refused: Refusal) -> None:
    count, of_all = _recent(refused.by)
    if count >= MOST_OF_ONE or of_all >= MOST_OF_ALL:
        return
    enough = ENOUGH if count == MOST_OF_ONE - 1 else ""
    audit.record(
        refused.action, by=refused.by, subject=refused.subject, after=refused.after, outcome=AuditEntry.REFUSED,
        note="；".join(part for part in (refused.note, enough) if part),
    )  # fmt: skip


def _recent(by: Any) -> tuple[int, int]:
    """Count the refusals of the last ten minutes: of the same person, or of the same address where it is nobody; of all."""
    since = clock.real_now() - WINDOW
    recent = AuditEntry.objects.filter(outcome=AuditEntry.REFUSED, recorded_at__gte=since)
    address = (audit.origin.get() or {}).get("address", "")
    one = models.Q(actor_id=by.pk) if by else models.Q(actor_id=None, address=address)
    counted = recent.aggregate(own=models.Count("pk", filter=one), everyone=models.Count("pk"))
    return counted["own"], counted["everyone"]
