"""Units in cells: by name, short name or alias, however they are spaced; shown by the short name."""

from __future__ import annotations

from collections.abc import Iterable

from liaisons.models import Unit, UnitAlias, UnitGroup
from xingxian_portal.foundation.workbook.kinds import Named


class UnitName(Named):
    """A unit that stands; its value is the short name. `load` it when the sheet is opened."""

    def __init__(self) -> None:
        super().__init__("单位")
        self._units: dict[str, Unit] = {}

    def load(self, offered: Iterable[Unit]) -> None:
        """Learn every unit's names in three queries at most; `offered` are those of the drop-down."""
        units = {unit.pk: unit for unit in Unit.objects.filter(closed_on__isnull=True)}
        names = {name: unit.short_name for unit in units.values() for name in (unit.name, unit.short_name)}
        for name, pk in UnitAlias.objects.filter(unit__in=units).values_list("name", "unit"):
            names.setdefault(name, units[pk].short_name)
        self._units = {unit.short_name: unit for unit in units.values()}
        self.know(names, [unit.short_name for unit in offered])

    def unit(self, short_name: str) -> Unit:
        """Give the unit behind a value."""
        return self._units[short_name]


class AnyUnit(Named):
    """A unit by its full name, closed ones too; its value is the full name, as Django's administration shows it."""

    def __init__(self) -> None:
        super().__init__("单位")
        self.units: dict[str, Unit] = {}

    def load(self) -> None:
        """Learn all names in two queries: full names first, then short names of those that stand."""
        rows = list(Unit.objects.all())
        self.units = {unit.name: unit for unit in rows}
        standing = [unit for unit in rows if unit.closed_on is None]
        short = {unit.short_name: unit.name for unit in standing}
        self.know(short | {name: name for name in self.units}, [unit.name for unit in standing])


class GroupName(Named):
    """A group by its name."""

    def __init__(self) -> None:
        super().__init__("群组")
        self.groups: dict[str, UnitGroup] = {}

    def load(self) -> None:
        """Learn all names in one query."""
        self.groups = {group.name: group for group in UnitGroup.objects.all()}
        self.know({name: name for name in self.groups})
