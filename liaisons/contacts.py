"""Who may keep and who may see whose contacts: the bureau and the 系统管理员 every unit's, a unit its own alone."""

from __future__ import annotations

from django.db.models import QuerySet

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.refusal import Refused

SEE_ALL = frozenset({Permission.KEEP_ANY_CONTACTS, Permission.SEE_PHONES})


def units_seen_by(user: User) -> QuerySet[Unit]:
    """Give the standing units whose contacts `user` sees, in official order; the bureau, which asks, is not among them."""
    units = Unit.objects.filter(closed_on__isnull=True).exclude(kind=Unit.BUREAU).order_by("position", "code")
    if user.permissions & SEE_ALL:
        return units
    return units.filter(pk__in=user.unit_ids_with(Permission.READ_OWN))


def units_kept_by(user: User) -> QuerySet[Unit]:
    """Give the standing units whose contacts `user` may write."""
    if user.may(Permission.KEEP_ANY_CONTACTS):
        return units_seen_by(user)
    return units_seen_by(user).filter(pk__in=user.unit_ids_with(Permission.KEEP_CONTACTS))


def keeps(user: User, unit: Unit) -> bool:
    """Say whether `user` may write the contacts of `unit`."""
    return user.may(Permission.KEEP_ANY_CONTACTS) or unit.pk in user.unit_ids_with(Permission.KEEP_CONTACTS)


def require_keeper(user: User, unit: Unit) -> None:
    """Raise Refused unless `user` may write the contacts of `unit` and the unit still stands."""
    if not keeps(user, unit):
        raise Refused(f"{unit.name}的联系人由该单位联络员、县司法局工作人员或系统管理员维护。")
    if unit.closed_on:
        raise Refused(f"{unit.name}已于 {unit.closed_on} 并入或撤销，不能再登记。")


def sees_phones(user: User) -> bool:
    """Say whether `user` may see full numbers of the contacts it sees: by permission, or where it sees its own units alone.

    Who keeps every unit's contacts without that permission sees none in full, be it a liaison besides.
    """
    return user.may(Permission.SEE_PHONES) or (user.may(Permission.READ_OWN) and not user.permissions & SEE_ALL)
