"""The items of an edition in draft coming in: the annex as it is printed, the template, or a list of the unit's own form."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, cast

from exemptions import condition_words, item_words, items, legal_bases
from exemptions.condition_words import Read
from exemptions.edition_states import EDITABLE
from exemptions.models import Edition, ExemptionList, Item
from exemptions.workbooks import item_cells
from exemptions.workbooks.item_cells import Cited, Conditions
from liaisons.models import EnforcementField, User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.columns import Column
from xingxian_portal.foundation.workbook.issues import Issue
from xingxian_portal.foundation.workbook.kinds import Choice, Code, Named, Text
from xingxian_portal.foundation.workbook.plans import NEW, Change, Key, Plan, Subject, Tell, Values
from xingxian_portal.foundation.workbook.reading import Reading
from xingxian_portal.foundation.workbook.resource import SheetResource

KINDS = {"轻微免罚": Item.MINOR, "首违免罚": Item.FIRST, "首次免罚": Item.FIRST, "无过错免罚": Item.NO_FAULT}
RULES = {"先改正拒不改正才罚": Item.AFTER_ORDER, "责令改正拒不改正才罚": Item.AFTER_ORDER}


class ItemSheet(SheetResource):
    """An edition's items, one row each. Without a code, a row is the item of the same conduct and kind, or a new one."""

    slug, title, about = (
        "list-items",
        "包容免罚清单",
        "起草中的包容免罚清单的事项；可以用模板、印制的附件，或者本单位自己的清单。",
    )
    nothing = "没有起草中的清单。请先在“免罚清单”里起草，或起草新版。"
    drawn = ("code",)
    code = Column("事项编码", Code(30), also=["编码", "事项编号"], hint="不填由平台编；填了已有的编码就是修改那一项")
    field = Column("领域", Named("执法领域"), also=["执法领域"], blanks=True, width=12)
    conduct = Column(
        "违法行为",
        Text(300, lines=True),
        also=["违法行为类型", "违法行为种类", "事项名称", "行政处罚事项"],
        required=True,
        width=32,
    )
    kind = Column("免罚情形", Choice(Item.KINDS, KINDS), also=["免罚类型", "情形"], required=True, width=12)
    broken = Column("违反条款", Cited(), also=["违反依据"], blanks=True, width=26)
    penalty = Column(
        "处罚依据", Cited(), also=["法律依据", "实施依据", "处罚规定", "相应处罚规定"], blanks=True, width=26
    )
    penalty_rule = Column("罚则类型", Choice(Item.PENALTY_RULES, RULES), blanks=True)
    conditions = Column(
        "适用条件", Conditions(), also=["免罚条件", "不予处罚适用条件", "免罚适用条件"], blanks=True, width=44
    )
    look_back = Column("回溯期", item_cells.look_back(), also=["初次违法回溯期"], blanks=True)
    correction = Column("改正期限", item_cells.correction(), also=["整改期限"], blanks=True, width=10)
    measures = Column("配套措施", item_cells.measures(), also=["监管措施"], blanks=True, width=16)
    exclusions = Column("排除情形", Text(1000, lines=True), also=["不适用情形"], blanks=True, width=20)
    authority = Column("实施机关", Text(60), also=["实施主体"], width=18, hint="不填就是本单位")
    validity = Column("有效期", item_cells.validity(), blanks=True)
    note = Column("备注", Text(300), width=16)

    class Meta:
        import_id_fields = ("code",)

    @classmethod
    def admits(cls, by: User) -> bool:
        """Say whether `by` drafts the lists of any unit."""
        return by.may(P.FILE)

    @classmethod
    def subjects(cls, by: User) -> list[Subject]:
        """Give the editions that `by` may change now."""
        found = _editions(by)
        return [Subject(str(row.pk), str(row), row.exemption_list.unit.code, f"第{row.number}版") for row in found]

    def prepare(self) -> None:
        """Load the edition, the fields of enforcement, the versions of provisions."""
        self._edition = {str(row.pk): row for row in _editions(self.by)}.get(self.subject_key)
        self._fields = {field.name: field for field in EnforcementField.objects.all()}
        cast(Named, self.columns["field"].kind).know({name: name for name in self._fields})
        versions = legal_bases.newest_versions()
        for name in (Item.BROKEN, Item.PENALTY):
            cast(Cited, self.columns[name].kind).know(versions)
        self._there: dict[Key, Values] = {}
        self._codes: dict[tuple[str, str], str] = {}
        self._taken: set[str] = set()

    def existing(self) -> dict[Key, Values]:
        """Give the items of the edition as long as its unit can change it."""
        rows = self._edition.items.in_full().order_by("position", "pk") if self._edition else []
        self._there = {(item.code,): _values(item) for item in rows}
        same = Counter(_sameness(values) for values in self._there.values())
        self._codes = {
            one: values["code"] for values in self._there.values() if same[one := _sameness(values)] == 1
        }  # fmt: skip
        return self._there

    def examine(self, found: Reading, tell: Tell | None = None) -> Plan:
        """Check every row; also that the edition does not grow beyond what a list may hold."""
        place = found.places.get("code")
        typed = (row.cells[place] for row in found.rows if place is not None and place < len(row.cells))
        self._taken = {cell_values.squeezed(code) for code in typed}
        plan = super().examine(found, tell)
        count = len(self._there) + plan.counted(NEW)
        if count > items.MOST:
            plan.issues.append(
                Issue(f"一版清单最多 {items.MOST} 项，导入后会有 {count} 项。", found.sheet, code="too_many")
            )
        return plan

    def complete(self, values: Values) -> None:
        """Give a row without a code that of the same item, else a free one; without an authority the unit's."""
        if not values.get("code"):
            values["code"] = self._codes.setdefault(_sameness(values), "") or self._drawn(values)
        if not values.get("authority"):
            before = self._there.get((values["code"],))
            values["authority"] = before["authority"] if before else self._unit.name if self._unit else ""

    def _drawn(self, values: Values) -> str:
        taken = self._taken | {values["code"] for values in self._there.values()}
        number = len(self._there) + 1
        while (code := f"{self._unit.code.upper() if self._unit else ''}-{number:03}") in taken:
            number += 1
        self._taken.add(code)
        self._codes[_sameness(values)] = code
        return code

    @property
    def _unit(self) -> Any:
        return self._edition.exemption_list.unit if self._edition else None

    def write(self, change: Change, *, at: dt.datetime) -> str:
        """Add an item at the end, or change one."""
        assert self._edition
        values = self._of_the_model(change.after)
        if change.action == NEW:
            conditions = [condition_words.read(text) for text in values.pop("conditions")]
            return str(items.add(self._edition, by=self.by, conditions=conditions, at=at, **values).pk)
        item = self._item(change)
        conditions = _read_again(item, values.pop("conditions"))
        return str(items.change(item, by=self.by, conditions=conditions, at=at, **values).pk)

    def _of_the_model(self, after: Values) -> dict[str, Any]:
        values = {name: after[name] for name in items.COLUMNS if name in after}
        months, scope = item_words.read_look_back(after.get("look_back", ""))
        days, (first, last) = after.get("correction", ""), _validity(after.get("validity", ""))
        return values | {
            "field": self._fields.get(after.get("field", "")), "broken": after.get("broken", ""), "penalty": after.get("penalty", ""),
            "conditions": [text for text in after.get("conditions", "").split("\n") if text],
            "lookback_months": months, "lookback_scope": scope, "correction_days": item_words.read_correction(days) if days else None,
            "measures": item_words.read_measures(after.get("measures", "")), "valid_from": first, "valid_until": last,
        }  # fmt: skip

    def remove(self, change: Change, *, at: dt.datetime) -> None:
        """Take an item out again."""
        items.remove(self._item(change), by=self.by, at=at)

    def _item(self, change: Change) -> Item:
        return Item.objects.get(edition=self._edition, code=change.after["code"])


def _editions(by: User) -> Any:
    rows = Edition.objects.kept_by(by).filter(state__in=EDITABLE, exemption_list__kind=ExemptionList.EXEMPTION)
    return rows.select_related("exemption_list__unit").order_by("exemption_list__unit__position", "-number")


def _sameness(values: Values) -> tuple[str, str]:
    return cell_values.squeezed(values["conduct"]), values["kind"]


def _validity(words: str) -> tuple[dt.date | None, dt.date | None]:
    return item_words.read_validity(words) if words else (None, None)


def _read_again(item: Item, texts: list[str]) -> list[Read]:
    """Give the conditions with the kind and value that somebody may have set by hand, where the words are the same."""
    known = {one.text: Read(one.text, one.kind, one.value) for one in item.conditions.all()}
    return [known.get(text) or condition_words.read(text) for text in texts]


def _values(item: Item) -> Values:
    return {
        "code": item.code, "field": item.field.name if item.field else "", "conduct": cell_values.text(item.conduct), "kind": item.kind,
        "broken": legal_bases.words_of(item.broken), "penalty": legal_bases.words_of(item.penalty), "penalty_rule": item.penalty_rule,
        "conditions": "\n".join(one.text for one in item.conditions.all()),
        "look_back": item_words.look_back(item.lookback_months, item.lookback_scope),
        "correction": item_words.correction(item.correction_days), "measures": item_words.measures(item.measures),
        "exclusions": cell_values.text(item.exclusions), "authority": item.authority,
        "validity": item_words.validity(item.valid_from, item.valid_until), "note": item.note,
    }  # fmt: skip
