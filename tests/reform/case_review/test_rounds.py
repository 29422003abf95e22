"""A round from its scope to its sheets: who may, when, and what is refused with which words."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter

import pytest

from liaisons.models import Notice
from reform import rights
from reform.case_review import assignment, drawing, eligibility, register, rounds, standards
from reform.models import CaseFile, CaseReview, ReviewItem, ReviewRound, ReviewStandard, ReviewVeto, Stage
from tests.factories import UnitFactory
from tests.races import at_once
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, DAY
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


def test_a_register_is_sealed_from_the_scope_alone_and_the_draw_follows_the_seed(cast):
    units = UnitFactory.create_batch(2)
    for unit in units:
        for number in range(4):
            rounds_of.a_file(unit, cast.sfj, str(number))
    rounds_of.a_file(units[0], cast.sfj, "旧", decided_on=dt.date(2021, 5, 1))
    rounds_of.a_file(units[0], cast.sfj, "许可", kind=CaseFile.LICENCE)
    rounds_of.a_file(UnitFactory(), cast.sfj)
    round_ = rounds_of.a_round(cast.sfj, units, per_unit=2)
    rounds.seal(round_, by=cast.sfj, at=AT)
    drawn = rounds.draw(round_, " 68123 ", witnesses="见证甲", by=cast.sfj, at=AT)
    round_.refresh_from_db()

    assert (round_.stage, round_.seed, len(round_.population), len(drawn)) == (Stage.DRAWN, "68123", 8, 4)
    assert Counter(row.case_file.unit for row in round_.drawn.all()) == {units[0]: 2, units[1]: 2}
    assert drawing.holds(round_)
    assert AuditEntry.objects.filter(action="review_round.drawn", subject_key=round_.pk).count() == 1


def test_a_file_swapped_afterwards_shows(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    assert drawing.holds(round_)

    round_.drawn.filter(number=1).update(case_file=rounds_of.a_file(UnitFactory(), cast.sfj))
    assert not drawing.holds(round_)


def test_a_unit_with_fewer_files_than_the_sample_gives_all_it_has(cast):
    units = rounds_of.three_units(cast.sfj)
    rounds_of.a_file(units[0], cast.sfj, "2")
    round_ = rounds_of.drawn(rounds_of.a_round(cast.sfj, units, per_unit=5), [], by=cast.sfj)

    assert round_.drawn.count() == 4


def test_a_form_sent_twice_is_one_round_and_another_organisers_may_have_the_same_name(cast):
    units = rounds_of.three_units(cast.sfj)
    rounds_of.a_round(cast.sfj, units)
    with pytest.raises(Refused, match="没有重复建立") as refused:
        rounds_of.a_round(cast.sfj, units)
    rounds_of.a_round(cast.weifen, [cast.weifen.unit])
    assert (refused.value.field, ReviewRound.objects.count()) == ("title", 2)


def test_a_register_without_files_is_not_sealed(cast):
    with pytest.raises(Refused, match="还没有登记的案卷"):
        rounds.seal(rounds_of.a_round(cast.sfj, [UnitFactory()]), by=cast.sfj, at=AT)


@pytest.mark.parametrize(
    ("seed", "words"), [("", "请填写随机种子"), (" ", "请填写随机种子"), ("a\nb", "不能换行"), ("长" * 61, "最多")]
)
def test_a_seed_that_cannot_be_printed_is_refused(cast, seed, words):
    round_ = rounds_of.a_round(cast.sfj, rounds_of.three_units(cast.sfj))
    rounds.seal(round_, by=cast.sfj, at=AT)

    with pytest.raises(Refused, match=words):
        rounds.draw(round_, seed, by=cast.sfj, at=AT)


def test_nothing_is_drawn_twice_nor_after_scoring_has_begun(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    before = list(round_.drawn.values_list("case_file", flat=True))

    for act in (lambda: rounds.draw(round_, "2", by=cast.sfj, at=AT), lambda: rounds.seal(round_, by=cast.sfj, at=AT),
                lambda: rounds.unseal(round_, by=cast.sfj, at=AT), lambda: rounds.start(round_, by=cast.sfj, at=AT)):  # fmt: skip
        with pytest.raises(Refused, match="现在是“评查中”"):
            act()
    assert list(round_.drawn.values_list("case_file", flat=True)) == before


def test_a_unit_runs_its_own_round_over_its_own_files_and_no_other(cast):
    unit, other = cast.weifen.unit, cast.scj.unit
    round_ = rounds_of.a_round(cast.weifen, [unit])
    assert not round_.is_of_bureau

    with pytest.raises(Refused, match="只评本单位"):
        rounds_of.a_round(cast.weifen, [other])
    with pytest.raises(rights.Denied):
        rounds_of.a_round(cast.weifen, [other], organiser=other)
    for act in (rounds.seal, rounds.start):
        with pytest.raises(rights.Denied):
            act(round_, by=cast.scj, at=AT)
        with pytest.raises(rights.Denied):
            act(round_, by=cast.sfj, at=AT)


def test_nobody_reviews_the_own_units_files_and_the_load_is_even(cast):
    units = UnitFactory.create_batch(6)
    for unit in units:
        for number in range(2):
            rounds_of.a_file(unit, cast.sfj, str(number))
    round_ = rounds_of.scoring(cast.sfj, units, rounds_of.reviewers(*units), per_unit=2)
    sheets = CaseReview.objects.filter(drawn__round=round_).select_related("reviewer__user", "drawn__case_file")

    assert Counter(sheet.drawn_id for sheet in sheets) == dict.fromkeys(round_.drawn.values_list("pk", flat=True), 2)
    assert not [sheet for sheet in sheets if sheet.reviewer.user.unit_id == sheet.drawn.case_file.unit_id]
    assert set(Counter(sheet.reviewer_id for sheet in sheets).values()) == {4}
    assert Notice.objects.filter(title__contains="开始评查").count() == 6


def test_who_did_the_legal_audit_of_a_file_handled_it_too(cast):
    file = rounds_of.a_file(cast.weifen.unit, cast.weifen, audited_by=f"审核乙、{cast.pingcha.name}")
    round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])

    assert eligibility.bar(cast.pingcha, file, round_) == "本人承办或审核的案卷"


def test_in_a_units_own_round_nobody_reviews_what_they_handled(cast):
    unit = cast.weifen.unit
    people = rounds_of.reviewers(unit, unit, unit)
    for number in range(6):
        rounds_of.a_file(unit, cast.weifen, str(number), officers=[people[number % 3].name])
    round_ = rounds_of.scoring(cast.weifen, [unit], people, per_unit=6)

    assert not [
        sheet
        for sheet in CaseReview.objects.filter(drawn__round=round_)
        if sheet.reviewer.user.name in sheet.drawn.case_file.officers
    ]


def test_a_units_own_round_takes_its_own_reviewers_alone(cast):
    round_ = rounds_of.a_round(cast.weifen, [cast.weifen.unit])
    with pytest.raises(Refused, match="不是可以参加这次评查的评查员"):
        rounds.seat(round_, [cast.pingcha], by=cast.weifen, at=AT)


def test_a_declared_conflict_is_kept_out_and_an_undeclared_reviewer_stops_the_start(cast):
    units = rounds_of.three_units(cast.sfj)
    people = rounds_of.reviewers(*(UnitFactory() for _ in range(3)))
    round_ = rounds_of.drawn(rounds_of.a_round(cast.sfj, units), people, by=cast.sfj)
    seat = round_.reviewers.get(user=people[0])
    with pytest.raises(Refused, match="写明回避的理由"):
        rounds.declare(seat, units=[units[0]], by=people[0], at=AT)
    with pytest.raises(rights.Denied):
        rounds.declare(seat, by=people[1], at=AT)
    file = round_.drawn.get(case_file__unit=units[1]).case_file
    rounds.declare(seat, units=[units[0]], files=[file], reason="亲属", by=people[0], at=AT)
    round_.reviewers.filter(user=people[2]).update(declared_at=None)
    with pytest.raises(Refused, match=f"{people[2].name}还没有申明"):
        rounds.start(round_, by=cast.sfj, at=AT)
    rounds.declare(round_.reviewers.get(user=people[2]), by=people[2], at=AT)
    rounds.start(round_, by=cast.sfj, at=AT)

    assert [sheet.drawn.case_file.unit for sheet in CaseReview.objects.filter(reviewer=seat)] == [units[2]]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_conflict_is_declared_before_the_files_are_given_out_or_refused(cast, monkeypatch):
    units = rounds_of.three_units(cast.sfj)
    people = rounds_of.reviewers(*UnitFactory.create_batch(2))
    round_ = rounds_of.drawn(rounds_of.a_round(cast.sfj, units), people, by=cast.sfj)
    seat, assign, outcomes = round_.reviewers.get(user=people[0]), assignment.assign, []

    def declare() -> None:
        outcomes.extend(at_once(lambda: rounds.declare(seat, units=units, reason="亲属", by=people[0], at=AT)))

    other = threading.Thread(target=declare)

    def assign_meanwhile(*given):
        other.start()
        other.join(timeout=1)  # it waits for the start to end
        return assign(*given)

    monkeypatch.setattr(assignment, "assign", assign_meanwhile)
    rounds.start(round_, by=cast.sfj, at=AT)
    other.join(timeout=10)

    assert CaseReview.objects.filter(reviewer=seat).count() == 3
    assert "不能再申明回避" in str(outcomes)


def test_too_few_reviewers_are_said_with_the_files(cast):
    units = rounds_of.three_units(cast.sfj)
    round_ = rounds_of.drawn(rounds_of.a_round(cast.sfj, units), rounds_of.reviewers(units[0], units[1]), by=cast.sfj)

    with pytest.raises(Refused, match="2 卷除去回避以后不足两名评查员"):
        rounds.start(round_, by=cast.sfj, at=AT)


def test_a_round_keeps_the_version_it_began_with(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    used = ReviewStandard.objects.get(code="small")
    with pytest.raises(Refused, match="已经启用，不能再改"):
        standards.edit(used, items=[], vetoes=[], by=cast.sfj, at=AT)
    draft = standards.revise(used, by=cast.sfj, at=AT)
    assert standards.revise(used, by=cast.sfj, at=AT) == draft
    items = [{"section": "立案", "title": "新项", "points": 60, "problem_class": ReviewItem.PAPERS, "rule": ""}]
    vetoes = [{"text": "主体不适格", "effect": ReviewVeto.BAR, "source": ""}]
    standards.edit(draft, items=items, vetoes=vetoes, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="合计 60 分"):
        standards.issue(draft, by=cast.sfj, at=AT)
    items.append(items[0] | {"title": "又一项", "points": 40})
    standards.edit(draft, items=items, vetoes=vetoes, confirmed=True, by=cast.sfj, at=AT)
    standards.issue(draft, by=cast.sfj, at=AT)

    assert (draft.version, [item.code for item in draft.items.all()]) == (2, ["B1.1", "B1.2"])
    assert {row.standard for row in round_.drawn.all()} == {used}
    assert [veto.effect for veto in used.vetoes.all()] == ["fail", "bar"]
    assert [(veto.code, veto.effect, veto.confirmed) for veto in draft.vetoes.all()] == [("A01", "bar", True)]


def test_a_standard_for_another_kind_of_file_begins_from_nothing_or_from_one_that_is_there(cast):
    used = rounds_of.a_standard(excellent_from=95)
    bare = standards.begin("许可评查表", CaseFile.LICENCE, by=cast.sfj, at=AT)
    full = standards.begin("强制评查表", CaseFile.COERCION, like=used, by=cast.sfj, at=AT)

    assert (bare.code, bare.is_draft, bare.items.count()) == ("licence-1", True, 0)
    assert (full.version, full.excellent_from, full.items.count(), full.vetoes.count()) == (1, 95, 3, 2)
    assert used.items.count() == 3
    with pytest.raises(Refused, match="已有这个名称"):
        standards.begin("许可评查表", CaseFile.LICENCE, by=cast.sfj, at=AT)
    with pytest.raises(rights.Denied):
        standards.begin("又一表", CaseFile.LICENCE, by=cast.weifen, at=AT)


def test_what_is_in_a_sealed_register_or_drawn_is_not_changed(cast):
    file = rounds_of.a_file(cast.weifen.unit, cast.weifen)
    values = {"number": "新", "title": "案由", "party": "某", "decided_on": DAY, "officers": ["甲"]}
    round_ = rounds_of.a_round(cast.sfj, [cast.weifen.unit])
    rounds.seal(round_, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="已封存"):
        register.edit(file, values, by=cast.weifen, at=AT)
    rounds.unseal(round_, by=cast.sfj, at=AT)
    register.edit(file, values, by=cast.weifen, at=AT)
    rounds_of.drawn(round_, [], by=cast.sfj)
    for act in (
        lambda: register.edit(file, values, by=cast.weifen, at=AT),
        lambda: register.remove(file, by=cast.weifen, at=AT),
    ):
        with pytest.raises(Refused, match="已被抽取"):
            act()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"decided_on": dt.date(2022, 7, 1)}, "decided_on"),
        ({"opened_on": dt.date(2022, 5, 11)}, "opened_on"),
        ({"closed_on": dt.date(2022, 5, 9)}, "closed_on"),
        ({"officers": []}, "officers"),
        ({"is_major": True}, "audited_on"),
        ({"is_major": True, "audited_on": DAY, "audited_by": "甲"}, "discussed_on"),
        ({"is_major": True, "audited_on": DAY, "audited_by": "甲", "discussed_on": dt.date(2022, 5, 11), "discussion": "同意"}, "discussed_on"),
        ({"number": "样罚〔2022〕1号"}, "number"),
    ],
)  # fmt: skip
def test_what_a_case_cannot_have_been_is_refused_beside_its_input(cast, given, field):
    rounds_of.a_file(cast.weifen.unit, cast.weifen)
    values = {"number": "样2", "title": "案由", "party": "某", "decided_on": DAY, "officers": ["甲"]} | given
    with pytest.raises(Refused) as refused:
        register.register(cast.weifen.unit, values, by=cast.weifen, at=AT)

    assert refused.value.field == field
    assert CaseFile.objects.count() == 1


def test_a_unit_registers_for_itself_alone(cast):
    values = {"number": "样2", "title": "案由", "party": "某", "decided_on": DAY, "officers": ["甲"]}
    with pytest.raises(rights.Denied):
        register.register(cast.scj.unit, values, by=cast.weifen, at=AT)
    assert register.register(cast.scj.unit, values, by=cast.scj, at=AT).unit == cast.scj.unit
