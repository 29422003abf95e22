"""Leavers: some time after somebody's last post has ended and the account is closed, nothing that names them is kept.

    for leaver in leavers.due(at): leavers.anonymise(leaver, at=at)

The rows stay, with who did what on which day, and lead to nobody: name, number, mail, user name and whatever opened
the account go. The audit trail names people by number and is not touched. Whoever holds a post or has an open account
is no leaver, however long ago another post ended.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from liaisons import import_runs, second_factor, sessions
from liaisons.models import (
    Appointment,
    Attempt,
    ContactPreference,
    LedgerEntry,
    Letter,
    Person,
    RoleGrant,
    Suppression,
    User,
)
from xingxian_portal.foundation import audit, clock

NAME = "已离任人员"


@dataclass(frozen=True)
class Leaver:
    """Somebody who left so long ago: a person, an account that no person belongs to, or a person with an account."""

    person: Person | None
    user: User | None
    left_on: dt.date


def due(at: dt.datetime) -> list[Leaver]:
    """Give everybody whose time has come: two queries."""
    people = _people(at).select_related("user").order_by("pk")
    found = [Leaver(person, person.user, getattr(person, "left_on")) for person in people]  # noqa: B009 - annotated
    for user in _accounts(at).order_by("pk"):
        assert user.closed_at
        found.append(Leaver(None, user, clock.local_date(user.closed_at)))
    return found


def _until(at: dt.datetime) -> dt.datetime:
    return at - dt.timedelta(days=settings.PORTAL_LEAVER_DAYS)


def _people(at: dt.datetime) -> QuerySet[Person]:
    serving = Appointment.objects.filter(person=OuterRef("pk"), until_on__isnull=True)
    closed = Q(user__isnull=True) | Q(user__is_active=False, user__closed_at__lte=_until(at))
    rows = Person.objects.filter(~Exists(serving), closed, anonymised_at__isnull=True)
    return rows.annotate(left_on=Max("appointments__until_on")).filter(left_on__lte=clock.local_date(_until(at)))


def _accounts(at: dt.datetime) -> QuerySet[User]:
    rows = User.objects.filter(is_active=False, closed_at__lte=_until(at), anonymised_at__isnull=True)
    return rows.filter(person__isnull=True)


@transaction.atomic
def anonymise(leaver: Leaver, *, at: dt.datetime) -> bool:
    """Take away what names a leaver; says whether it was still to be done. Twice is as once."""
    person = Person.objects.select_for_update().get(pk=leaver.person.pk) if leaver.person else None
    user = User.objects.select_for_update(of=("self",)).get(pk=leaver.user.pk) if leaver.user else None
    if not _is_due(person, user, at):  # the account may have been opened meanwhile
        return False
    after = {"left": leaver.left_on}
    if person:
        _forget_person(person, at)
        audit.record("person.anonymise", subject=person, after=after, at=at)
    if user:
        _forget_account(user, at)
        audit.record("account.anonymise", subject=user, after=after, at=at)
    return True


def _is_due(person: Person | None, user: User | None, at: dt.datetime) -> bool:
    if person:
        return _people(at).filter(pk=person.pk).exists()
    return user is not None and _accounts(at).filter(pk=user.pk).exists()


def _forget_person(person: Person, at: dt.datetime) -> None:
    person.name, person.phone, person.anonymised_at = NAME, "", at
    person.save(update_fields=["name", "phone", "phone_digest", "anonymised_at"])
    LedgerEntry.objects.filter(person=person).update(addressee=NAME)


def _forget_account(user: User, at: dt.datetime) -> None:
    for grant in RoleGrant.objects.filter(user=user).order_by("pk"):
        code = grant.unit.code if grant.unit else ""
        audit.record(
            "role.revoke", subject=user, unit_code=code, before={"role": grant.role, "unit": code}, note=NAME, at=at
        )
        grant.delete()
    # Not a name that a form would take for a new account.
    user.username, user.name, user.anonymised_at = f"{NAME}-{user.pk}", NAME, at
    user.invited_at = user.last_login = None
    user.set_unusable_password()
    user.save()
    user.former_passwords.all().delete()
    second_factor.forget(user)
    sessions.close(user)
    _forget_ways(user)


def _forget_ways(user: User) -> None:
    """Take away the address, and what mail servers said of it."""
    ContactPreference.objects.filter(user=user).delete()
    Suppression.objects.filter(user=user).delete()
    LedgerEntry.objects.filter(recipient=user).update(addressee=NAME)
    Letter.objects.filter(recipient=user, answer__contains="@").update(answer="")
    Attempt.objects.filter(letter__recipient=user, answer__contains="@").update(answer="")


def run(at: dt.datetime | None = None) -> int:
    """Anonymise everybody whose time has come, each in a transaction, and forget imports as old; gives how many people."""
    at = at or clock.now()
    import_runs.forget_people(_until(at))
    return sum(anonymise(leaver, at=at) for leaver in due(at))
