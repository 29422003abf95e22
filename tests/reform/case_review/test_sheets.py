"""Blind sheets: saved, signed once, joined or handed to a third; what the portal makes of them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reform import rights
from reform.case_review import outcomes, sheets, typed
from reform.case_review.outcomes import Standing
from reform.models import CaseReview, Deduction
from tests.factories import UnitFactory, UserFactory
from tests.races import at_once
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, CLEAN, ROW, VETOED, fill, took
from xingxian_portal.foundation.refusal import Refused, Stale

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(cast):
    return rounds_of.a_started_round(cast.sfj).drawn.first()


@pytest.fixture
def pair(file) -> list[CaseReview]:
    return list(file.sheets.select_related("reviewer__user", "drawn__standard").order_by("seat"))


def test_signing_turns_what_was_typed_into_deductions(pair):
    fill(pair[0], took("2.5") | {"absent": ["B1.1"], "remark": " 较好 "})
    pair[0].refresh_from_db()

    assert [(one.item.code, one.points, one.page) for one in pair[0].deductions.all()] == [
        ("B3.1", Decimal("2.5"), "21")
    ]
    assert (pair[0].absent, pair[0].remark) == (["B1.1"], "较好")


@pytest.mark.parametrize(
    ("content", "field", "words"),
    [
        (took("81"), "d-B3.1-0-points", "只有 80 分"),
        (took("0"), "d-B3.1-0-points", "扣几分"),
        (took("-1"), "d-B3.1-0-points", "扣几分"),
        (took("1.234"), "d-B3.1-0-points", "扣几分"),
        (took("nan"), "d-B3.1-0-points", "扣几分"),
        (took("1e9"), "d-B3.1-0-points", "扣几分"),
        (took("两分"), "d-B3.1-0-points", "扣几分"),
        (took("1", page=" "), "d-B3.1-0-page", "卷内页码"),
        (took("1", problem=""), "d-B3.1-0-problem", "问题"),
        (took("1", rule="长" * 201), "d-B3.1-0-rule", "最多 200"),
        (took("1") | {"absent": ["B3.1"]}, "d-B3.1-0-points", "不适用"),
        (CLEAN | {"absent": ["B1.1", "B2.1", "B3.1"]}, "absent", "不能所有项目都不适用"),
        (CLEAN | {"vetoes": {"A01": ROW | {"problem": ""}}}, "v-A01-problem", "问题"),
        (CLEAN | {"remark": "长" * 2001}, "remark", "最多"),
    ],
)  # fmt: skip
def test_a_faulty_sheet_is_kept_and_not_signed(pair, content, field, words):
    with pytest.raises(sheets.SheetRefused) as refused:
        fill(pair[0], content)
    pair[0].refresh_from_db()

    assert words in refused.value.errors[field]
    assert (pair[0].typed, pair[0].signed_at, Deduction.objects.count()) == (content, None, 0)


def test_full_width_digits_are_digits():
    assert typed.points_of("０.５") == Decimal("0.5")


def test_nothing_is_changed_once_signed_not_even_a_veto(pair):
    fill(pair[0], VETOED)
    by = pair[0].reviewer.user

    for act in (lambda: sheets.save(pair[0], CLEAN, by=by, at=AT), lambda: sheets.sign(pair[0], by=by, at=AT),
                lambda: sheets.recuse(pair[0], "亲属", by=by, at=AT)):  # fmt: skip
        with pytest.raises(Refused, match="已经签署，扣分和否决项都不能再改"):
            act()
    assert [one.veto.code for one in pair[0].deductions.all()] == ["A01"]


def test_an_old_page_is_told_and_the_same_content_is_no_fault(pair):
    by, seen = pair[0].reviewer.user, sheets.mark(pair[0])
    sheets.save(pair[0], took("1"), seen=seen, by=by, at=AT)
    sheets.save(pair[0], took("1"), seen=seen, by=by, at=AT)
    with pytest.raises(Stale):
        sheets.save(pair[0], took("2"), seen=seen, by=by, at=AT)


def test_a_sheet_is_its_reviewers_own(cast, pair):
    for person in (pair[1].reviewer.user, cast.pingcha, cast.sfj):
        with pytest.raises(rights.Denied):
            sheets.save(pair[0], CLEAN, by=person, at=AT)


def test_two_within_the_tolerance_sign_jointly_and_come_to_their_mean(file, pair):
    fill(pair[0], took("2"))
    assert outcomes.of_file(file.pk).standing is Standing.SCORING
    with pytest.raises(Refused, match="还没有都签署"):
        sheets.join(pair[0], by=pair[0].reviewer.user, at=AT)
    fill(pair[1], took("5"))
    assert outcomes.of_file(file.pk).standing is Standing.JOINT
    for sheet in (*pair, pair[0]):
        sheets.join(sheet, by=sheet.reviewer.user, at=AT)

    done = outcomes.of_file(file.pk)
    assert (done.standing, done.score.final, done.grade) == (Standing.DONE, Decimal("96.50"), "优秀")


@pytest.mark.parametrize(("first", "second"), [(CLEAN, took("11")), (CLEAN, VETOED)])
def test_a_difference_above_the_limit_goes_to_a_third_who_decides(file, pair, first, second):
    fill(pair[0], first)
    fill(pair[1], second)
    third = file.sheets.get(seat=CaseReview.THIRD)
    assert third.reviewer.user not in {sheet.reviewer.user for sheet in pair}
    assert third.reviewer.user.unit_id != file.case_file.unit_id
    assert outcomes.of_file(file.pk).standing is Standing.THIRD
    fill(third, took("8"))

    done = outcomes.of_file(file.pk)
    assert (done.standing, done.score.final, done.grade) == (Standing.DONE, Decimal(92), "优秀")


def test_a_reviewer_who_disagrees_has_a_third_decide(file, pair):
    fill(pair[0], took("2"))
    fill(pair[1], took("5"))
    by = pair[0].reviewer.user
    sheets.join(pair[1], by=pair[1].reviewer.user, at=AT)
    with pytest.raises(Refused, match="写明提请复核的理由"):
        sheets.dispute(pair[0], " ", by=by, at=AT)
    sheets.dispute(pair[0], "漏看了送达回证", by=by, at=AT)
    with pytest.raises(Refused, match="不能提请复核"):
        sheets.dispute(pair[0], "再提一次", by=by, at=AT)
    with pytest.raises(Refused, match="已交第三人复核"):
        sheets.join(pair[1], by=pair[1].reviewer.user, at=AT)

    assert outcomes.of_file(file.pk).standing is Standing.THIRD


def test_where_no_third_is_at_hand_the_organiser_names_one_who_is_not_barred(cast):
    units = rounds_of.three_units(cast.sfj)
    round_ = rounds_of.scoring(cast.sfj, units, rounds_of.reviewers(UnitFactory(), UnitFactory()))
    file = round_.drawn.first()
    rounds_of.fill(file.sheets.get(seat=1), CLEAN)
    rounds_of.fill(file.sheets.get(seat=2), VETOED)
    assert outcomes.of_file(file.pk).standing is Standing.NEEDS_THIRD

    with pytest.raises(Refused, match="本单位的案卷"):
        sheets.name_third(file, rounds_of.reviewers(file.case_file.unit)[0], by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="已经在评查"):
        sheets.name_third(file, file.sheets.first().reviewer.user, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="不是可以参加"):
        sheets.name_third(file, UserFactory(), by=cast.sfj, at=AT)
    sheets.name_third(file, cast.pingcha, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="可能已经指定"):
        sheets.name_third(file, cast.pingcha, by=cast.sfj, at=AT)
    assert outcomes.of_file(file.pk).standing is Standing.THIRD


def test_a_conflict_met_only_now_hands_the_sheet_on_empty(file, pair):
    sheets.save(pair[0], took("3"), by=pair[0].reviewer.user, at=AT)
    before = {sheet.reviewer_id for sheet in pair}
    sheets.recuse(pair[0], "当事人是亲属", by=pair[0].reviewer.user, at=AT)
    after = file.sheets.get(seat=1)

    assert after.reviewer_id not in before
    assert after.typed == {}
    assert after.reviewer.user.unit_id != file.case_file.unit_id
    assert pair[0].reviewer.conflicts.get().case_file == file.case_file


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_sign_at_once_call_one_third(cast):
    file = rounds_of.a_started_round(cast.sfj).drawn.first()
    pair = list(file.sheets.select_related("reviewer__user").order_by("seat"))
    for sheet, content in zip(pair, (CLEAN, VETOED), strict=True):
        sheets.save(sheet, content, by=sheet.reviewer.user, at=AT)
    given = at_once(*(lambda sheet=sheet: sheets.sign(sheet, by=sheet.reviewer.user, at=AT) for sheet in pair))

    assert [one for one in given if isinstance(one, Exception)] == []
    assert file.sheets.filter(seat=CaseReview.THIRD).count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_sheet_signed_twice_at_once_takes_its_points_once(cast):
    sheet = rounds_of.a_started_round(cast.sfj).drawn.first().sheets.get(seat=1)
    sheets.save(sheet, took("2"), by=sheet.reviewer.user, at=AT)
    given = at_once(*[lambda: sheets.sign(sheet, by=sheet.reviewer.user, at=AT)] * 2)

    assert sum(isinstance(one, Refused) for one in given) == 1
    assert sheet.deductions.count() == 1
