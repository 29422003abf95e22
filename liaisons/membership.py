"""Which units a group stood for on a given day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from liaisons.models import GroupMember, Unit, UnitGroup

# Group, unit, first day, first day on which it no longer belongs (None: it still does).
Member = tuple[int, int, dt.date, dt.date | None]


@dataclass(frozen=True)
class Tables:
    """Units, groups and memberships of all days; who asks about many days reads them once."""

    units: Mapping[int, Unit]
    follows: Mapping[int, int | None]
    members: Iterable[Member]

    @classmethod
    def load(cls) -> Tables:
        """Read them in three queries."""
        members = GroupMember.objects.values_list("group", "unit", "joined_on", "left_on")
        units = {unit.pk: unit for unit in Unit.objects.all()}
        return cls(units, dict(UnitGroup.objects.values_list("pk", "follows")), list(members))


class Memberships:
    """All groups' members on one day, asked without a query once `tables` are there."""

    def __init__(self, on: dt.date, tables: Tables | None = None) -> None:
        tables = tables or Tables.load()
        self._on = on
        self.units = tables.units
        self._follows = tables.follows
        self._members: dict[int, list[int]] = defaultdict(list)
        for group, unit, joined_on, left_on in tables.members:
            if joined_on <= on and (left_on is None or left_on > on) and self._stands(unit, on):
                self._members[group].append(unit)

    def _stands(self, unit: int, on: dt.date) -> bool:
        closed_on = self.units[unit].closed_on
        return closed_on is None or closed_on > on

    def standing(self, unit: int) -> list[Unit]:
        """Give the unit in a list; if it was merged, its successor; nothing if it was dissolved."""
        found: Unit | None = self.units[unit]
        passed: set[int] = set()  # a ring of successors, which no verb makes, must not hang the job that opens months
        while found and not self._stands(found.pk, self._on):
            passed.add(found.pk)
            successor = found.successor_id or 0
            found = None if successor in passed else self.units.get(successor)
        return [found] if found else []

    def of(self, group: int) -> list[Unit]:
        """Give the group's units in official order; follows the chain of `follows`, a ring of them ends it."""
        seen: set[int] = set()
        while (followed := self._follows.get(group)) and group not in seen:
            seen.add(group)
            group = followed
        return sorted((self.units[pk] for pk in self._members[group]), key=lambda unit: (unit.position, unit.code))
