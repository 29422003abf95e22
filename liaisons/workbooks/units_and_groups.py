"""What the sheets of group members and of aliases have in common."""

from __future__ import annotations

from typing import cast

from liaisons.models import User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import AnyUnit, GroupName
from xingxian_portal.foundation.workbook.resource import SheetResource


class UnitsAndGroups(SheetResource):
    """A sheet whose rows name units and groups, kept by those who keep them."""

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the units and groups."""
        return by.may(P.MANAGE_UNITS)

    def prepare(self) -> None:
        """Load the names of units and groups, and what stands."""
        self._groups = cast(GroupName, self.columns["group"].kind)
        self._units = cast(AnyUnit, self.columns["unit"].kind)
        self._groups.load()
        self._units.load()
        self._there = self.existing()
