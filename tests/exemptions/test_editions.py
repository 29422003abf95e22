"""A list from its draft to the day the next edition takes its place, and the duty of the plan behind it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError

from exemptions import adjustments, edition_diff, editions, items, legal_bases, overlaps, publication, recording
from exemptions.condition_words import several
from exemptions.edition_moves import MoveRefused
from exemptions.edition_states import State
from exemptions.editions import NotComplete
from exemptions.models import Edition, ExemptionList, Item, LegalBasis, PublicEntry
from liaisons.models import Notice
from reform import review
from reform.lights import Light
from reform.lit import Lamp
from reform.models import Milestone, Obligation, Submission
from reform.moves import MoveRefused as DutyRefused
from reform.rights import Denied
from reform.states import State as Duty
from tests.exemptions.factories import BasisFactory, EditionFactory, ItemFactory, ListFactory
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.refusal import Refused, Stale

DUE = dt.date(2022, 5, 31)
MAY_20, MAY_25, MAY_30, JUNE_2 = (moment(dt.date(2022, *day), 10) for day in ((5, 20), (5, 25), (5, 30), (6, 2)))
CONDUCT: dict[str, Any] = {
    "conduct": "未按规定明码标价",
    "kind": Item.FIRST,
    "penalty": "《价格法》第四十二条",
    "lookback_months": 12,
}


@pytest.fixture
def duty(cast) -> Obligation:
    milestone = MilestoneFactory(deliverable=Milestone.EXEMPTION_LIST, due_on=DUE, title="包容免罚清单公布并备案")
    return ObligationFactory(milestone=milestone, unit=cast.scj.unit)


def add(edition: Edition, by, **given) -> Item:
    return items.add(edition, by=by, conditions=several("首次违法；及时改正"), **(CONDUCT | given))


def drafted(cast, at=MAY_20, **given) -> Edition:
    edition = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=at)
    add(edition, cast.scj, **given)
    return edition


def filed(cast, at=MAY_20) -> Edition:
    return editions.file(drafted(cast, at), by=cast.scj, at=at)


def recorded(cast, number="兴司清备〔2022〕1号", at=MAY_25) -> Edition:
    return recording.record(filed(cast), by=cast.sfj, number=number, at=at)


def published(cast, day=dt.date(2022, 6, 1), at=MAY_30) -> Edition:
    return publication.publish(recorded(cast), by=cast.scj, effective_from=day, at=at)


def now(row):
    return type(row).objects.get(pk=row.pk)


def light(duty: Obligation, day: dt.date) -> Light:
    return Lamp(day).lit(now(duty)).light


def test_a_list_goes_from_draft_to_publication_and_closes_the_duty(cast, duty):
    edition = filed(cast)
    assert (edition.state, now(duty).state, now(duty).first_filed_on) == (State.FILED, Duty.REVIEW, MAY_20.date())
    assert duty.submissions.get().text == "包容免罚清单第1版，1项，报请备案。"

    edition = recording.record(edition, by=cast.sfj, number="兴司清备〔2022〕1号", note="同意", at=MAY_25)
    assert (edition.state, now(duty).state) == (State.RECORDED, Duty.REVIEW)
    assert duty.submissions.get().state == Submission.ACCEPTED

    edition = publication.publish(edition, by=cast.scj, effective_from=dt.date(2022, 6, 1), at=MAY_30)
    assert (edition.state, now(duty).state, light(duty, DUE)) == (State.PUBLISHED, Duty.CLOSED, Light.CLOSED)
    assert now(duty).accepted_at == MAY_30
    assert [move.verb for move in edition.moves.all()] == ["begin", "file", "record", "publish"]
    assert PublicEntry.objects.get().holds_from == dt.date(2022, 6, 1)


def test_a_return_with_notes_keeps_the_clock_and_the_unit_mends(cast, duty):
    edition = filed(cast)
    item = edition.items.get()
    mend_by = dt.date(2022, 6, 8)
    recording.send_back(edition, by=cast.sfj, reason="", mend_by=mend_by, notes={item.pk: "缺回溯范围"}, at=JUNE_2)
    assert (now(edition).state, now(item).review_note, now(edition).mend_by) == (State.MENDING, "缺回溯范围", mend_by)
    assert (now(duty).state, now(duty).mend_by, now(duty).first_filed_on) == (Duty.DOING, mend_by, MAY_20.date())
    assert Notice.objects.filter(recipient=cast.scj, title__contains="退回补正，请在6月8日前改好再报").exists()

    items.change(item, by=cast.scj, conditions=several("首次违法"), **(CONDUCT | {"lookback_scope": "同类违法"}))
    again = editions.file(edition, by=cast.scj, at=moment(dt.date(2022, 6, 7)))
    recording.record(again, by=cast.sfj, number="备1", at=moment(dt.date(2022, 6, 8)))
    publication.publish(again, by=cast.scj, effective_from=dt.date(2022, 6, 9), at=moment(dt.date(2022, 6, 9)))
    assert light(duty, dt.date(2022, 6, 10)) == Light.CLOSED
    assert now(item).review_note == ""


def test_the_desk_does_not_close_what_a_list_closes(cast, duty):
    edition = filed(cast)
    with pytest.raises(DutyRefused, match="以清单备案并公布办结"):
        review.accept(duty, by=cast.sfj, at=MAY_25)
    editions.withdraw(edition, by=cast.scj, at=MAY_25)
    assert (now(edition).state, now(duty).state, now(duty).first_filed_on) == (State.DRAFT, Duty.DOING, None)


def test_a_second_edition_takes_the_place_of_the_first_on_its_day(cast, duty):
    first = published(cast)
    second = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=JUNE_2)
    assert now(first).state == State.ADJUSTING
    copied = second.items.get()
    assert (copied.conduct, [c.text for c in copied.conditions.all()]) == (CONDUCT["conduct"], ["首次违法", "及时改正"])
    items.change(copied, by=cast.scj, conditions=several("及时改正"), **(CONDUCT | {"lookback_months": 24}))
    add(second, cast.scj, conduct="新增的违法行为")
    editions.file(second, by=cast.scj, at=JUNE_2)
    recording.record(second, by=cast.sfj, number="备2", at=JUNE_2)
    publication.publish(second, by=cast.scj, effective_from=dt.date(2022, 7, 1), at=JUNE_2)

    assert (now(first).state, now(first).last_day) == (State.ABOLISHED, dt.date(2022, 6, 30))
    asked = [Edition.objects.in_force_on(dt.date(2022, *day)).get().number for day in ((6, 1), (6, 30), (7, 1))]
    assert asked == [1, 1, 2]
    difference = edition_diff.between(now(first), now(second))
    assert difference.counts == {"added": 1, "removed": 0, "changed": 1, "same": 0}
    changed = [cell.label for cell in difference.rows[0].cells if cell.changed]
    assert changed == ["适用条件", "回溯期"]


def test_a_new_edition_does_not_begin_before_the_one_it_replaces(cast):
    published(cast, day=dt.date(2022, 7, 1))
    second = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=JUNE_2)
    editions.file(second, by=cast.scj, at=JUNE_2)
    recording.record(second, by=cast.sfj, number="备2", at=JUNE_2)
    with pytest.raises(Refused, match="第1版自2022年7月1日起施行"):
        publication.publish(second, by=cast.scj, effective_from=dt.date(2022, 6, 20), at=JUNE_2)
    assert now(second).state == State.RECORDED


def test_a_draft_that_is_given_up_leaves_the_list_as_it_was(cast):
    first = published(cast)
    second = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=JUNE_2)
    with pytest.raises(MoveRefused, match="已经有一版在办"):
        editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=JUNE_2)
    editions.drop(second, by=cast.scj, at=JUNE_2)
    assert (now(first).state, now(second).state) == (State.PUBLISHED, State.DROPPED)
    assert editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=JUNE_2).number == 3


def test_a_list_ends_without_a_successor(cast):
    edition = published(cast)
    for wrong in ({"until": dt.date(2022, 6, 1), "reason": "上级规定"}, {"until": dt.date(2022, 8, 1), "reason": " "}):
        with pytest.raises(Refused):
            publication.abolish(edition, by=cast.sfj, at=JUNE_2, **wrong)
    publication.abolish(edition, by=cast.sfj, until=dt.date(2022, 8, 1), reason="上级统一规定", at=JUNE_2)
    assert now(edition).in_force_on(dt.date(2022, 7, 31))
    assert not Item.objects.in_force_on(dt.date(2022, 8, 1)).exists()
    assert PublicEntry.objects.get().holds_until == dt.date(2022, 8, 1)


def test_while_an_abolished_edition_still_holds_no_other_does(cast):
    august = dt.date(2022, 8, 1)
    publication.abolish(published(cast), by=cast.sfj, until=august, reason="上级统一规定", at=JUNE_2)
    second = recording.record(filed(cast, JUNE_2), by=cast.sfj, number="兴司清备〔2022〕2号", at=JUNE_2)
    with pytest.raises(Refused, match="第1版到2022年8月1日才失效") as error:
        publication.publish(second, by=cast.scj, effective_from=dt.date(2022, 7, 31), at=JUNE_2)
    assert error.value.field == "effective_from"
    publication.publish(now(second), by=cast.scj, effective_from=august, at=JUNE_2)
    for day, number in ((dt.date(2022, 7, 31), 1), (august, 2)):
        assert [edition.number for edition in Edition.objects.in_force_on(day)] == [number]


@pytest.mark.parametrize(
    ("kind", "milestone"),
    [(ExemptionList.ITEM_LIST, Milestone.ITEM_LIST), (ExemptionList.DISCRETION, Milestone.DISCRETION)],
)
def test_the_other_kinds_live_the_same_life_with_file_and_count(cast, kind, milestone, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    duty = ObligationFactory(milestone=MilestoneFactory(deliverable=milestone, due_on=DUE), unit=cast.scj.unit)
    edition = editions.begin(cast.scj.unit, kind, by=cast.scj, at=MAY_20)
    with pytest.raises(NotComplete, match="请上传清单文件。；请填写清单的事项数。"):
        editions.file(edition, by=cast.scj, at=MAY_20)
    editions.attach(
        edition, SimpleUploadedFile("清单.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"), by=cast.scj
    )
    editions.write_head(edition, by=cast.scj, stated_count=86)
    editions.file(edition, by=cast.scj, at=MAY_20)
    recording.record(edition, by=cast.sfj, number="备3", at=MAY_25)
    publication.publish(edition, by=cast.scj, effective_from=dt.date(2022, 5, 26), at=MAY_25)
    assert now(duty).state == Duty.CLOSED
    assert not PublicEntry.objects.exists()


def test_what_is_missing_is_said_item_by_item(cast):
    edition = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj)
    with pytest.raises(NotComplete, match="还没有事项"):
        editions.file(edition, by=cast.scj)
    old = BasisFactory(status=LegalBasis.REPEALED, changed_on=DUE)
    ItemFactory(edition=edition, position=1, conduct="甲", penalty=[], lookback_months=None, conditions=[])
    ItemFactory(edition=edition, position=2, conduct="乙", penalty=old, kind=Item.MINOR)
    with pytest.raises(NotComplete) as refused:
        editions.file(edition, by=cast.scj)
    assert refused.value.faults == [
        "第1项“甲”没有写适用条件。", "第1项“甲”没有写处罚依据。", "第1项“甲”是首违不罚，没有写回溯期（本项或整张清单的）。",
        f"第2项“乙”引用的{old}已废止，请改用现行依据。",
    ]  # fmt: skip
    assert now(edition).state == State.DRAFT


def test_nobody_acts_on_another_units_list(cast):
    edition = filed(cast)
    item = edition.items.get()
    others = [
        lambda: editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.weifen),
        lambda: items.change(item, by=cast.weifen, conditions=[], **CONDUCT),
        lambda: editions.withdraw(edition, by=cast.weifen),
        lambda: recording.record(edition, by=cast.scj, number="1"),
        lambda: recording.send_back(edition, by=cast.weifen, reason="x", mend_by=DUE),
        lambda: editions.begin(cast.scj.unit, ExemptionList.EXAMPLES, by=cast.scj),
        lambda: legal_bases.set_status(item.penalty[0], "repealed", by=cast.scj, changed_on=DUE),
    ]
    for act in others:
        with pytest.raises(Denied):
            act()
    recording.record(edition, by=cast.sfj, number="备4", at=MAY_25)
    for act in (publication.publish, publication.abolish):
        given = {"effective_from": DUE} if act is publication.publish else {"until": DUE, "reason": "x"}
        with pytest.raises(Denied):
            act(edition, by=cast.weifen, at=MAY_30, **given)


def test_acts_that_come_too_late_or_twice_have_no_second_effect(cast):
    edition = recorded(cast)
    with pytest.raises(MoveRefused, match="现在是“准予备案”"):
        recording.record(edition, by=cast.sfj, number="备5")
    with pytest.raises(MoveRefused, match="不能修改"):
        add(edition, cast.scj)
    publication.publish(edition, by=cast.scj, effective_from=DUE, at=MAY_30)
    with pytest.raises(MoveRefused, match="不能再“公布”"):
        publication.publish(edition, by=cast.scj, effective_from=DUE, at=MAY_30)
    assert edition.moves.count() == 4


def test_a_stale_page_decides_nothing(cast):
    edition = filed(cast)
    seen = recording.mark(edition)
    editions.withdraw(edition, by=cast.scj, at=MAY_25)
    editions.file(edition, by=cast.scj, at=MAY_25)
    with pytest.raises(MoveRefused, match="已重新报送"):
        recording.record(edition, by=cast.sfj, number="备6", seen=seen, at=MAY_30)
    item = drafted_item = edition.items.get()
    assert drafted_item.pk == item.pk


def test_two_of_a_unit_do_not_overwrite_each_other(cast):
    item = drafted(cast).items.get()
    seen = items.stamp(item)
    items.change(item, by=cast.scj, seen=seen, conditions=several("及时改正"), **CONDUCT)
    with pytest.raises(Stale):
        items.change(item, by=cast.scj, seen=seen, conditions=several("当场改正"), **CONDUCT)
    assert [condition.text for condition in item.conditions.all()] == ["及时改正"]


def test_an_item_that_a_colleague_took_out_is_neither_changed_nor_taken_out_again(cast):
    edition = drafted(cast)
    item = edition.items.get()
    items.remove(edition.items.get(), by=cast.scj, at=MAY_20)
    for act in (
        lambda: items.remove(item, by=cast.scj),
        lambda: items.change(item, by=cast.scj, conditions=[], **CONDUCT),
    ):
        with pytest.raises(Refused, match="已经从清单里删去"):
            act()


def test_a_record_number_is_given_once(cast):
    recorded(cast)
    assert recording.next_number(2022) == "兴司清备〔2022〕2号"
    other = EditionFactory(exemption_list=ListFactory(unit=cast.weifen.unit), filed=True, filed_by=cast.weifen)
    with pytest.raises(Refused, match="已经用过"):
        recording.record(other, by=cast.sfj, number="兴司清备〔2022〕1号", at=MAY_25)
    with pytest.raises(Refused, match="请填写备案号"):
        recording.record(other, by=cast.sfj, number=" ", at=MAY_25)


def test_a_day_before_the_record_cannot_be_the_first(cast):
    with pytest.raises(Refused, match="不能早于准予备案"):
        published(cast, day=dt.date(2022, 5, 24))


def test_no_act_without_its_entry(cast):
    edition = recorded(cast)
    with no_trail(), pytest.raises(DatabaseError):
        publication.publish(edition, by=cast.scj, effective_from=DUE, at=MAY_30)


def test_a_lapsed_basis_makes_a_worklist_and_tells_the_unit(cast):
    edition = published(cast)
    (basis,) = edition.items.get().penalty
    today = dt.date(2022, 6, 20)
    assert adjustments.count_of(cast.scj.unit, today) == 0
    count = legal_bases.set_status(
        basis, LegalBasis.AMENDED, by=cast.sfj, changed_on=today, whole_statute=True, at=moment(today)
    )
    assert count == 1
    assert [item.edition for item in adjustments.seen_by(cast.scj, today)] == [edition]
    assert adjustments.seen_by(cast.weifen, today).count() == 0
    assert Notice.objects.filter(recipient=cast.scj, title="《价格法》已修改，清单有1项要调整").count() == 1
    with pytest.raises(Refused, match="日期"):
        legal_bases.set_status(basis, LegalBasis.REPEALED, by=cast.sfj, changed_on=None)
    legal_bases.set_status(basis, LegalBasis.IN_FORCE, by=cast.sfj, changed_on=None)
    assert adjustments.count_of(cast.scj.unit, today) == 0


def test_overlaps_name_where_units_disagree(cast, django_assert_num_queries):
    mine = published(cast).items.get()
    town = EditionFactory(exemption_list=ListFactory(unit=cast.weifen.unit), in_force=True)
    theirs = ItemFactory(
        edition=town,
        conduct="另一种说法",
        penalty=[BasisFactory(), *mine.penalty],
        kind=Item.MINOR,
        conditions=["及时改正"],
    )
    ItemFactory(edition=town, conduct="别的事")
    today = dt.date(2022, 6, 20)
    (overlap,) = overlaps.in_force(today)
    assert {item.pk for item in overlap.items} == {mine.pk, theirs.pk}
    assert overlap.differences == ["免罚情形", "改正期限", "适用条件"] or overlap.differences == [
        "免罚情形",
        "适用条件",
    ]
    assert overlaps.of_edition(town, today) == {theirs.pk: [mine]}
    with django_assert_num_queries(3):
        overlaps.in_force(today)


def test_an_overlap_is_told_once_and_what_says_the_same_stands_together(db):
    basis = BasisFactory(statute="城市道路管理条例", article="第四十二条")
    units = [EditionFactory(exemption_list=ListFactory(), in_force=True) for _ in range(3)]
    for conduct in ("占用道路", "桥梁上设广告牌"):
        for edition in units:
            ItemFactory(edition=edition, conduct=conduct, penalty=basis)
    first, second = overlaps.in_force(dt.date(2022, 6, 20))
    assert {first.name, second.name} == {"占用道路", "桥梁上设广告牌"}
    assert [len(same) for same in first.variants] == [3]
    ItemFactory(edition=units[0], conduct="占用城市道路", penalty=basis, kind=Item.MINOR)
    (told, *_) = overlaps.in_force(dt.date(2022, 6, 20))
    assert (told.name, told.differences) == ("《城市道路管理条例》第四十二条", ["免罚情形"])
    assert [len(same) for same in told.variants] == [3, 1, 3] or [len(same) for same in told.variants] == [3, 3, 1]


def test_examples_are_taken_over_as_ones_own(cast):
    library = EditionFactory(exemption_list__kind=ExemptionList.EXAMPLES)
    example = ItemFactory(edition=library, code="示例-01", note="示例。来源：某地。", conditions=["及时改正"])
    edition = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj)
    assert items.take_over(edition, [example.pk, 999], by=cast.scj) == 1
    taken = edition.items.get()
    assert (taken.code, taken.note, taken.authority) == ("SCJ-001", "", cast.scj.unit.name)
    assert [condition.text for condition in taken.conditions.all()] == ["及时改正"]
    assert Item.objects.filter(pk=example.pk).exists()


def test_a_list_takes_three_hundred_items_and_no_more(cast, monkeypatch):
    monkeypatch.setattr(items, "MOST", 2)
    edition = drafted(cast)
    add(edition, cast.scj, code="自编")
    with pytest.raises(Refused, match="最多 2 项"):
        add(edition, cast.scj)
    items.remove(edition.items.first(), by=cast.scj)
    with pytest.raises(Refused, match="已有"):
        add(edition, cast.scj, code="自编")
    assert list(edition.items.values_list("position", "code")) == [(1, "自编")]
