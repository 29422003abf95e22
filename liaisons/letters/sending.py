"""Letters go out: claimed in chunks, read again just before they go, recorded one by one.

G4: whoever has filed is not reminded. The subjects are read again when a chunk is claimed and, while it goes out,
whenever that reading is older than `FRESH_SECONDS`.
"""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from liaisons.letters import claiming, delivering, mail, recording, webhook
from liaisons.letters.gathering import gather
from liaisons.letters.outcomes import Permanent, Temporary, Uncertain
from liaisons.letters.writing import Written, write
from liaisons.models import LedgerEntry, Letter, PlannerState
from liaisons.models.contact import INBOX, MAIL, WEBHOOK
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

FRESH_SECONDS = 0.2
LONGEST_RUN = 50.0  # below the schedule's minute: the next call finds what is left
CARRIERS: Mapping[str, Callable[[], AbstractContextManager[Any]]] = {
    INBOX: nullcontext, MAIL: mail.opened, WEBHOOK: webhook.opened,
}  # fmt: skip


def send_due(at: dt.datetime | None = None, seconds: float = LONGEST_RUN) -> Counter[str]:
    """Gather, then send what waits, the inbox first; gives how many letters ended how."""
    at = at or clock.now()
    with clock.held_at(at):
        claiming.take_back()
        gather(at)
        done = send_gathered(at, seconds)
    PlannerState.objects.filter(id=1).update(sender_ran_at=clock.real_now())
    return done


def send_gathered(at: dt.datetime, seconds: float = LONGEST_RUN) -> Counter[str]:
    """Send what waits until nothing does or the time is over; several may run at once."""
    workdays, ends, done = Workdays.load(), time.monotonic() + seconds, Counter[str]()
    for channel in (INBOX, MAIL, WEBHOOK):
        with CARRIERS[channel]() as carrier:  # one connection for all of a channel's letters, opened with the first
            while (begun := time.monotonic()) < ends:
                token, letters = claiming.take(channel, at, workdays)
                if not letters:
                    break
                # Long before the lease ends: a sender that was held up must not send what another has taken up.
                until = min(ends, begun + claiming.lease().total_seconds() / 2)
                done += _send_chunk(carrier, token, letters, at, until)
    return done


def _send_chunk(carrier: Any, token: str, letters: list[Letter], at: dt.datetime, until: float) -> Counter[str]:
    if carrier is None:
        return delivering.into_inboxes(token, letters, at=at)
    done, reading = Counter[str](), _Reading(letters)
    try:
        for letter in letters:
            if time.monotonic() > until:
                break
            done[_send(carrier, letter, token, reading.of(letter), at)] += 1
    finally:
        claiming.give_back(token)
    return done


class _Reading:
    """What a chunk's letters say, read anew when it has grown old."""

    def __init__(self, letters: list[Letter]) -> None:
        self._letters, self._read, self._at = letters, dict[object, Written](), 0.0

    def of(self, letter: Letter) -> Written:
        if time.monotonic() - self._at > FRESH_SECONDS:
            left = self._letters[self._letters.index(letter) :]
            self._read, self._at = write(left), time.monotonic()
        return self._read[letter.pk]


def _send(carrier: Any, letter: Letter, token: str, written: Written, at: dt.datetime) -> str:
    if written.settled:
        settle(written)
    if not written.title:
        Letter.objects.filter(pk=letter.pk, claimed_by=token).update(status=Letter.CANCELLED, lease_until=None)
        return Letter.CANCELLED
    if letter.channel == WEBHOOK:  # from here on it may be out, so nobody else sends it again
        Letter.objects.filter(pk=letter.pk, claimed_by=token).update(under_way=True)
    try:
        outcome = carrier.send(letter, written, getattr(letter.recipient, "contact", None))
    except (Temporary, Permanent, Uncertain) as why:
        recording.failed(letter, token, why, written, at=at)
        return type(why).__name__.lower()
    recording.sent(letter, token, written, outcome, at=at)
    return Letter.SENT


def settle(written: Written) -> None:
    """Cancel the lines whose subject was settled meanwhile, with the reason."""
    for pk, why in written.settled.items():
        LedgerEntry.objects.filter(pk=pk).update(status=LedgerEntry.CANCELLED, reason=why)
