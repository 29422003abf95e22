"""Invitations by mail, where e-mail is set up and the account has an address that works; else the link is handed over.

The letter goes the way of all letters: it is tried again, a bounce is noticed, the ledger has it. Its link is written
as it leaves and kept nowhere: whoever reads the database or the ledger cannot use it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.conf import settings
from django.db import transaction

from liaisons import invitations
from liaisons.letters import closed, ledger, ways
from liaisons.letters.subjects import Standing
from liaisons.models import LedgerEntry, User
from liaisons.models.contact import MAIL
from xingxian_portal.foundation import clock

KIND = "liaisons.invitation"
TITLE = "请为柔性执法推进平台的账号设置密码"
UNDELIVERED = "平台账号的邀请邮件没有送到，请向系统管理员要邀请链接"
OVER = "邀请已用过、过期或被新的邀请代替"


def reaches(user: User) -> bool:
    """Say whether a mail would reach the account's owner."""
    shut = closed.standing().filter(user=user, channel=MAIL).exists()
    return ways.works(user, MAIL) and not shut


@transaction.atomic
def invite(user: User, *, by: User | None, at: dt.datetime | None = None) -> User:
    """Invite by a mail that goes within a minute at any hour; earlier invitations are void. Raises Refused."""
    at = at or clock.now()
    invitations.invite(user, by=by, note="邮件", at=at)
    user = User.objects.select_related("contact", "unit").get(pk=user.pk)
    ledger.add([_line(user, at)])
    return user


def _line(user: User, at: dt.datetime) -> LedgerEntry:
    stamp = _stamp(user)
    until = at + dt.timedelta(days=settings.PORTAL_INVITATION_DAYS)
    return LedgerEntry(
        dedupe_key=ledger.key_of(KIND, f"{user.pk}:{stamp}", "invitation", 1, f"u{user.pk}", MAIL),
        subject_kind=KIND, subject_key=f"{user.pk}:{stamp}", about="平台账号的邀请", unit=user.unit, rule="invitation",
        step="invite", step_title="账号邀请", recipient=user, addressee=user.name[:40], post="账号", channel=MAIL,
        # Of its own: a second invitation must not wait for the next day's letter.
        slot=f"i{int(stamp) % 16**7:x}", planned_for=at, not_after=until, open_until=until, created_at=at,
    )  # fmt: skip


def _stamp(user: User) -> str:
    assert user.invited_at
    return str(int(user.invited_at.timestamp() * 1000))


def read(entries: Sequence[LedgerEntry]) -> Mapping[int, Standing]:
    """Give what each letter says now, or that its invitation is over."""
    keys = {entry.pk: entry.subject_key.partition(":") for entry in entries}
    users = User.objects.select_related("unit").in_bulk([int(pk) for pk, _, _ in keys.values()])
    return {entry.pk: _standing(entry, users.get(int(keys[entry.pk][0])), keys[entry.pk][2]) for entry in entries}


def _standing(entry: LedgerEntry, user: User | None, stamp: str) -> Standing:
    until = invitations.valid_until(user) if user else None
    if user is None or until is None or _stamp(user) != stamp:
        return Standing(settled=OVER)
    if entry.channel != MAIL:
        return Standing(UNDELIVERED, "/login/")
    day = clock.local_date(until)
    words = (
        f"您的账号已经建好，用户名是 {user.username}。请在 {day:%Y}年{day.month}月{day.day}日前打开下面的链接，设置只有自己知道的密码；"
        f"链接只能用一次，请不要转发。\n\n{settings.PORTAL_PUBLIC_URL}{invitations.path_of(user)}"
    )
    return Standing(TITLE, "/login/", private=words)
