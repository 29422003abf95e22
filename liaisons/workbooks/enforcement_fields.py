"""执法领域 as a workbook: the county's fields of enforcement and the department in charge of each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from liaisons import enforcement_fields
from liaisons.models import EnforcementField, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.groups import CODE, USUAL_PLACE
from liaisons.workbooks.unit_cells import AnyUnit
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Code, Text, Whole, YesNo
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource


class FieldSheet(SheetResource):
    """Names, order and departments in charge."""

    slug, title, about = "fields", "执法领域", "执法领域的名称、主管部门和排序。"
    ignored = ("ID",)
    code = Column("编码", Code(50), also=["领域编码"], width=18)
    name = Column("名称", Text(30), also=["执法领域", "领域", "领域名称"], required=True, width=24)
    in_charge = Column("主管部门", AnyUnit(), blanks=True, width=28)
    position = Column("排序", Whole(0, 32000), width=8)
    confirmed = Column("已核实", YesNo(), width=8)

    class Meta:
        import_id_fields = ("code",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the units."""
        return by.may(P.MANAGE_UNITS)

    def prepare(self) -> None:
        """Load the units' names, and what stands."""
        self._units = cast(AnyUnit, self.columns["in_charge"].kind)
        self._units.load()
        self._there = self.existing()
        self._names = {values["name"]: code for (code,), values in self._there.items()}

    def existing(self) -> dict[Key, Values]:
        """Give every field."""
        rows = EnforcementField.objects.select_related("in_charge")
        return {
            (row.code,): {name: getattr(row, name) for name in self.columns}
            | {"in_charge": row.in_charge.name if row.in_charge else ""}
            for row in rows
        }

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Hold a code to what an address takes, a name to one field, and the department to one that stands."""
        code, name, unit = values["code"], values["name"], values.get("in_charge", "")
        if not CODE.fullmatch(code):
            yield Fault("code", "编码只含数字、字母、短横和下划线。")
        if self._names.get(name, code) != code:
            yield Fault("name", f"“{name}”已是编码 {self._names[name]} 的执法领域。")
        before = self._there.get((code,), {}).get("in_charge", "")
        if unit and unit != before and self._units.units[unit].closed_on:
            yield Fault("in_charge", "这个单位已经并入或撤销，不能主管。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Make or correct one field."""
        values: dict[str, Any] = {name: value for name, value in change.after.items() if name in self.columns}
        before, code = change.before or {}, values.pop("code")
        if values.get("position") is None:
            values["position"] = before.get("position", USUAL_PLACE)
        changed = {name: value for name, value in values.items() if change.action == NEW or value != before.get(name)}
        if "in_charge" in changed:
            changed["in_charge"] = self._units.units.get(changed["in_charge"])
        if change.action == NEW:
            return str(enforcement_fields.create(code=code, by=self.by, at=at, **changed).pk)
        row = EnforcementField.objects.get(code=code)
        return str(enforcement_fields.amend(row, by=self.by, at=at, **changed).pk)

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take fields away again that nothing names yet."""
        enforcement_fields.remove([change.key[0] for change in changes], by=self.by, at=at)
