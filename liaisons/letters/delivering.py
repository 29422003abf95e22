"""Letters into inboxes: a chunk in one transaction, so that each notice is there exactly when its letter says so."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable

from django.db import transaction

from liaisons.letters.writing import Written, write
from liaisons.models import LedgerEntry, Letter, Notice

KIND = "提醒"


@transaction.atomic
def into_inboxes(token: str, letters: list[Letter], *, at: dt.datetime) -> Counter[str]:
    """Write one notice for each letter that still has something to say; gives how many letters ended how."""
    written = write(letters)
    told = [letter for letter in letters if written[letter.pk].title]
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=letter.recipient, kind=KIND, title=written[letter.pk].title, body=written[letter.pk].body,
                link=written[letter.pk].link, sent_at=at, letter=letter,
                dedupe_key=hashlib.sha256(f"letter:{letter.pk}".encode()).hexdigest(),
            )
            for letter in told
        ],
        ignore_conflicts=True,
    )  # fmt: skip
    mine = Letter.objects.filter(claimed_by=token, status=Letter.CLAIMED)
    mine.filter(pk__in=[letter.pk for letter in told]).update(
        status=Letter.SENT, sent_at=at, lease_until=None, attempts=1
    )
    mine.update(status=Letter.CANCELLED, lease_until=None)
    for why, pks in _settled(written.values()).items():
        LedgerEntry.objects.filter(pk__in=pks).update(status=LedgerEntry.CANCELLED, reason=why)
    return Counter({Letter.SENT: len(told), Letter.CANCELLED: len(letters) - len(told)})


def _settled(written: Iterable[Written]) -> dict[str, list[int]]:
    by_reason: dict[str, list[int]] = {}
    for words in written:
        for pk, why in words.settled.items():
            by_reason.setdefault(why, []).append(pk)
    return by_reason
