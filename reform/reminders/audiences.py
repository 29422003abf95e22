"""Who stands behind a step's audience in each unit: five queries for the whole county, then none."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from liaisons import delegating, roles
from liaisons.letters import ways
from liaisons.models import Appointment, Person, RoleGrant, Unit, User
from liaisons.models.contact import CALL
from reform.models import ReminderStep

ROLES = {
    ReminderStep.FILER: roles.FILER, ReminderStep.LIAISON: roles.LIAISON, ReminderStep.LEADER: roles.UNIT_LEADER,
    ReminderStep.DESK: roles.OFFICER, ReminderStep.BUREAU_LEADER: roles.BUREAU_LEADER,
    ReminderStep.ADMIN: roles.SYSTEM_ADMIN,
}  # fmt: skip
POSTS = {
    ReminderStep.LEADER: Appointment.LEADER,
    ReminderStep.LIAISON: Appointment.LIAISON,
    ReminderStep.FILER: Appointment.FILER,
}
COUNTY = frozenset({ReminderStep.DESK, ReminderStep.BUREAU_LEADER, ReminderStep.ADMIN})
NAMES = dict(ReminderStep.AUDIENCES)
MORNING = dt.time(9)
LONGEST_POST = 20


@dataclass(frozen=True)
class Addressee:
    """Somebody who is told: an account, a person who can only be called, or a post that nobody holds."""

    key: str
    name: str
    post: str
    user: User | None = None
    person: Person | None = None
    way: str = CALL
    wanted: dt.time = MORNING


class Audiences:
    """All of them, read once."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        """Read them for steps between these days."""
        self._shut, self._away = ways.closed_ways(), delegating.away(first, last)
        self._accounts: dict[tuple[str, int | None], dict[int, User]] = defaultdict(dict)
        grants = RoleGrant.objects.filter(user__is_active=True).select_related("user__contact", "user__person")
        for grant in grants.order_by("user__username"):
            self._accounts[grant.role, grant.unit_id][grant.user_id] = grant.user
            self._accounts[grant.role, None][grant.user_id] = grant.user
        self._people: dict[tuple[str, int], list[Person]] = defaultdict(list)
        for held in Appointment.objects.filter(until_on=None).select_related("person").order_by("pk"):
            self._people[held.post, held.unit_id].append(held.person)
        self._bureaus = set(Unit.objects.filter(kind=Unit.BUREAU).values_list("pk", flat=True))
        self._made: dict[tuple[str, int | None], list[Addressee]] = {}

    def of(self, names: Iterable[str], unit_id: int | None, day: dt.date) -> list[Addressee]:
        """Give everybody in these audiences of the unit, each person once, under the first post; on leave, who stands in."""
        found: dict[str, Addressee] = {}
        for name in names:
            for one in self._in(name, unit_id):
                there = self._there(one, day) if self._away else one
                found.setdefault(there.key, there)
        return list(found.values())

    def _there(self, one: Addressee, day: dt.date) -> Addressee:
        other = delegating.stand_in_for(one.user.pk, day, self._away) if one.user else None
        return self._account(other, f"{one.post}（代{one.name}）"[:LONGEST_POST]) if other else one

    def _in(self, name: str, unit_id: int | None) -> list[Addressee]:
        key = (name, None if name in COUNTY else unit_id)
        if key not in self._made:
            self._made[key] = self._find(*key)
        return self._made[key]

    def _find(self, name: str, unit_id: int | None) -> list[Addressee]:
        users = list(self._accounts[ROLES[name].slug, unit_id].values())
        if name == ReminderStep.FILER and not users:  # small units have no 填报员: the 联络员 files
            return self._in(ReminderStep.LIAISON, unit_id)
        if unit_id is None or (unit_id in self._bureaus and not users):
            return [self._account(user, NAMES[name]) for user in users] or (
                [] if unit_id is None else self._in(ReminderStep.DESK, None)
            )
        known = {user.person.pk for user in users if hasattr(user, "person")}
        others = [p for p in self._people[POSTS[name], unit_id] if p.pk not in known and p.user_id is None]
        found = [self._account(user, NAMES[name]) for user in users] + [_called(person, name) for person in others]
        return found or [Addressee(f"post:{name}:{unit_id}", f"{NAMES[name]}（未确定）", NAMES[name])]

    def _account(self, user: User, post: str) -> Addressee:
        person = user.person if hasattr(user, "person") else None
        wanted = user.contact.digest_time if hasattr(user, "contact") else MORNING
        return Addressee(f"u{user.pk}", user.name, post, user, person, ways.way_to(user, self._shut), wanted)


def _called(person: Person, name: str) -> Addressee:
    return Addressee(f"p{person.pk}", person.name, NAMES[name], None, person)
