"""Whether a unit can be told of its duties: by a 联络员 or 填报员 with an open account and an address that works."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from liaisons import roles
from liaisons.letters import ways
from liaisons.models import Appointment, RoleGrant, Unit, User
from liaisons.models.contact import CALL
from liaisons.permissions import Permission

POSTS = (Appointment.LIAISON, Appointment.FILER)
NO_ACCOUNT, CLOSED, NO_ROLE, BROKEN = "没有账号", "账号已停用", "账号没有填报的角色", "联系方式失效"
NOBODY = "没有登记联络员、填报员"


@dataclass(frozen=True)
class Contact:
    """Somebody who should hear of the unit's duties, and why they do not ("" when they do)."""

    name: str
    post: str
    fault: str = ""
    user_id: int | None = None  # of an open account whose address does not work


@dataclass(frozen=True)
class Reach:
    """One unit with everybody who should hear of its duties."""

    unit: Unit
    contacts: list[Contact]

    @property
    def is_live(self) -> bool:
        """Say whether somebody hears of them."""
        return any(not contact.fault for contact in self.contacts)

    @property
    def why(self) -> str:
        """Give in words why nobody does."""
        return "；".join(f"{one.post}{one.name}{one.fault}" for one in self.contacts) or NOBODY


def of(units: Iterable[Unit]) -> list[Reach]:
    """Give who hears of the duties of each unit, in the order of `units`: three queries for all of them."""
    units = list(units)
    posts, grants = defaultdict(list), defaultdict(list)
    held = Appointment.objects.filter(unit__in=units, post__in=POSTS, until_on=None)
    for post in held.select_related("person__user").order_by("pk"):
        posts[post.unit_id].append(post)
    slugs = [role.slug for role in roles.ALL if Permission.FILE in role.permissions]
    given = RoleGrant.objects.filter(unit__in=units, role__in=slugs)
    for grant in given.select_related("user__contact", "user__person").order_by("user__username", "pk"):
        grants[grant.unit_id].append(grant)
    shut = ways.closed_ways()
    return [Reach(unit, list(_contacts(posts[unit.pk], grants[unit.pk], shut))) for unit in units]


def _contacts(posts: list[Appointment], grants: list[RoleGrant], shut: ways.Closed) -> Iterator[Contact]:
    filing: dict[int, RoleGrant] = {}
    for grant in grants:
        filing.setdefault(grant.user_id, grant)
    for post in posts:
        user, name = post.person.user, post.get_post_display()
        if user is None:
            yield Contact(post.person.name, name, NO_ACCOUNT)
        elif user.pk not in filing:  # of who files the grant speaks
            yield Contact(post.person.name, name, NO_ROLE if user.is_active else CLOSED)
    for grant in filing.values():
        fault = _fault(grant.user, shut)
        yield Contact(grant.user.name, grant.get_role_display(), fault, grant.user_id if fault == BROKEN else None)


def _fault(user: User, shut: ways.Closed) -> str:
    if not user.is_active:
        return CLOSED
    closed = any(pk == user.pk for pk, _ in shut)
    return BROKEN if closed and ways.way_to(user, shut) == CALL else ""
