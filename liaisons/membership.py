"""Which units a group stood for on a given day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import Q

from liaisons.models import GroupMember, Unit, UnitGroup


class Memberships:
    """All groups' members on one day, read in three queries and asked without any."""

    def __init__(self, on: dt.date) -> None:
        self._on = on
        self.units = {unit.pk: unit for unit in Unit.objects.all()}
        self._follows = dict(UnitGroup.objects.values_list("pk", "follows"))
        self._members: dict[int, list[int]] = defaultdict(list)
        open_rows = GroupMember.objects.filter(joined_on__lte=on).filter(Q(left_on__isnull=True) | Q(left_on__gt=on))
        for group, unit in open_rows.values_list("group", "unit").order_by("unit__position", "unit__code"):
            if self._stands(unit, on):
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
        return [self.units[pk] for pk in self._members[group]]
