"""The ledger as people read it: what became of each line, in words, and how sure that is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from liaisons.models import LedgerEntry, Letter
from liaisons.models.contact import INBOX, MAIL

BAD, WARN, OK, PLAIN = "bad", "warn", "ok", ""


@dataclass(frozen=True)
class Result:
    """What became of a line: words, since when, why, and the colour of the mark."""

    words: str
    tone: str = PLAIN
    at: dt.datetime | None = None
    why: str = ""


def result_of(entry: LedgerEntry) -> Result:
    """Give the highest proof there is: 签收, opened, delivered, taken over; else why nothing was sent."""
    if entry.status == LedgerEntry.CALLED:
        return Result("已电话联系", OK, entry.called_at, entry.called_by.name if entry.called_by else "")
    if entry.status != LedgerEntry.MERGED or entry.letter is None:
        words = (
            "待打电话"
            if entry.channel == "call" and entry.status == LedgerEntry.PLANNED
            else entry.get_status_display()
        )
        return Result(words, PLAIN, None, entry.reason)
    return _of_letter(entry.letter)


def _of_letter(letter: Letter) -> Result:
    if letter.status != Letter.SENT:
        tone = (
            BAD
            if letter.status in (Letter.FAILED, Letter.BOUNCED)
            else WARN
            if letter.status == Letter.UNKNOWN
            else PLAIN
        )
        return Result(letter.get_status_display(), tone, None, letter.answer)
    if letter.channel != INBOX:
        took = "邮件服务器已接收" if letter.channel == MAIL else "对方平台已接收"
        return Result(took, OK, letter.sent_at)
    notice = getattr(letter, "notice", None)
    if notice and notice.acknowledged_at:
        return Result("已签收", OK, notice.acknowledged_at)
    if notice and notice.opened_at:
        return Result("已打开", OK, notice.opened_at)
    return Result("已送达", OK, letter.sent_at)
