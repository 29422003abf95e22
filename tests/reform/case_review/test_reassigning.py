"""A reviewer who changes unit in the middle of a round: what is unsigned is handed on, what is signed stays."""

from __future__ import annotations

import pytest
from django.urls import reverse

from liaisons import accounts, roles, units
from liaisons.models import RoleGrant, User
from reform import rights
from reform.case_review import outcomes, reassigning, register, reviewer_desk, sheets
from reform.case_review.outcomes import Standing
from reform.models import CaseReview, ReviewRound
from tests.cast import client_of
from tests.factories import UnitFactory, UserFactory
from tests.files import pdf
from tests.races import at_once
from tests.reform.case_review import rounds_of
from tests.reform.case_review.rounds_of import AT, CLEAN, VETOED, fill, took
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_june(db):
    clock.start_demo(AT)


@pytest.fixture
def round_(cast) -> ReviewRound:
    return rounds_of.a_started_round(cast.sfj)


@pytest.fixture
def sheet(cast, round_) -> CaseReview:
    """Give a sheet whose reviewer has moved to the unit of the file since."""
    found = _sheet(round_, 1)
    _move(cast, found)
    return _sheet(round_, 1)


def _sheet(round_: ReviewRound, seat: int) -> CaseReview:
    rows = CaseReview.objects.select_related("drawn__case_file__unit", "drawn__round__organiser", "reviewer__user")
    return rows.get(drawn=round_.drawn.first(), seat=seat)


def _move(cast, sheet: CaseReview) -> None:
    person = sheet.reviewer.user
    accounts.amend(person, name=person.name, unit=sheet.drawn.case_file.unit, by=cast.admin, at=AT)


def _keeper(sheet: CaseReview) -> User:
    return UserFactory(unit=sheet.drawn.case_file.unit, role=roles.LIAISON)


def test_a_file_that_became_ones_own_units_is_neither_opened_nor_filled_in_nor_signed(round_, sheet):
    by = sheet.reviewer.user
    (scan,) = register.attach(sheet.drawn.case_file, [pdf()], by=_keeper(sheet))
    client, address = client_of(by), reverse("review_sheet", args=[sheet.pk])
    assert client.get(address).status_code == 404
    assert client.get(reverse("case_document", args=[scan.pk])).status_code == 404
    assert client.post(address + "recuse/", {"reason": "亲属"}).status_code == 404
    for act in (lambda: sheets.save(sheet, took("2"), by=by, at=AT), lambda: sheets.sign(sheet, by=by, at=AT)):
        with pytest.raises(Refused, match="本单位的案卷，须由组织单位改派"):
            act()
    page = client.post(address + "save/", {"sign": "1"}, follow=True).content.decode()

    assert "本单位的案卷，须由组织单位改派" in page
    assert "不再由您评查" in page
    assert sheet.pk not in [one.sheet.pk for one in reviewer_desk.waiting(by)]
    sheet.refresh_from_db()
    assert (sheet.typed, sheet.signed_at) == ({}, None)


def test_the_organiser_hands_it_on_with_one_click_to_who_may_and_has_least(cast, round_, sheet):
    (only,) = reassigning.misplaced(round_)
    assert "须改派 1" in client_of(cast.sfj).get("/reviews/").content.decode()
    assert "须改派" not in client_of(sheet.reviewer.user).get("/reviews/").content.decode()
    page = client_of(cast.sfj).get(f"/reviews/{round_.pk}/").content.decode()
    assert f"改派给{only.choice.reviewer.user.name}" in page
    least = min(one.load for one in sheets.free_for(sheet.drawn))
    client_of(cast.sfj).post(reverse("review_reassign", args=[sheet.pk]))
    after = _sheet(round_, 1)

    assert after.reviewer == only.choice.reviewer
    assert only.choice.load == least
    assert after.reviewer.user.unit_id != sheet.drawn.case_file.unit_id
    assert "须改派" not in client_of(cast.sfj).get(f"/reviews/{round_.pk}/").content.decode()
    entry = AuditEntry.objects.get(action="case_review.reassign")
    assert entry.after == {
        "drawn": sheet.drawn_id, "reviewer": sheet.reviewer.user_id, "to": after.reviewer.user_id, "why": "本单位的案卷",
    }  # fmt: skip
    assert client_of(after.reviewer.user).get(reverse("review_sheet", args=[sheet.pk])).status_code == 200
    fill(after, CLEAN)


def test_what_was_typed_goes_and_what_was_signed_stays(cast, round_):
    mine, others = _sheet(round_, 1), _sheet(round_, 2)
    fill(mine, took("2"))
    sheets.save(others, took("9"), by=others.reviewer.user, at=AT)
    for one in (mine, others):
        _move(cast, one)
    assert [one.sheet for one in reassigning.misplaced(round_)] == [others]
    with pytest.raises(Refused, match="不需要改派"):
        reassigning.reassign(mine, by=cast.sfj, at=AT)
    after = reassigning.reassign(others, by=cast.sfj, at=AT)
    assert after.typed == {}
    fill(_sheet(round_, 2), took("2"))

    assert outcomes.of_file(mine.drawn_id).standing is Standing.JOINT
    assert client_of(mine.reviewer.user).get(reverse("review_sheet", args=[mine.pk])).status_code == 200
    with pytest.raises(Refused, match="不能再提请复核：本单位的案卷"):
        sheets.dispute(_sheet(round_, 1), "分数偏低", by=mine.reviewer.user, at=AT)
    for seat in (1, 2):
        one = _sheet(round_, seat)
        sheets.join(one, by=one.reviewer.user, at=AT)
    assert outcomes.of_file(mine.drawn_id).standing is Standing.DONE


def test_a_unit_served_besides_ones_own_is_ones_own_too(round_):
    sheet = _sheet(round_, 1)
    unit = sheet.drawn.case_file.unit
    RoleGrant.objects.create(user=sheet.reviewer.user, role=roles.LIAISON.slug, unit=unit, granted_at=AT)

    assert [one.sheet for one in reassigning.misplaced(round_)] == [sheet]


def test_the_files_of_a_unit_merged_into_ones_own_are_ones_own(cast, round_):
    sheet = _sheet(round_, 1)
    units.close(sheet.drawn.case_file.unit, on=AT.date(), into=sheet.reviewer.user.unit, by=cast.admin, at=AT)

    assert [one.sheet.drawn for one in reassigning.misplaced(round_)] == [sheet.drawn]
    after = reassigning.reassign(sheet, by=cast.sfj, at=AT)
    assert after.reviewer.user.unit != sheet.reviewer.user.unit


def test_only_what_is_misplaced_is_handed_on_and_only_by_who_runs_the_round(cast, round_, sheet):
    fine = _sheet(round_, 2)
    with pytest.raises(Refused, match="不需要改派"):
        reassigning.reassign(fine, by=cast.sfj, at=AT)
    for person in (sheet.reviewer.user, cast.weifen, cast.pingcha):
        with pytest.raises(rights.Denied):
            reassigning.reassign(sheet, by=person, at=AT)
        assert client_of(person).post(reverse("review_reassign", args=[sheet.pk])).status_code == 404
    reassigning.reassign(sheet, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="不需要改派"):
        reassigning.reassign(sheet, by=cast.sfj, at=AT)
    assert CaseReview.objects.get(pk=fine.pk).reviewer_id == fine.reviewer_id


def test_where_all_others_of_the_round_are_barred_the_organiser_names_one_who_is_not(cast):
    units = rounds_of.three_units(cast.sfj)
    round_ = rounds_of.scoring(cast.sfj, units, rounds_of.reviewers(UnitFactory(), UnitFactory()))
    sheet = _sheet(round_, 1)
    _move(cast, sheet)
    with pytest.raises(Refused, match="另选一名评查员"):
        reassigning.reassign(sheet, by=cast.sfj, at=AT)
    own = rounds_of.reviewers(sheet.drawn.case_file.unit)[0]
    with pytest.raises(Refused, match="本单位的案卷"):
        reassigning.reassign(sheet, own, by=cast.sfj, at=AT)
    client, address = client_of(cast.sfj), reverse("review_reassign", args=[sheet.pk])
    assert "另选评查员" in client.get(f"/reviews/{round_.pk}/").content.decode()
    assert "所选的人不能评查" in client.post(address, {"user": own.pk}, follow=True).content.decode()
    assert "已改派" in client.post(address, {"user": cast.pingcha.pk}, follow=True).content.decode()
    assert _sheet(round_, 1).reviewer.user == cast.pingcha


def test_a_third_is_called_from_those_who_may_still_review(cast, round_):
    first, *others = sheets.free_for(round_.drawn.first())
    accounts.disable(first.reviewer.user, by=cast.admin, at=AT)
    fill(_sheet(round_, 1), CLEAN)
    fill(_sheet(round_, 2), VETOED)

    assert _sheet(round_, CaseReview.THIRD).reviewer == others[0].reviewer


def test_a_reviewer_of_a_units_own_round_who_leaves_the_unit_is_replaced_by_one_of_it(cast):
    unit = UnitFactory()
    runs = UserFactory(unit=unit, role=roles.LIAISON)
    rounds_of.a_file(unit, cast.sfj)
    round_ = rounds_of.scoring(runs, [unit], rounds_of.reviewers(unit, unit, unit))
    sheet = _sheet(round_, 1)
    person = sheet.reviewer.user
    accounts.amend(person, name=person.name, unit=UnitFactory(), by=cast.admin, at=AT)

    assert [one.why for one in reassigning.misplaced(round_)] == ["评查员不能再参加这次评查"]
    assert reassigning.reassign(sheet, by=runs, at=AT).reviewer.user.unit == unit


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_hand_a_sheet_on_once(cast):
    round_ = rounds_of.a_started_round(cast.sfj)
    sheet = _sheet(round_, 1)
    _move(cast, sheet)
    given = at_once(*[lambda: reassigning.reassign(sheet, by=cast.sfj, at=AT)] * 2)

    assert sum(isinstance(one, Refused) for one in given) == 1
    assert AuditEntry.objects.filter(action="case_review.reassign").count() == 1
