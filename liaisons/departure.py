"""离任 without a successor: the post ends, and with somebody's last post in the unit all rights for it, the same minute."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons import appointments, sessions
from liaisons.models import Appointment, RoleGrant, Unit, User
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

OWN = "自己的岗位请用“交接”交给继任者；没有人接替的，请县司法局办理离任。"


@transaction.atomic
def leave(post: Appointment, *, by: User, at: dt.datetime | None = None) -> User | None:
    """End a post; gives the account that was closed with it, None when there is none or it serves elsewhere.

    Raises Refused when the post has ended already, or is one's own: one would lock oneself out with one click.
    """
    at = at or clock.now()
    old = appointments.running(post, by)
    leaver = old.person.user
    if leaver and leaver.pk == by.pk:
        raise Refused(OWN)
    appointments.close(old, by=by, at=at)
    if leaver is None or appointments.held(old.unit).filter(person=old.person).exists():
        return None
    leaver = User.objects.select_for_update(of=("self",)).get(pk=leaver.pk)
    for grant in RoleGrant.objects.filter(user=leaver, unit=old.unit).order_by("pk"):
        role = {"role": grant.role, "unit": old.unit.code}
        audit.record("role.revoke", by=by, subject=leaver, unit_code=old.unit.code, before=role, note="离任", at=at)
        grant.delete()
    return close_unless_needed(leaver, old.unit, why="离任", by=by, at=at)


def close_unless_needed(leaver: User, unit: Unit, *, why: str, by: User, at: dt.datetime) -> User | None:
    """Close a locked account whose last role is gone, with its sessions; gives it if it was closed."""
    if RoleGrant.objects.filter(user=leaver).exists() or not leaver.is_active:
        return None  # somebody who still serves elsewhere keeps the account for that
    leaver.is_active, leaver.closed_at = False, at
    leaver.save(update_fields=["is_active", "closed_at"])
    sessions.close(leaver)
    audit.record("account.disable", by=by, subject=leaver, unit_code=unit.code, note=why, at=at)
    return leaver
