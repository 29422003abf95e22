"""Items of an edition by workbook: the unit's own list, the template and the printed annex; errors by cell; undone."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions import items
from exemptions.edition_states import State
from exemptions.models import Edition, Item
from exemptions.workbooks.item_sheet import ItemSheet
from tests import workbooks
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory
from tests.factories import UnitFactory
from tests.reform.workbooks.taking import data
from xingxian_portal import facts
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches

OWN = ["序号", "违法行为种类", "免罚类型", "法律依据", "适用条件（需同时满足）", "回溯期（月）", "整改期限"]


@pytest.fixture(autouse=True)
def files(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def edition(cast) -> Edition:
    return EditionFactory(exemption_list__unit=cast.scj.unit)


def sheet_of(cast, edition: Edition) -> ItemSheet:
    return ItemSheet(cast.scj, str(edition.pk))


def own_row(number: int) -> list:
    cited = f"《食品安全法》第{number}条第一款"
    return [
        number,
        f"样例违法行为{number}",
        "首违免罚",
        cited,
        "1.两年内首次违法；2.货值不超过500元；3.已经改正",
        "2年内同类",
        "当场",
    ]


def own_list(*rows, head=OWN) -> bytes:
    return workbooks.book(head, rows, "县市场监督管理局包容免罚清单", ["注：以上事项须同时满足条件。"])


def test_a_units_own_list_of_a_hundred_items_goes_in(cast, edition):
    content = own_list(*[own_row(number) for number in range(1, 101)])
    assert workbooks.counts(batch := workbooks.taken(sheet_of(cast, edition), content)) == (100, 0, 0, 0)
    assert batch.state == "applied"

    first, last = edition.items.in_full().order_by("position")[0], edition.items.order_by("position")[99]
    assert (first.code, last.code, last.position) == ("SCJ-001", "SCJ-100", 100)
    assert (first.lookback_months, first.lookback_scope, first.correction_days) == (24, "同类", 0)
    assert [one.kind for one in first.conditions.all()] == ["lookback", "value", "other"]
    assert (str(first.penalty), first.authority) == ("《食品安全法》第一条第一款", cast.scj.unit.name)
    other_file = own_list(*[own_row(number) for number in range(100, 0, -1)])
    assert workbooks.counts(workbooks.checked(sheet_of(cast, edition), other_file)) == (0, 0, 100, 0)


def test_the_examples_go_out_as_annex_and_template_and_come_back_unchanged(cast, edition):
    facts.load_all()
    items.take_over(edition, items.examples().values_list("pk", flat=True), by=cast.scj)
    bases = [
        BasisFactory(statute="甲法", article="第一条", version=version) for version in ("2020-01-01", "2021-01-01")
    ]
    ItemFactory(
        edition=edition, code="其他-1", conduct="两行\r\n违法行为", penalty=bases, broken=bases[0], conditions=["甲；乙", "3日内改正"],
        valid_from=dt.date(2022, 6, 1), measures=["talk"], lookback_months=None, lookback_scope="12个月内同类", exclusions="甲\r\n乙",
    )  # fmt: skip
    for out in (data(cast.scj, "exemption-lists", edition=edition.pk), workbooks.template(sheet_of(cast, edition))):
        batch = workbooks.checked(sheet_of(cast, edition), out)
        assert workbooks.counts(batch) == (0, 0, 28, 0), [(row.before, row.after) for row in batch.rows.all()]


def test_what_somebody_set_by_hand_stays_where_the_words_are_the_same(cast, edition):
    item = ItemFactory(
        edition=edition, conditions=["不超过3人"], penalty=BasisFactory(article="第九条", version="2022-01-01")
    )
    item.conditions.update(kind="value", value=3)
    old = Item.objects.in_full().get()
    row = [item.code, item.conduct, "轻微不罚", str(old.penalty), "不超过3人"]
    head = ["事项编码", "违法行为", "免罚情形", "处罚依据", "适用条件"]
    assert workbooks.counts(workbooks.taken(sheet_of(cast, edition), own_list(row, head=head))) == (0, 1, 0, 0)

    now = Item.objects.in_full().get()
    assert (now.kind, now.lookback_months, now.penalty, now.conditions.get().value) == ("minor", 12, old.penalty, 3)


def test_everything_wrong_is_told_at_once_by_cell(cast, edition):
    rows = [
        [1, "", "首违", "食品安全法", "", "很久以前，那时还没有这样的规定，总之是在法律所规定的期限以内而且是同一个当事人所实施的同一类的违法行为才算，具体由执法机关按照实际情况认定", "5个工作日"],
        [2, "某行为", "轻微不罚", "", "甲" * 301, "200个月", "400天"],
        [3, "另一行为", "轻微不罚", "", "", "", ""],
        [4, "另一行为", "轻微不罚", "", "", "", ""],
    ]  # fmt: skip
    batch = workbooks.checked(sheet_of(cast, edition), own_list(*rows))
    assert workbooks.wrong(batch) == [
        ("B3", "missing"), ("C3", "not_a_choice"), ("D3", "invalid"), ("F3", "invalid"), ("G3", "invalid"), ("E4", "invalid"),
        ("F4", "invalid"), ("G4", "invalid"), ("", "repeated"), ("", "repeated"),
    ]  # fmt: skip
    assert not edition.items.exists()


def test_a_list_has_its_most(cast, edition):
    Item.objects.bulk_create(
        Item(edition=edition, position=n, code=f"A{n}", conduct=f"行为{n}", kind="minor") for n in range(items.MOST)
    )
    batch = workbooks.checked(sheet_of(cast, edition), own_list(own_row(1)))
    assert (batch.state, workbooks.wrong(batch)) == ("faulty", [("", "too_many")])


def test_only_ones_own_editions_in_draft_take_a_workbook(cast, edition):
    other = EditionFactory(exemption_list__unit=UnitFactory())
    for row in (other, EditionFactory(exemption_list__unit=cast.weifen.unit, filed=True)):
        with pytest.raises(Refused):
            ItemSheet(cast.scj, str(row.pk)).subject()
    assert [one.key for one in ItemSheet.subjects(cast.scj)] == [str(edition.pk)]
    assert ItemSheet.subjects(cast.sfj) == []


def test_undone_while_the_edition_is_in_draft_and_nobody_touched_it(cast, edition):
    ItemFactory(edition=edition, code="A-1", conduct="另一行为")
    sheet = sheet_of(cast, edition)
    batches.undo(workbooks.taken(sheet, own_list(own_row(1), own_row(2))), sheet)
    assert list(edition.items.values_list("code", flat=True)) == ["A-1"]

    batch = workbooks.taken(sheet, own_list(own_row(1), own_row(2)))
    Edition.objects.filter(pk=edition.pk).update(state=State.FILED, filed_at="2022-06-01T00:00Z", filed_by=cast.scj)
    with pytest.raises(Refused):
        batches.undo(batch, sheet_of(cast, edition))
    assert edition.items.count() == 3
