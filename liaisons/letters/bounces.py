"""Bounces: what a mail server sent back later closes the address and gives the lines to the next way.

`manage.py take_bounces` reads them: a mail server's alias pipes each one in, or a folder of them is named.
"""

from __future__ import annotations

import datetime as dt
import re
from email import message_from_bytes
from email.message import Message

from django.db import transaction

from liaisons.letters import bounce_marks, closed, recording
from liaisons.models import Attempt, Letter, Suppression

HARD = re.compile(r"(?im)^Status:\s*5\.(?!4\.4)\d+\.\d+|^Diagnostic-Code:.*\b5[05]\d\b")
LONGEST_READ = 200_000


def take(raw: bytes, *, at: dt.datetime) -> list[Letter]:
    """Read one message; gives the letters that it says could not be delivered. A delay or a stranger's mail is none."""
    text = raw[:LONGEST_READ].decode("utf-8", "replace")
    report = _report_in(message_from_bytes(raw[:LONGEST_READ]))
    if report is None or not HARD.search(report):
        return []
    letters = Letter.objects.filter(pk__in=bounce_marks.letters_in(text), channel="mail")
    return [letter for letter in letters.select_related("recipient__contact") if _bounced(letter, report, at)]


def _report_in(mail: Message) -> str | None:
    """Give the part of the message that says how delivery ended; None when it has none."""
    parts = [part for part in mail.walk() if part.get_content_type() == "message/delivery-status"]
    return "\n".join(str(part) for part in parts) or None


@transaction.atomic
def _bounced(letter: Letter, report: str, at: dt.datetime) -> bool:
    found = HARD.search(report)
    answer = found[0] if found else ""
    if not Letter.objects.filter(pk=letter.pk, status=Letter.SENT).update(status=Letter.BOUNCED, answer=answer[:300]):
        return False
    Attempt.objects.create(letter=letter, number=letter.attempts, at=at, outcome=Letter.BOUNCED, answer=answer[:300])
    closed.close(letter, Suppression.HARD_BOUNCE, answer, at=at)
    recording.next_way(letter, at=at)
    return True
