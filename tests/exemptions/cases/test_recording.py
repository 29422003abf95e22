"""Recording: the facts in normal form, the item of the day, numbers, officers of the unit; and correcting a draft."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from exemptions.cases import conditions, moves, recording
from exemptions.cases.conditions import Tick
from exemptions.cases.states import State, Verb
from exemptions.models import ExemptionCase, Item
from reform import rights
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_20, MAY_20, code, facts, item, officers, ordered, recorded
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import OneRefused, Refused, Stale, heard

pytestmark = pytest.mark.django_db


def refused(cast, says: str, **more) -> str | None:
    with pytest.raises(Refused, match=says) as error:
        recorded(cast.weifen, **more)
    assert not ExemptionCase.objects.exists()
    return error.value.field


def test_a_recorded_case_is_a_draft_with_the_laws_conditions_its_officers_and_a_trail_without_names(cast):
    case = recorded(cast.weifen, credit_code=code(5).lower())
    assert (case.state, case.number, case.credit_code) == (State.DRAFT, "2022-001", code(5))
    assert [row.text for row in case.conditions.all()] == ["初次违法", "危害后果轻微", "及时改正"]
    assert [row.officer.name for row in case.handlers.all()] == ["执法1", "执法2"]
    entry = AuditEntry.objects.latest("pk")
    assert (entry.action, entry.unit_code) == ("case.record", cast.weifen.unit.code)
    assert case.party_name not in str(entry.after)
    assert code(5) not in str(entry.after)
    assert [move.verb for move in case.moves.all()] == [Verb.RECORD]


def test_an_item_brings_its_kind_and_conditions(cast):
    one = item(cast.weifen.unit, kind=Item.MINOR)
    case = recorded(cast.weifen, item=one, kind=Item.FIRST)
    assert case.kind == Item.MINOR
    assert [row.text for row in case.conditions.all()] == ["初次违法", "危害后果轻微"]


def test_only_an_item_in_force_on_the_day_of_discovery_will_do(cast):
    old = item(cast.weifen.unit, begins=dt.date(2022, 4, 20), until=MAY_20)
    new = item(cast.weifen.unit)
    theirs = item(cast.scj.unit)
    assert refused(cast, "不在蔚汾镇有效的清单里", item=old) == "item"
    assert refused(cast, "2022年5月19日", item=new, discovered_on=MAY_20 - dt.timedelta(days=1)) == "item"
    assert refused(cast, "不在蔚汾镇有效的清单里", item=theirs) == "item"
    assert recorded(cast.weifen, item=old, discovered_on=MAY_20 - dt.timedelta(days=1)).item == old
    assert recorded(cast.weifen, item=new, discovered_on=MAY_20).item == new


@pytest.mark.parametrize(
    ("more", "says", "field"),
    [
        ({"direct_reason": "  "}, "直接适用第三十三条的理由", "direct_reason"),
        ({"discovered_on": JUNE_20 + dt.timedelta(days=1)}, "不能晚于今天", "discovered_on"),
        ({"discovered_on": dt.date(2010, 1, 1)}, "五年前", "discovered_on"),
        ({"credit_code": "123"}, "18 位", "credit_code"),
        ({"party_name": "张某360426199101010071"}, "身份证号", "party_name"),
        ({"fine_from": Decimal(9), "fine_to": Decimal(1)}, "不能低于下限", "fine_to"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(cast, more, says, field):
    assert refused(cast, says, **more) == field


def test_an_item_and_a_reason_for_none_exclude_each_other(cast):
    assert refused(cast, "就不用写", item=item(cast.weifen.unit), direct_reason="理由") == "direct_reason"


def test_numbers_count_on_by_unit_and_year_and_a_number_of_ones_own_is_taken_once(cast):
    assert [recorded(cast.weifen).number for _ in range(2)] == ["2022-001", "2022-002"]
    assert recorded(cast.scj).number == "2022-001"
    recorded(cast.weifen, number="兴蔚检7")
    with pytest.raises(Refused, match="兴蔚检7 已经登记过") as error:
        recorded(cast.weifen, number="兴蔚检7")
    assert error.value.field == "number"
    assert ExemptionCase.objects.count() == 4


def test_of_many_cases_all_are_recorded_or_none_and_which_cannot_be_is_said(cast):
    recorded(cast.weifen, number="乙2")

    def refused_at(*numbers: str) -> int:
        told: list[recording.Told] = [(facts(number=number), []) for number in numbers]
        with pytest.raises(OneRefused, match="已经登记过") as error:
            recording.record_all(cast.weifen.unit, told, by=cast.weifen, at=AT)
        return error.value.place

    assert (refused_at("乙1", "乙2", "乙3"), refused_at("乙1", "乙1")) == (1, 0)
    made = recording.record_all(cast.weifen.unit, [(facts(), []), (facts(), [])], by=cast.weifen, at=AT)
    assert [case.number for case in made] == ["2022-001", "2022-002"]
    assert ExemptionCase.objects.count() == 3


def test_a_refusal_is_heard_once_for_the_trail(cast):
    recorded(cast.weifen, number="乙2")
    said: list[Refused] = []
    token = heard.set(said)
    try:
        refused_by = [{"direct_reason": ""}, {"number": "乙2"}]
        for more in refused_by:
            with pytest.raises(Refused):
                recorded(cast.weifen, **more)
    finally:
        heard.reset(token)
    assert [one.field for one in said] == ["direct_reason", "number"]


def test_an_officer_of_another_unit_is_not_taken_and_nothing_is_kept(cast):
    with pytest.raises(Refused, match="本单位") as error:
        recording.record(cast.weifen.unit, facts(), officers=officers(cast.scj.unit), by=cast.weifen, at=AT)
    assert error.value.field == "officers"
    assert not ExemptionCase.objects.exists()


def test_only_who_files_for_the_unit_records_and_no_record_without_its_entry(cast):
    for somebody in (cast.scj, cast.weifenld, cast.sfj, cast.lingdao):
        with pytest.raises(rights.Denied):
            recorded(somebody, unit=cast.weifen.unit)
    with no_trail(), pytest.raises(Exception, match="auditentry"):
        recorded(cast.weifen)
    assert not ExemptionCase.objects.exists()


def test_a_draft_is_corrected_and_a_changed_ground_lays_new_conditions_but_keeps_equal_ones(cast):
    case = recorded(cast.weifen)
    conditions.tick(case, {1: Tick(True, "查询")}, by=cast.weifen, at=AT)
    one = item(cast.weifen.unit)
    recording.amend(case, facts(item=one, party_name="改名公司"), officers=officers(case.unit), by=cast.weifen, at=AT)
    case.refresh_from_db()
    assert (case.party_name, case.item, case.number, case.direct_reason) == ("改名公司", one, "2022-001", "")
    assert [(row.text, row.met) for row in case.conditions.all()] == [("初次违法", True), ("危害后果轻微", None)]


def test_two_people_do_not_overwrite_each_other(cast):
    case = recorded(cast.weifen)
    case.refresh_from_db()
    seen = recording.mark(case)
    recording.amend(case, facts(party_name="甲"), by=cast.weifen, seen=seen, at=AT)
    with pytest.raises(Stale):
        recording.amend(case, facts(party_name="乙"), by=cast.weifen, seen=seen, at=AT)
    case.refresh_from_db()
    assert case.party_name == "甲"


def test_after_the_order_the_record_stands(cast):
    case = ordered(cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match="责令改正中"):
        recording.amend(case, facts(party_name="乙"), by=cast.weifen, at=AT)


def test_a_condition_takes_words_or_a_file_of_the_case_and_says_what_is_too_long(cast):
    case, other = recorded(cast.weifen), recorded(cast.weifen)
    with pytest.raises(Refused, match="本案的材料") as error:
        conditions.tick(case, {1: Tick(True, file=99)}, by=cast.weifen, at=AT)
    assert error.value.field == "file-1"
    with pytest.raises(Refused, match="最多 300 字，现有 301 字") as error:
        conditions.tick(case, {2: Tick(True, "长" * 301)}, by=cast.weifen, at=AT)
    assert error.value.field == "proof-2"
    conditions.tick(case, {1: Tick(False, " 查得一起 "), 9: Tick(True)}, by=cast.weifen, at=AT)
    assert case.conditions.filter(position=1, met=False, proof="查得一起").exists()
    entries = AuditEntry.objects.count()
    conditions.tick(case, {1: Tick(False, "查得一起")}, by=cast.weifen, at=AT)
    assert AuditEntry.objects.count() == entries
    assert other.conditions.filter(met__isnull=False).count() == 0


def test_conditions_ticked_on_a_page_grown_stale_are_not_overwritten(cast):
    case = recorded(cast.weifen)
    seen = conditions.mark(case)
    conditions.tick(case, {1: Tick(True, "甲")}, seen=seen, by=cast.weifen, at=AT)
    with pytest.raises(Stale):
        conditions.tick(case, {1: Tick(False, "乙")}, seen=seen, by=cast.weifen, at=AT)
    assert case.conditions.get(position=1).proof == "甲"


def test_who_sees_which_case(cast):
    draft, known = recorded(cast.weifen), ordered(cast.weifen)
    seen = {user.username: set(ExemptionCase.objects.visible_to(user)) for user in cast}
    assert seen == {
        "weifen": {draft, known}, "weifenld": {draft, known}, "sfj": {known}, "sfjld": {known}, "scj": set(),
        "admin": set(), "anquan": set(), "audit": set(), "lingdao": set(), "pingcha": set(),
    }  # fmt: skip
    assert known.discovered_on == JUNE_1
