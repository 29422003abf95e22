"""Who is bound by a milestone on a day: its parties, groups expanded, the stronger role kept."""

from __future__ import annotations

from collections.abc import Iterable

from liaisons.membership import Memberships
from liaisons.models import Unit
from reform.models import Milestone, Party

STRENGTH = {Party.LEAD: 0, Party.RESPONSIBLE: 1, Party.SUPPORTING: 2}


def units_of(party: Party, memberships: Memberships) -> list[Unit]:
    """Give the units a party stands for on the memberships' day; a closed unit stands for nothing."""
    if party.group_id:
        return memberships.of(party.group_id)
    return memberships.standing(party.unit_id) if party.unit_id else []


def roles_of(parties: Iterable[Party], memberships: Memberships) -> dict[Unit, str]:
    """Give the units that `parties` stand for with their role; named twice, the stronger role counts."""
    roles: dict[Unit, str] = {}
    for party in sorted(parties, key=lambda party: STRENGTH[party.role]):
        for unit in units_of(party, memberships):
            roles.setdefault(unit, party.role)
    return roles


def bound(milestone: Milestone, memberships: Memberships) -> dict[Unit, str]:
    """Give the units the milestone binds with their role.

    `milestone.parties` should be prefetched where many milestones are asked.
    """
    return roles_of(milestone.parties.all(), memberships)
