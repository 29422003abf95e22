"""Who in a unit is told of the unit's business: the people who file for it, and those who sign for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from liaisons import roles
from liaisons.models import RoleGrant, User
from liaisons.permissions import Permission


def filers_of(units: Iterable[int]) -> dict[int, list[User]]:
    """Give the open accounts that file for each unit (联络员、填报员), by the unit's id: one query for all of them."""
    return _holders(Permission.FILE, units)


def cosigners_of(units: Iterable[int]) -> dict[int, list[User]]:
    """Give the open accounts that sign for each unit (分管领导), by the unit's id."""
    return _holders(Permission.COSIGN, units)


def _holders(permission: Permission, units: Iterable[int]) -> dict[int, list[User]]:
    slugs = [role.slug for role in roles.ALL if permission in role.permissions]
    grants = RoleGrant.objects.filter(unit__in=list(units), role__in=slugs, user__is_active=True)
    found: dict[int, dict[int, User]] = defaultdict(dict)  # who holds two such roles is one person
    for grant in grants.select_related("user").order_by("user__username"):
        assert grant.unit_id
        found[grant.unit_id][grant.user_id] = grant.user
    return {unit: list(people.values()) for unit, people in found.items()}
