"""How a person wants to be reached: kept by the person, or for them by whoever keeps contacts."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import ContactPreference, User
from liaisons.models.contact import MAIL
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock, emails
from xingxian_portal.foundation.refusal import Refused

MORNING = dt.time(9)  # when whoever has not said otherwise is reminded


def of(user: User) -> ContactPreference:
    """Give what `user` wants, the usual when nothing was ever said."""
    return ContactPreference.objects.filter(user=user).first() or ContactPreference(user=user)


@transaction.atomic
def keep(
    user: User, *, email: str, first_channel: str, digest_time: dt.time, by: User, at: dt.datetime | None = None
) -> ContactPreference:
    """Keep the address and the wishes; a masked address left as it stood means the one kept.

    Raises Refused when the address is none or `by` is somebody else without the right.
    """
    if by.pk != user.pk and not by.may(Permission.KEEP_ANY_CONTACTS):
        raise Refused("别人的联系方式由县司法局工作人员或系统管理员维护。")
    user = User.objects.select_for_update(of=("self",)).select_related("unit").get(pk=user.pk)
    if user.anonymised_at:
        raise Refused("这个人已离任，个人信息已经删去，不再登记。")
    return _write(user, email, first_channel, digest_time, by, at or clock.now())


def first_address(user: User, email: str, *, by: User, at: dt.datetime | None = None) -> ContactPreference:
    """Keep the address of a new account, as part of the act that makes it. Raises Refused when it is none."""
    return _write(user, email, MAIL, MORNING, by, at or clock.now())


def _write(
    user: User, email: str, first_channel: str, digest_time: dt.time, by: User, at: dt.datetime
) -> ContactPreference:
    row = of(user)
    before = {"email": row.email_digest, "first": row.first_channel, "time": row.digest_time.strftime("%H:%M")}
    row.email = emails.typed(email, kept=row.email)  # type: ignore[arg-type] # an Email, which the field's type calls a Phone
    row.first_channel, row.digest_time = first_channel, digest_time
    row.save()
    after = {"email": row.email_digest, "first": row.first_channel, "time": row.digest_time.strftime("%H:%M")}
    if after != before:
        code = user.unit.code if user.unit else ""
        audit.record("contact.amend", by=by, subject=row, unit_code=code, before=before, after=after, at=at)
    return row
