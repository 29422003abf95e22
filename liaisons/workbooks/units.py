"""单位名册 as a workbook: units made and corrected by the verbs of their page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from liaisons import units
from liaisons.models import Unit, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Choice, Code, Text, Whole, YesNo
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource


class UnitSheet(SheetResource):
    """Names, kinds and order of the units that stand."""

    slug, title, about = "units", "单位名册", "单位的全称、简称、类别、排序和来源；新单位先加在这里。"
    ignored = ("别名", "群组", "ID", "并入单位", "并入或撤销日期")  # the last three of Django's administration
    code = Column("编码", Code(20), also=["单位编码", "统计用区划代码"], width=14)
    name = Column("全称", Text(60), also=["单位名称", "单位全称"], required=True, width=28)
    short_name = Column("简称", Text(20), required=True, width=16)
    kind = Column("类别", Choice(Unit._meta.get_field("kind").choices or []), required=True)
    position = Column("排序", Whole(0, 32000), width=8)
    confirmed = Column("已核实", YesNo(), width=8)
    source = Column("来源", Text(200), blanks=True, width=40)

    class Meta:
        import_id_fields = ("code",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the units."""
        return by.may(P.MANAGE_UNITS)

    def existing(self) -> dict[Key, Values]:
        """Give every unit; a closed one may stand in a sheet as it is."""
        return {(row["code"],): row for row in Unit.objects.values(*self.columns)}

    def prefilled(self) -> Iterable[Values]:
        """Give the units that stand."""
        return [values for (code,), values in self.existing().items() if code not in self._closed]

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Hold the bureau to be one, and a new unit to a code that a page would take."""
        if values["kind"] == Unit.BUREAU and values["code"] not in self._bureaus:
            yield Fault("kind", "县司法局主管本平台，只有一个。", ["乡镇人民政府", "县直部门", "其他"])
        closed = self._closed.get(values["code"])
        if closed and any(value != closed[name] for name, value in values.items()):
            yield Fault("code", "这个单位已经并入或撤销，不能再改。")

    def prepare(self) -> None:
        """Load which unit is the bureau, and which are closed."""
        closed = Unit.objects.filter(closed_on__isnull=False)
        self._closed = {row["code"]: row for row in closed.values(*self.columns)}
        self._bureaus = set(Unit.objects.filter(kind=Unit.BUREAU).values_list("code", flat=True))

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Make or correct one unit."""
        values: dict[str, Any] = {name: value for name, value in change.after.items() if name in self.columns}
        code = values.pop("code")
        if values.get("position") is None:
            values["position"] = 500
        if change.action == NEW:
            return str(units.create(code=code, by=self.by, at=at, **values).pk)
        before = change.before or {}
        changed = {name: value for name, value in values.items() if value != before.get(name)}
        return str(units.amend(Unit.objects.get(code=code), by=self.by, at=at, **changed).pk)

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take units away again that nothing names yet."""
        units.remove([change.key[0] for change in changes], by=self.by, at=at)
