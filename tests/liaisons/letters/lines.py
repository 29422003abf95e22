"""Lines of the ledger for tests of sending, about a subject that the tests themselves keep."""

from __future__ import annotations

import datetime as dt
from itertools import count

from liaisons.letters import ledger, subjects
from liaisons.letters.subjects import Standing
from liaisons.models import ContactPreference, LedgerEntry
from tests.factories import moment

KIND = "tests.subject"
TUESDAY = dt.date(2022, 6, 21)
AT = moment(TUESDAY, 9)
settled: set[str] = set()
_number = count(1)


def at(hour: int, minute: int = 0, day: int = 21) -> dt.datetime:
    """Give a moment of June 2022."""
    return moment(dt.date(2022, 6, day), hour, minute)


def _read(entries):
    return {
        entry.pk: Standing(settled="已报送")
        if entry.subject_key in settled
        else Standing(f"请办理{entry.about}", "/x/")
        for entry in entries
    }


def line(user, channel: str = "inbox", **changes) -> LedgerEntry:
    """Put one line into the ledger, due at 09:00 of the 21st and of use until that day is over."""
    subjects.learn(KIND, _read)
    key = changes.pop("key", str(next(_number)))
    values = {
        "subject_kind": KIND, "subject_key": key, "about": f"事项{key}", "rule": "monthly", "step": "r3", "step_title": "末次提醒",
        "unit": user.unit, "recipient": user, "addressee": user.name, "post": "联络员", "channel": channel, "planned_for": AT,
        "not_after": at(0, day=22), "created_at": AT,
    }  # fmt: skip
    entry = LedgerEntry(**values | changes)
    entry.dedupe_key = ledger.key_of(KIND, key, "monthly/r3", entry.cycle_no, f"u{user.pk}", channel)
    ledger.add([entry])
    return LedgerEntry.objects.get(dedupe_key=entry.dedupe_key)


def mailbox(user, address: str = "", **changes) -> ContactPreference:
    """Give `user` an e-mail address."""
    return ContactPreference.objects.create(user=user, email=address or f"{user.username}@example.com", **changes)
