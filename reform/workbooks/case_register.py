"""案卷目录 as a workbook, in and out: one row a file, written by the verbs of the register's pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, cast

from django.db.models import Q

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from liaisons.models import EnforcementField, Unit, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import UnitName
from reform.case_review import register, rights
from reform.forms.case_register import names_of
from reform.models import CaseFile
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import OneRefused, Refused
from xingxian_portal.foundation.workbook import cell_values, outgoing
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import Choice, Day, Kind, Named, Text, Unacceptable, Whole, YesNo
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Subject, Values
from xingxian_portal.foundation.workbook.resource import SheetResource
from xingxian_portal.foundation.workbook.sheets import Sheet

LONGEST_NAMES = 120


class Names(Kind):
    """Several people's names, with whatever between them; kept with 、."""

    hint = "两名以上，用顿号隔开"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the names; raises Unacceptable when there are too many."""
        found = "、".join(names_of(cell_values.without_padding(value)))
        if len(found) > LONGEST_NAMES:
            raise Unacceptable(f"最多 {LONGEST_NAMES} 个字，现在有 {len(found)} 个。", code="too_long")
        return found


def units_kept_by(by: User) -> list[Unit]:
    """Give the units whose register the person keeps, in official order."""
    mine = Q(pk__in=by.unit_ids_with(P.FILE)) | Q(kind=Unit.BUREAU)
    rows = Unit.objects.filter(mine, closed_on__isnull=True)
    return [unit for unit in rows if rights.registers_for(by, unit)]


class CaseRegisterSheet(SheetResource):
    """What a unit registers of its case files."""

    slug, title, about = "case-register", "案卷目录", "已作出决定的案卷，一行一卷；评查从这里随机抽取。"
    number = Column("案卷编号", Text(60), also=["案卷号", "卷号", "决定书文号", "案号"], width=22)
    unit = Column("单位", UnitName(), also=["单位名称", "办案单位", "执法单位"], hint="可以不填；填了须是本单位")
    kind = Column("类别", Choice(CaseFile.KINDS, empty=CaseFile.PUNISHMENT), also=["案卷类别"], width=10)
    field = Column("执法领域", Named("执法领域"), also=["领域"], blanks=True)
    cause = Column("案由", Text(120), also=["案件名称"], required=True, width=28, attribute="title")
    party = Column("当事人", Text(80), also=["当事人名称", "当事人姓名"], required=True, width=20)
    opened_on = Column("立案日期", Day(), blanks=True)
    decided_on = Column("决定日期", Day(), also=["作出决定日期", "处罚决定日期"], required=True)
    closed_on = Column("结案日期", Day(), blanks=True)
    officers = Column("承办人", Names(), also=["执法人员", "承办人员"], required=True, width=18)
    pages = Column("卷内页数", Whole(1, 9999), also=["页数"], blanks=True, width=10)
    is_major = Column("涉企重大处罚", YesNo(), also=["是否涉企重大处罚"], width=12)
    audited_on = Column("法制审核日期", Day(), blanks=True)
    audited_by = Column("法制审核人", Text(30, name=True), blanks=True)
    discussed_on = Column("集体讨论日期", Day(), blanks=True)
    discussion = Column("集体讨论结论", Text(200), blanks=True, width=20)

    class Meta:
        import_id_fields = ("number",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` keeps any unit's register."""
        return by.may(P.FILE) or by.may(P.ORGANISE_REVIEWS)

    @classmethod
    def subjects(cls, by: User) -> list[Subject]:
        """Give the units whose register `by` keeps."""
        return [Subject(unit.code, f"{unit.short_name}案卷目录", unit.code) for unit in units_kept_by(by)]

    def prepare(self) -> None:
        """Load the unit, the names of units, the fields of enforcement."""
        self._today = clock.today()
        kept = {unit.code: unit for unit in units_kept_by(self.by)}
        self._unit = kept.get(self.subject_key)
        cast(UnitName, self.columns["unit"].kind).load([self._unit] if self._unit else [])
        self._fields = {field.name: field for field in EnforcementField.objects.all()}
        cast(Named, self.columns["field"].kind).know({name: name for name in self._fields})
        self._there: dict[Key, Values] = {}
        self._fixed: dict[str, str] | None = None

    def existing(self) -> dict[Key, Values]:
        """Give the unit's register."""
        rows = CaseFile.objects.filter(unit=self._unit).select_related("unit", "field")
        self._there = {(row.number,): self.values(row) for row in rows}
        self._fixed = None
        return self._there

    def values(self, row: CaseFile) -> Values:
        """Give an entry by column; it should come with its unit and field."""
        values: Values = {name: getattr(row, column.attribute or name) for name, column in self.columns.items()}
        values |= {"unit": row.unit.short_name, "officers": "、".join(row.officers)}
        return values | {"field": row.field.name if row.field else ""}

    def complete(self, values: Values) -> None:
        """Take a row that names no unit for the unit's own."""
        if self._unit and not values.get("unit"):
            values["unit"] = self._unit.short_name

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Refuse another unit's rows, what cannot have been so, and changes to what a round has drawn."""
        if self._unit and values["unit"] != self._unit.short_name:
            yield Fault(
                "unit",
                f"这一行是{values['unit']}的，这里只登记{self._unit.short_name}的案卷。",
                [self._unit.short_name],
                "not_yours",
            )
            return
        before = self._there.get((values["number"],))
        whole = (before or {}) | values
        yield from (Fault(name, why) for name, why in register.faults(whole, self._today))
        if before is not None and whole != before and (why := self._fixed_because(values["number"])):
            yield Fault("number", f"{why}，不能修改。", code="fixed")

    def _fixed_because(self, number: str) -> str:
        if self._fixed is None:
            self._fixed = register.fixed(self._unit.pk if self._unit else 0)
        return self._fixed.get(number, "")

    def write_all(self, changes: Sequence[Change], *, at: dt.datetime) -> Iterator[tuple[Change, Refused]]:
        """Enter the new files and correct the entries of others, many at once."""
        assert self._unit
        new = [change for change in changes if change.action == NEW]
        old = [change for change in changes if change.action != NEW]
        part, files = new, self._files(old)
        try:
            made = register.register_all(self._unit, [self._of_the_model(one) for one in new], by=self.by, at=at)
            part, told = old, [(files[one.after["number"]], self._of_the_model(one)) for one in old]
            made += register.edit_all(told, by=self.by, at=at)
        except OneRefused as refused:
            yield part[refused.place], refused
            return
        for change, file in zip((*new, *old), made, strict=True):
            change.target = str(file.pk)

    def _files(self, changes: Sequence[Change]) -> dict[str, CaseFile]:
        numbers = {change.after["number"] for change in changes}
        rows = CaseFile.objects.filter(unit=self._unit) if numbers else CaseFile.objects.none()
        return {file.number: file for file in rows if file.number in numbers}

    def _of_the_model(self, change: Change) -> dict[str, Any]:
        values = {self.columns[name].attribute or name: value for name, value in change.after.items() if name != "unit"}
        return values | {
            "officers": names_of(values["officers"]), "field": self._fields.get(values.get("field", "")),
        }  # fmt: skip

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take entries out again."""
        register.remove_all(list(self._files(changes).values()), by=self.by, at=at)


def make(wish: Wish) -> Made:
    """Give the entries that the asker may read, of all units in official order."""
    rows, sheet = CaseFile.objects.visible_to(wish.user).select_related("unit", "field"), CaseRegisterSheet(wish.user)
    count = rows.count()
    about = wish.about(scope=asking.scope(wish.user), count=count)
    values = (sheet.values(row) for row in rows.iterator())
    page = Sheet("案卷目录", "案卷目录", about, outgoing.heads(sheet), outgoing.rows(sheet, values), paper="A3")
    return Made([page], count)


EXPORT = Export(
    "case-register", "案卷目录", "登记的案卷，一行一卷；改好后可以原样再导入。", exports.REVIEWS,
    lambda user: user.may(P.READ_OWN) or user.may(P.READ_ANY_FILING), make,
)  # fmt: skip
