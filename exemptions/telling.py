"""What people are told about lists: the unit of what became of its list, the bureau of what waits for it."""

from __future__ import annotations

import datetime as dt

from exemptions import rights
from exemptions.models import Edition
from liaisons import addressees, notices, roles
from liaisons.models import RoleGrant, Unit, User
from liaisons.permissions import Permission

KIND = "清单"


def link_to(edition: Edition) -> str:
    """Give the address at which a notice about the edition opens."""
    return f"/exemptions/editions/{edition.pk}/"


def to_unit(edition: Edition, title: str, *, body: str = "", by: User, at: dt.datetime) -> None:
    """Tell who files for the edition's unit of its newest move."""
    _tell(_filers(edition.exemption_list.unit), edition, title, body, by, at)


def to_bureau(edition: Edition, *, by: User, at: dt.datetime) -> None:
    """Tell the officers who put lists on record that one waits for them."""
    slugs = [role.slug for role in roles.ALL if Permission.RECORD_LISTS in role.permissions]
    grants = RoleGrant.objects.filter(role__in=slugs, user__is_active=True).select_related("user")
    _tell([grant.user for grant in grants], edition, f"请审查：{edition}", "", by, at)


def of_lapse(unit: Unit, title: str, *, body: str, by: User, key: str, at: dt.datetime) -> None:
    """Tell a unit that a legal basis of its list has lapsed."""
    people = [person for person in _filers(unit) if person.pk != by.pk]
    notices.tell(people, KIND, title, body=body, link="/exemptions/adjustments/", dedupe=key, at=at)


def _filers(unit: Unit) -> list[User]:
    keeper = rights.keeper_of(unit)
    return addressees.filers_of([keeper.pk]).get(keeper.pk, [])


def _tell(people: list[User], edition: Edition, title: str, body: str, by: User, at: dt.datetime) -> None:
    key = f"edition-move:{edition.moves.latest('pk').pk}"
    others = [person for person in people if person.pk != by.pk]
    notices.tell(others, KIND, title, body=body, link=link_to(edition), subject=edition, dedupe=key, at=at)
