"""别名 as a workbook: other names of units and groups, given and taken by the verbs of their pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaisons import aliases
from liaisons.models import Unit, UnitAlias, UnitGroup
from liaisons.workbooks.unit_cells import AnyUnit, GroupName
from liaisons.workbooks.units_and_groups import UnitsAndGroups
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Text
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Values


class AliasSheet(UnitsAndGroups):
    """One name a row, and what it means: a unit or a group."""

    slug, title, about = "aliases", "别名", "单位和群组的其他叫法；导入各种表时按这些叫法认单位。"
    ignored = ("ID",)
    name = Column("别名", Text(60), also=["其他名称", "叫法"], width=28)
    unit = Column("单位", AnyUnit(), also=["单位名称"], blanks=True, width=28)
    group = Column("群组", GroupName(), blanks=True, width=28)

    class Meta:
        import_id_fields = ("name",)

    def existing(self) -> dict[Key, Values]:
        """Give every alias."""
        rows = UnitAlias.objects.values_list("name", "unit__name", "group__name")
        return {(name,): {"name": name, "unit": unit or "", "group": group or ""} for name, unit, group in rows}

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Hold a name to one meaning, and to one unit or group."""
        unit, group = values.get("unit", ""), values.get("group", "")
        if bool(unit) == bool(group):
            yield Fault("unit", "单位和群组填一个，也只填一个。")
        elif (values["name"],) not in self._there and (holder := aliases.holder_of(values["name"])):
            yield Fault("name", f"“{values['name']}”已是“{holder}”的名称。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Give a name to what it means; one that meant something else is taken from there first."""
        if change.action != NEW:
            self.remove(change, at=at)
        return str(aliases.add(change.after["name"], self._owner(change.after), by=self.by, at=at).pk)

    def _owner(self, values: Values) -> Unit | UnitGroup:
        if unit := values.get("unit"):
            return self._units.units[unit]
        return self._groups.groups[values["group"]]

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Take a name away."""
        row = UnitAlias.objects.select_related("unit", "group").filter(name=change.after["name"]).first()
        if row:
            aliases.remove(row, by=self.by, at=at)
