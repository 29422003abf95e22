"""免罚案件 coming in: what is recorded of a case, in the columns of the ledger that goes out. Each lands as a draft.

Orders, rechecks and decisions have their own acts on the case's page, with numbers and deadlines: their columns are
not read here.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import cast

from django.db.models import QuerySet

from exemptions.cases import facts, handlers, items, parties, recording
from exemptions.cases.facts import LONGEST, Record
from exemptions.cases.parties import PartyKind
from exemptions.cases.states import State
from exemptions.models import ExemptionCase, Item
from exemptions.workbooks.case_cells import DIRECT, CreditCode, ItemWords, OfficerNames
from liaisons.models import EnforcementField, Officer, Unit, User
from liaisons.permissions import Permission as P
from liaisons.workbooks.unit_cells import UnitName
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import OneRefused, Refused
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.kinds import MOST_ACCEPTED, Amount, Choice, Code, Day, Named, Text
from xingxian_portal.foundation.workbook.plans import NEW, Change, Fault, Key, Subject, Values
from xingxian_portal.foundation.workbook.resource import SheetResource

HOW = [(value, label) for value, label in ExemptionCase.HOW if value]


class CaseSheet(SheetResource):
    """The record of a unit's cases, one row each; a number that the portal holds means that case, while it is a draft."""

    slug, title = "exemption-cases", "包容免罚案件台账"
    about = "免罚案件的登记内容，导入后是“登记中”；责令改正、复查和决定在案件页上办理。"
    ignored = (
        "首违查询", "责令改正文号", "改正期限", "复查日期", "复查结果", "决定", "决定文号", "决定日期", "估算免罚（元）", "教育情况", "公示状态", "状态",
    )  # fmt: skip
    number = Column("案件编号", Code(40), also=["编号", "案号"], width=14)
    unit = Column("单位", UnitName(), also=["单位名称", "办案单位", "执法单位"], hint="可以不填；填了须是本单位")
    party_name = Column("当事人", Text(80), also=["当事人名称", "当事人姓名"], required=True, width=22)
    party_kind = Column("当事人类型", Choice(PartyKind.choices), hint="单位、个体工商户、自然人；不填按代码判断")
    credit_code = Column("统一社会信用代码", CreditCode(), also=["信用代码"], blanks=True, width=22)
    party_address = Column("住所", Text(120), also=["经营场所", "住所（经营场所）", "地址"], blanks=True, width=20)
    discovered_on = Column("检查日期", Day(), also=["检查（发现）日期", "发现日期", "查处日期"], required=True)
    conduct = Column("违法行为", Text(LONGEST, lines=True), also=["违法事实"], required=True, width=30)
    item = Column("清单事项", ItemWords(), also=["免罚事项", "清单条目"], blanks=True, width=24)
    direct_reason = Column("直接适用理由", Text(LONGEST, lines=True), also=["未列入清单的理由"], blanks=True, width=20)
    kind = Column("免罚情形", Choice(Item.KINDS), hint="选了清单事项的可以不填")
    officers = Column("执法人员", OfficerNames(), also=["承办人", "办案人员"], blanks=True, width=24)
    field = Column("执法领域", Named("执法领域"), also=["领域"], blanks=True)
    how_corrected = Column("改正情况", Choice(HOW), blanks=True, hint="还没有改正的不填")
    fine_from = Column("罚款下限（元）", Amount(most=10**10 - 1), also=["罚款下限"], blanks=True)
    fine_to = Column("罚款上限（元）", Amount(most=10**10 - 1), also=["罚款上限"], blanks=True)

    class Meta:
        import_id_fields = ("number",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` files for any unit."""
        return by.may(P.FILE)

    @classmethod
    def subjects(cls, by: User) -> list[Subject]:
        """Give the units for which `by` records cases."""
        return [Subject(unit.code, f"{unit.short_name}免罚案件", unit.code) for unit in _units(by)]

    def prepare(self) -> None:
        """Load the unit, its officers, the items of its editions, the fields of enforcement."""
        unit = {unit.code: unit for unit in _units(self.by)}.get(self.subject_key)
        self._unit, self._at = unit, clock.now()
        self._there: dict[Key, Values] = {}
        self._states: dict[Key, State] = {}
        self._items: dict[str, list[Item]] = defaultdict(list)
        self._fields = {field.name: field for field in EnforcementField.objects.all()}
        cast(UnitName, self.columns["unit"].kind).load([unit] if unit else [])
        cast(Named, self.columns["field"].kind).know({name: name for name in self._fields})
        if unit:
            self._officers.know(handlers.nameable(unit))
            self._load_items(unit)

    @property
    def _officers(self) -> OfficerNames:
        return cast(OfficerNames, self.columns["officers"].kind)

    def _load_items(self, unit: Unit) -> None:
        offered = []
        for item in items.ever_published(unit):
            for name in {item.code, str(item), item.conduct}:
                self._items[cell_values.squeezed(name)].append(item)
            if items.held_on(item, unit, clock.local_date(self._at)):
                offered.append(str(item))
        self.columns["item"].kind.options = [*offered, DIRECT]

    def existing(self) -> dict[Key, Values]:
        """Give the cases of the unit, also those that are drafts no more: they are known, not changed."""
        cases = ExemptionCase.objects.filter(unit=self._unit).select_related("unit", "item", "field")
        rows = list(cases.prefetch_related("handlers__officer"))
        self._there = {(case.number,): _values(case) for case in rows}
        self._states = {(case.number,): State(case.state) for case in rows}
        return self._there

    def complete(self, values: Values) -> None:
        """Take what a row leaves open from the case it names, its code, and the item in force on its day."""
        if self._unit and not values.get("unit"):
            values["unit"] = self._unit.short_name
        whole = self._there.get((values["number"],), {}) | values
        if not whole.get("party_kind"):
            values["party_kind"] = parties.kind_by_code(whole.get("credit_code", "")).value
        if item := self._item(whole):
            values["item"] = str(item)
            for name, of_the_item in (("kind", item.kind), ("field", item.field.name if item.field else "")):
                if not whole.get(name):
                    values[name] = of_the_item

    def _item(self, values: Values) -> Item | None:
        """Give the item that the row's words name and that held on its day; None when there is none, or more than one."""
        unit, day = self._unit, values["discovered_on"]
        named = self._items.get(cell_values.squeezed(values.get("item", "")), [])
        held = [item for item in named if unit and items.held_on(item, unit, day)]
        if len(held) > 1:
            held = [item for item in held if item.kind == values.get("kind")]
        return held[0] if len(held) == 1 else None

    def check_row(self, values: Values) -> Iterator[Fault]:
        """Refuse another unit's rows, what cannot have been so, and changes to a case that is a draft no more."""
        key: Key = (values["number"],)
        before, unit = self._there.get(key), self._unit
        whole = (before or {}) | values
        if unit is None or whole == before:
            return
        if values["unit"] != unit.short_name:
            yield Fault(
                "unit",
                f"这一行是{values['unit']}的，这里只登记{unit.short_name}的案件。",
                [unit.short_name],
                "not_yours",
            )
            return
        if before and self._states[key] != State.DRAFT:
            yield Fault("number", f"这件案件现在是“{self._states[key].label}”，不能再用表格修改。", code="fixed")
            return
        yield from self._faults(unit, whole)

    def _faults(self, unit: Unit, whole: Values) -> Iterator[Fault]:
        item, named = self._item(whole), whole.get("item")
        if named and item is None:
            day, known = whole["discovered_on"], self._items.get(cell_values.squeezed(named), [])
            held = [str(one) for one in known if items.held_on(one, unit, day)]
            why = "有几项，请写明事项编码" if held else "没有这一项"
            yield Fault(
                "item",
                f"{day}有效的清单里{why}。",
                (held or self.columns["item"].kind.options)[:MOST_ACCEPTED],
                "unknown_name",
            )
            return
        if item and whole["kind"] != item.kind:
            yield Fault("kind", f"清单里这一项是“{item.get_kind_display()}”。", [item.get_kind_display()])
        if not whole.get("kind"):
            yield Fault("kind", "请填写免罚情形。", [label for _, label in Item.KINDS], "missing")
        yield from (
            Fault(why.field or "number", str(why)) for why in facts.faults(unit, self._facts(whole), at=self._at)
        )

    def _facts(self, whole: Values) -> Record:
        told = {name: whole[name] for name in Record.__dataclass_fields__ if name in whole}
        return Record(**told | {"item": self._item(whole), "field": self._fields.get(whole.get("field", ""))})

    def write_all(self, changes: Sequence[Change], *, at: dt.datetime) -> Iterator[tuple[Change, Refused]]:
        """Record the new cases and correct the records of drafts, many at once."""
        assert self._unit
        new = [change for change in changes if change.action == NEW]
        old = [change for change in changes if change.action != NEW]
        part, cases = new, self._cases(old)
        try:
            made = recording.record_all(self._unit, [self._told(change) for change in new], by=self.by, at=at)
            part, told = old, [(cases[change.after["number"]], self._told(change)) for change in old]
            made += recording.amend_all(told, by=self.by, at=at)
        except OneRefused as refused:
            yield part[refused.place], refused
            return
        for change, case in zip((*new, *old), made, strict=True):
            change.target = str(case.pk)

    def _told(self, change: Change) -> tuple[Record, list[Officer]]:
        return self._facts(change.after), self._officers.officers(change.after.get("officers", ""))

    def remove_all(self, changes: Sequence[Change], *, at: dt.datetime) -> None:
        """Take drafts back, as long as nobody went on with them."""
        recording.take_back_all([case.pk for case in self._cases(changes).values()], by=self.by, at=at)

    def _cases(self, changes: Sequence[Change]) -> dict[str, ExemptionCase]:
        numbers = {change.after["number"] for change in changes}
        rows = ExemptionCase.objects.filter(unit=self._unit) if numbers else ExemptionCase.objects.none()
        return {case.number: case for case in rows if case.number in numbers}


def _units(by: User) -> QuerySet[Unit]:
    return Unit.objects.filter(pk__in=by.unit_ids_with(P.FILE), closed_on__isnull=True)


def _values(case: ExemptionCase) -> Values:
    told = (
        "number", "party_name", "party_kind", "credit_code", "party_address", "discovered_on", "kind", "how_corrected",
        "fine_from", "fine_to",
    )  # fmt: skip
    return {name: getattr(case, name) for name in told} | {
        "unit": case.unit.short_name,
        "conduct": cell_values.text(case.conduct),
        "direct_reason": cell_values.text(case.direct_reason),
        "item": str(case.item) if case.item else "",
        "officers": "、".join(str(row.officer) for row in case.handlers.all()),
        "field": case.field.name if case.field else "",
    }
