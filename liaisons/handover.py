"""交接 in one step: the post ends and begins anew, the old account is closed the same minute, the new one takes its place.

The successor gets what the predecessor held for this unit, nothing more, so nobody has to grant a role again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from liaisons import accounts, appointments, contact_ways, departure, invitation_mail, roles
from liaisons.models import Appointment, Notice, Person, RoleGrant, Unit, User
from xingxian_portal.foundation import audit, clock, phones
from xingxian_portal.foundation.refusal import Refused

ROLE_OF_POST = {
    Appointment.LEADER: roles.UNIT_LEADER.slug, Appointment.LIAISON: roles.LIAISON.slug, Appointment.FILER: roles.FILER.slug,
}  # fmt: skip


@dataclass(frozen=True)
class Handover:
    """What came of it: the new post, its account with the password to be told once, and whether the old one is closed.

    Where an invitation was mailed instead, to which address (masked).
    """

    post: Appointment
    account: User | None = None
    password: str = ""
    closed: User | None = None
    mailed_to: str = ""


@transaction.atomic
def hand_over(
    post: Appointment,
    *,
    name: str,
    phone: str,
    username: str = "",
    email: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> Handover:
    """Hand a post over to somebody else; with a `username` the successor gets an account, invited to it at `email`.

    Raises Refused when somebody else has handed it over meanwhile, or when the successor would have no way to log in
    although the predecessor had one.
    """
    at = at or clock.now()
    old = appointments.running(post, by)
    leaver, number = old.person.user, phones.typed(phone)
    if not name.strip() or not number:
        raise Refused("请填写姓名和联系方式。", "phone" if name.strip() else "name")
    if leaver and not username:
        raise Refused("前任用账号登录，请给继任者起一个用户名。", "username")
    appointments.close(old, by=by, at=at)
    account, password = _account(leaver, username, name.strip(), old.unit, by, at)
    person = Person.objects.create(name=name.strip(), phone=number, user=account)
    made = appointments.place(old.unit, old.post, person, by=by, at=at)
    closed = _pass_on(leaver, account, old, by, at) if leaver and account else None
    appointments.announce(old.unit, by=by, at=at)
    mailed_to = _invited(account, email, by, at) if account and email else ""
    return Handover(made, account, "" if mailed_to else password, closed, mailed_to)


def _account(
    leaver: User | None, username: str, name: str, unit: Unit, by: User, at: dt.datetime
) -> tuple[User | None, str]:
    if leaver is None:
        return None, ""
    return accounts.open_account(username=username, name=name, unit=unit, by=by, at=at)


def _invited(account: User, email: str, by: User, at: dt.datetime) -> str:
    """Invite the successor by mail; gives where it went, "" when no mail can go there."""
    address = contact_ways.first_address(account, email, by=by, at=at).email
    if not invitation_mail.reaches(account):
        return ""
    invitation_mail.invite(account, by=by, at=at)
    return address.masked


def _pass_on(leaver: User, account: User, old: Appointment, by: User, at: dt.datetime) -> User | None:
    """Move roles of this unit and unread notices to the successor; gives the leaver if the account was closed.

    Who still holds another post of the unit keeps that post's role, the notices and the account.
    """
    leaver, unit = User.objects.select_for_update(of=("self",)).get(pk=leaver.pk), old.unit
    stays = {ROLE_OF_POST[post.post] for post in appointments.held(unit).filter(person=old.person)}
    for grant in RoleGrant.objects.filter(user=leaver, unit=unit).exclude(role__in=stays).order_by("pk"):
        role = {"role": grant.role, "unit": unit.code}
        audit.record("role.revoke", by=by, subject=leaver, unit_code=unit.code, before=role, at=at)
        audit.record("role.grant", by=by, subject=account, unit_code=unit.code, after=role, at=at)
        grant.user, grant.granted_by, grant.granted_at = account, by, at
        grant.save(update_fields=["user", "granted_by", "granted_at"])
    if stays:
        return None
    Notice.objects.filter(recipient=leaver, opened_at__isnull=True).update(recipient=account)
    return departure.close_unless_needed(leaver, unit, why="交接", by=by, at=at)
