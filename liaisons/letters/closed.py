"""Addresses that are closed: after a hard bounce or a refusal, until a person opens one again or a new one is given."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Q, QuerySet

from liaisons.models import Letter, Suppression, User
from liaisons.models.contact import MAIL, WEBHOOK
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.refusal import Refused


def digest_of(user: User, channel: str) -> str:
    """Give the digest of the address that `user` has by `channel` now, "" without one."""
    if channel == MAIL:
        return user.contact.email_digest if hasattr(user, "contact") else ""
    return digest(f"{channel}:{user.pk}")


def close(letter: Letter, reason: str, answer: str, *, at: dt.datetime) -> None:
    """Close the address that a letter went to; closing twice changes nothing."""
    address = digest_of(letter.recipient, letter.channel)
    if not address:
        return
    made = Suppression(
        user=letter.recipient, channel=letter.channel, address_digest=address, reason=reason, answer=answer[:300], at=at
    )
    Suppression.objects.bulk_create([made], ignore_conflicts=True)


def standing() -> QuerySet[Suppression]:
    """Give the closed addresses that are still somebody's: one that was replaced is no longer anybody's concern."""
    current = Q(channel=WEBHOOK) | Q(user__contact__email_digest=F("address_digest"))
    rows = Suppression.objects.filter(current, lifted_at__isnull=True, user__is_active=True)
    return rows.select_related("user__unit", "user__contact", "user__person")


@transaction.atomic
def lift(closed: Suppression, *, by: User, at: dt.datetime | None = None) -> None:
    """Open the address again; raises Refused when `by` keeps no contacts."""
    if not by.may(Permission.KEEP_ANY_CONTACTS):
        raise Refused("停用的地址由县司法局工作人员或系统管理员恢复。")
    at = at or clock.now()
    open_rows = Suppression.objects.filter(pk=closed.pk, lifted_at__isnull=True)
    if open_rows.update(lifted_at=at, lifted_by=by):
        audit.record(
            "contact.lift", by=by, subject=closed, after={"user": closed.user_id, "channel": closed.channel}, at=at
        )
