"""What became of a letter, written the moment it is known: at most the one in flight can be lost with its sender."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
from functools import cache

from django.db import connection, transaction

from liaisons.letters import closed, ledger, outcomes, ways
from liaisons.letters.outcomes import Accepted, Permanent, Temporary, Uncertain
from liaisons.letters.writing import Written
from liaisons.models import Attempt, LedgerEntry, Letter, Suppression
from liaisons.models.contact import CALL, MAIL


@cache
def _sent_sql() -> str:
    """Give the UPDATE of `sent`, compiled once: built anew for each of 10,000 letters it costs more than the sending."""
    columns = (
        "status",
        "sent_at",
        "title",
        "answer",
        "attempts",
        "body_hash",
        "lease_until",
        "under_way",
        "error_code",
    )
    quote = connection.ops.quote_name
    values = ", ".join(f"{quote(column)} = %s" for column in columns)
    table = quote(Letter._meta.db_table)
    return f"UPDATE {table} SET {values} WHERE {quote('id')} = %s AND {quote('claimed_by')} = %s"  # noqa: S608 - names of ours


def sent(letter: Letter, token: str, written: Written, outcome: Accepted, *, at: dt.datetime) -> None:
    """Note that the other side took it: one UPDATE."""
    body = hashlib.sha256(written.body.encode()).hexdigest()
    key = Letter._meta.pk.get_db_prep_value(letter.pk, connection)
    when = connection.ops.adapt_datetimefield_value(at)
    values = (Letter.SENT, when, written.title, outcome.answer, letter.attempts + 1, body, None, False, "", key, token)
    with connection.cursor() as cursor:
        cursor.execute(_sent_sql(), values)


@transaction.atomic
def failed(
    letter: Letter, token: str, why: Temporary | Permanent | Uncertain, written: Written, *, at: dt.datetime
) -> None:
    """Note a sending that did not succeed: to be tried again, given to the next way, or shown as unknown."""
    number = letter.attempts + 1
    next_at = _next_attempt(number, at) if isinstance(why, Temporary) else None
    if next_at and next_at > letter.not_after:
        next_at = None
    values = {"attempts": number, "answer": why.answer, "error_code": why.code, "title": written.title}
    status = Letter.UNKNOWN if isinstance(why, Uncertain) else Letter.PLANNED if next_at else Letter.FAILED
    may_be_out = letter.channel == MAIL and (letter.under_way or (isinstance(why, Temporary) and why.may_be_out))
    held = Letter.objects.filter(pk=letter.pk, claimed_by=token, status=Letter.CLAIMED)
    changed = held.update(
        status=status, claimed_by="", lease_until=None, under_way=may_be_out, next_attempt_at=next_at or at, **values
    )
    if not changed:
        return
    Attempt.objects.create(letter=letter, number=number, at=at, outcome=status, answer=why.answer)
    if isinstance(why, Permanent) and why.closes:
        closed.close(letter, Suppression.REJECTED, why.answer, at=at)
    if status == Letter.FAILED:
        next_way(letter, at=at)


def _next_attempt(number: int, at: dt.datetime) -> dt.datetime | None:
    if number >= outcomes.MOST_ATTEMPTS:
        return None
    minutes = outcomes.RETRY_MINUTES[min(number, len(outcomes.RETRY_MINUTES)) - 1]
    spread = random.uniform(1 - outcomes.SPREAD, 1 + outcomes.SPREAD)  # noqa: S311 - spreads load, no secret
    return at + dt.timedelta(minutes=minutes * spread)


def next_way(letter: Letter, *, at: dt.datetime) -> int:
    """Give a letter's lines to the next way that reaches its recipient, the list of calls at last; gives how many."""
    user = letter.recipient
    shut = ways.closed_ways() | {(user.pk, way) for way in _tried(letter)}
    way = ways.way_to(user, shut)
    rows = list(letter.entries.filter(status=LedgerEntry.MERGED))
    ledger.add([_by(entry, way, at) for entry in rows])
    return len(rows)


def _tried(letter: Letter) -> set[str]:
    order = ways.order_of(letter.recipient)
    return set(order[: order.index(letter.channel) + 1]) if letter.channel in order else set(order)


def _by(entry: LedgerEntry, way: str, at: dt.datetime) -> LedgerEntry:
    key = ledger.key_of(
        entry.subject_kind,
        entry.subject_key,
        f"{entry.rule}/{entry.step}",
        entry.cycle_no,
        f"u{entry.recipient_id}",
        way,
    )
    kept = ("subject_kind", "subject_key", "cycle_no", "about", "unit_id", "rule", "rule_version", "step", "step_title",
            "recipient_id", "addressee", "post", "slot", "not_after", "open_until")  # fmt: skip
    values = {name: getattr(entry, name) for name in kept}
    # The day is not over for somebody who can only be called.
    last = max(entry.not_after, at + dt.timedelta(days=1)) if way == CALL else entry.not_after
    return LedgerEntry(
        **values | {"dedupe_key": key, "channel": way, "planned_for": at, "created_at": at, "not_after": last}
    )
