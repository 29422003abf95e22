"""What a person tells by hand: in the inbox the same moment, outward with the day's letter, and each line in the ledger.

Called inside the act that it tells of. Outward it joins what else the day brings: one message for each person, way and day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from liaisons.letters import ledger, ways, windows
from liaisons.models import LedgerEntry, Letter, Notice, User
from liaisons.models.contact import INBOX, OUTWARD
from liaisons.notices import cut
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

USEFUL_WORKDAYS = 2


@dataclass(frozen=True)
class Matter:
    """One thing that the message is about, as a line of the ledger names it."""

    kind: str
    key: str
    about: str
    unit_id: int
    cycle_no: int


@dataclass(frozen=True)
class Message:
    """What is told. `rule` and `number` name the act, which is told once: a second time is an IntegrityError."""

    rule: str
    number: int
    kind: str
    title: str
    body: str
    link: str


def tell(
    people: Iterable[User], matters: Sequence[Matter], message: Message, *, post: str, at: dt.datetime
) -> list[Notice]:
    """Tell each of the people of all matters; gives the notices. Closed accounts are told nothing."""
    told = [user for user in people if user.is_active]
    workdays, shut = Workdays.load(), ways.closed_ways()
    letters = {user.pk: _letter(user, message, at) for user in told}
    Letter.objects.bulk_create(letters.values())
    notices = Notice.objects.bulk_create(_notice(user, letters[user.pk], message, matters, at) for user in told)
    useful_until = clock.day_end(workdays.shift(clock.local_date(at), USEFUL_WORKDAYS))
    entries: list[LedgerEntry] = []
    for user in told:
        entries += _lines(user, INBOX, matters, message, post, at, at, useful_until, letters[user.pk])
        if (way := ways.way_to(user, shut)) in OUTWARD:
            moment = windows.next_open(at, workdays)
            entries += _lines(user, way, matters, message, post, at, moment, max(useful_until, moment), None)
    ledger.add(entries)
    return notices


def _letter(user: User, message: Message, at: dt.datetime) -> Letter:
    # A slot of its own: what an officer tells now does not wait for tomorrow because the day's letter is out.
    return Letter(
        recipient=user, channel=INBOX, day=clock.local_date(at), slot=f"u{message.number}", status=Letter.SENT,
        not_after=at, next_attempt_at=at, attempts=1, title=cut(message.title), sent_at=at,
    )  # fmt: skip


def _notice(user: User, letter: Letter, message: Message, matters: Sequence[Matter], at: dt.datetime) -> Notice:
    alone = matters[0] if len(matters) == 1 else None
    return Notice(
        recipient=user, kind=message.kind, title=cut(message.title), body=message.body, link=message.link, sent_at=at,
        letter=letter, subject_kind=alone.kind if alone else "", subject_key=alone.key if alone else "",
        dedupe_key=hashlib.sha256(f"{user.pk}:{message.rule}:{message.number}".encode()).hexdigest(),
    )  # fmt: skip


def _lines(
    user: User, channel: str, matters: Sequence[Matter], message: Message, post: str, at: dt.datetime,
    planned_for: dt.datetime, not_after: dt.datetime, letter: Letter | None,
) -> Iterator[LedgerEntry]:  # fmt: skip
    for matter in matters:
        key = ledger.key_of(
            matter.kind, matter.key, f"{message.rule}/{message.number}", matter.cycle_no, f"u{user.pk}", channel
        )
        yield LedgerEntry(
            dedupe_key=key, subject_kind=matter.kind, subject_key=matter.key, cycle_no=matter.cycle_no,
            about=matter.about[:120], unit_id=matter.unit_id, rule=message.rule, step=str(message.number),
            step_title=message.kind, recipient=user, addressee=user.name[:40], post=post, channel=channel,
            planned_for=planned_for, not_after=not_after, letter=letter, created_at=at,
            status=LedgerEntry.MERGED if letter else LedgerEntry.PLANNED,
        )  # fmt: skip
