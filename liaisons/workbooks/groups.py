"""单位群组 and who belongs to them as workbooks, written by the verbs of their pages."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

from liaisons import aliases, groups
from liaisons.models import GroupMember, UnitGroup, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import AnyUnit, GroupName
from liaisons.workbooks.units_and_groups import UnitsAndGroups
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Code, Day, Text, Whole, YesNo
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Values
from xingxian_portal.foundation.workbook.resource import SheetResource

CODE = re.compile(r"[-\w]{1,50}", re.ASCII)
USUAL_PLACE = 500


class GroupSheet(SheetResource):
    """The groups that a plan speaks of; their members stand in a sheet of their own."""

    slug, title, about = "groups", "单位群组", "方案里说到的群组：名称、说明、与哪个群组成员相同。成员另有一张表。"
    ignored = ("ID",)
    code = Column("编码", Code(50), also=["群组编码"], width=18)
    name = Column("名称", Text(40), also=["群组", "群组名称"], required=True, width=30)
    follows = Column("成员与此群组相同", GroupName(), blanks=True, width=24)
    note = Column("说明", Text(200), blanks=True, width=40)
    position = Column("排序", Whole(0, 32000), width=8)
    confirmed = Column("成员已核实", YesNo(), also=["已核实"], width=10)

    class Meta:
        import_id_fields = ("code",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps the units and groups."""
        return by.may(P.MANAGE_UNITS)

    def prepare(self) -> None:
        """Load the groups' names."""
        cast(GroupName, self.columns["follows"].kind).load()

    def existing(self) -> dict[Key, Values]:
        """Give every group."""
        rows = UnitGroup.objects.select_related("follows")
        return {(group.code,): self._values(group) for group in rows}

    def _values(self, group: UnitGroup) -> Values:
        values = {name: getattr(group, name) for name in self.columns}
        return values | {"follows": group.follows.name if group.follows else ""}

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Hold a code to what an address takes, and a name to one meaning."""
        if not CODE.fullmatch(values["code"]):
            yield Fault("code", "编码只含数字、字母、短横和下划线。")
        holder = aliases.holder_of(values["name"])
        if holder and not (isinstance(holder, UnitGroup) and holder.code == values["code"]):
            yield Fault("name", f"“{values['name']}”已是“{holder}”的名称或别名。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Make or correct one group."""
        before, after = change.before or {}, _placed(change.after)
        values: dict[str, Any] = {name: after.get(name) for name in self.columns if name in after}
        code, known = values.pop("code"), {group.name: group for group in UnitGroup.objects.all()}
        if change.action == NEW:
            values["follows"] = known.get(values.get("follows", ""))
            return str(groups.create(code=code, by=self.by, at=at, **values).pk)
        changed = {name: value for name, value in values.items() if value != before.get(name)}
        if "follows" in changed:
            changed["follows"] = known.get(changed["follows"])
        return str(groups.amend(UnitGroup.objects.get(code=code), by=self.by, at=at, **changed).pk)

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take groups away again that nothing names yet."""
        groups.remove([change.key[0] for change in changes], by=self.by, at=at)


def _placed(values: Values) -> Values:
    return values | ({"position": USUAL_PLACE} if "position" in values and values["position"] is None else {})


class MemberSheet(UnitsAndGroups):
    """Who belongs to which group from when to when."""

    slug, title = "members", "群组成员"
    about = "每个群组有哪些单位，从哪天起、到哪天止；只影响以后下达的事项。"
    group = Column("群组", GroupName(), required=True, fill_down=True, width=30)
    unit = Column("单位", AnyUnit(), also=["单位名称", "成员", "成员单位"], required=True, width=28)
    joined_on = Column("加入日期", Day(), also=["加入"], width=14)
    left_on = Column("退出日期", Day(), also=["退出"], blanks=True, width=14)

    class Meta:
        import_id_fields = ("group", "unit", "joined_on")

    def existing(self) -> dict[Key, Values]:
        """Give every membership."""
        rows = GroupMember.objects.order_by(
            "group__position", "group__code", "unit__position", "unit__code", "joined_on"
        )
        names = rows.values_list("group__name", "unit__name", "joined_on", "left_on")
        return {tuple(row[:3]): dict(zip(self.columns, row, strict=True)) for row in names}

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Refuse an end before the beginning, and another end where one is set: months were opened by it."""
        begins, ends = values["joined_on"], values.get("left_on")
        before = self._there.get((values["group"], values["unit"], begins), {})
        if ends and ends <= begins:
            yield Fault("left_on", "退出日期应晚于加入日期。")
        elif "left_on" in values and before.get("left_on") and ends != before["left_on"]:
            yield Fault("left_on", f"已于 {before['left_on']} 退出，不能在表里改；要再加入请另写一行。")

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Have one unit join or leave."""
        begins, ends = change.after["joined_on"], change.after.get("left_on")
        group = self._groups.groups[change.after["group"]]
        unit = self._units.units[change.after["unit"]]
        if change.action == NEW:
            member = groups.join(group, unit, on=begins, by=self.by, at=at)
        else:
            member = GroupMember.objects.get(group=group, unit=unit, joined_on=begins)
        if ends is None and change.action != NEW:
            raise Refused("退出不能在表里撤销，请另写一行再加入。", "left_on")
        if ends:
            groups.leave(member, on=ends, by=self.by, at=at)
        return str(member.pk)

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Take a membership away again, as a slip; raises Refused when it has ended."""
        names = dict(zip(self.key_names, change.key, strict=True))
        rows = GroupMember.objects.filter(group__name=names["group"], unit__name=names["unit"])
        member = rows.get(joined_on=names["joined_on"])
        groups.leave(member, on=member.joined_on, by=self.by, at=at)

    def prefilled(self) -> Iterable[Values]:
        """Give every membership: the template is also the way out."""
        return self.existing().values()
