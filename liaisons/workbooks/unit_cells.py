"""Units in cells: by name, short name or alias, however they are spaced; shown by the short name."""

from __future__ import annotations

from collections.abc import Iterable

from liaisons.models import Unit, UnitAlias
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
