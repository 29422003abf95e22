"""首违查询: three answers across units, nothing of another's case told, and the officer's word kept."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions.cases import deciding, decisions, first_offence, moves, recording
from exemptions.cases.states import State
from exemptions.models import FirstOffenceCheck
from tests.exemptions.case_samples import AT, JUNE_1, code, decided, facts, item, ordered, recorded
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


def answer(case, by, **more) -> str:
    return first_offence.said(first_offence.check(case, by=by, at=AT, **more))


@pytest.mark.parametrize(
    ("day", "months", "back"),
    [
        (dt.date(2022, 6, 1), 12, dt.date(2021, 6, 1)),
        (dt.date(2022, 3, 31), 1, dt.date(2022, 2, 28)),
        (dt.date(2024, 2, 29), 24, dt.date(2022, 2, 28)),
        (dt.date(2022, 1, 15), 6, dt.date(2021, 7, 15)),
    ],
)
def test_months_back(day, months, back):
    assert first_offence.months_before(day, months) == back


def test_the_three_answers(cast):
    case = recorded(cast.weifen, discovered_on=dt.date(2022, 6, 10))
    assert answer(case, cast.weifen) == "平台内未见记录"
    ordered(cast.scj)
    assert answer(case, cast.weifen) == "有疑似记录，请询县市场局"
    person = recorded(cast.weifen, party_kind="person", party_name="张某", credit_code="")
    assert answer(person, cast.weifen) == "无法核验"


def test_drafts_void_cases_other_parties_and_what_lies_before_the_look_back_are_no_record(cast):
    recorded(cast.scj)
    deciding.make_void(ordered(cast.scj), reason="录错", by=cast.scj, at=AT)
    ordered(cast.scj, credit_code=code(2))
    ordered(cast.scj, discovered_on=dt.date(2021, 5, 30), correct_by=dt.date(2021, 6, 30))
    case = recorded(cast.weifen, item=item(cast.weifen.unit, months=12))
    assert answer(case, cast.weifen) == "平台内未见记录"
    assert first_offence.newest(case).since == dt.date(2021, 6, 1)


def test_the_items_own_look_back_counts_and_without_one_what_the_officer_says(cast):
    ordered(cast.scj, discovered_on=dt.date(2021, 9, 1), correct_by=dt.date(2021, 9, 30))
    short = recorded(cast.weifen, item=item(cast.weifen.unit, months=6))
    assert answer(short, cast.weifen, months=60) == "平台内未见记录"
    direct = recorded(cast.weifen)
    assert answer(direct, cast.weifen) == "有疑似记录，请询县市场局"
    assert answer(direct, cast.weifen, months=6) == "平台内未见记录"
    with pytest.raises(Refused, match="1 到 120") as error:
        answer(direct, cast.weifen, months=500)
    assert error.value.field == "months"


def test_the_officer_confirms_and_says_how_where_the_portal_could_not_rule_it_out(cast):
    ordered(cast.scj)
    check = first_offence.check(recorded(cast.weifen), by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="怎样核实") as error:
        first_offence.confirm(check, is_first=True, note=" ", by=cast.weifen, at=AT)
    assert error.value.field == "note"
    first_offence.confirm(check, is_first=True, note="市场局答复不是同类", by=cast.weifen, at=AT)
    first_offence.confirm(check, is_first=False, note="又来电更正", by=cast.weifen, at=AT)
    kept = AuditEntry.objects.filter(action="first_offence.confirm").order_by("pk").values_list("after", "note")
    assert list(kept) == [({"is_first": True}, "市场局答复不是同类"), ({"is_first": False}, "又来电更正")]
    logged = AuditEntry.objects.get(action="first_offence.check")
    assert logged.after == {"months": 24, "answer": "perhaps", "units": ["scj"]}


def test_a_check_falls_when_party_or_day_change_and_only_the_newest_is_confirmed(cast):
    case = recorded(cast.weifen)
    old = first_offence.check(case, by=cast.weifen, at=AT)
    new = first_offence.check(case, by=cast.weifen, at=AT)
    with pytest.raises(moves.CaseMoveRefused, match="最新的查询结果"):
        first_offence.confirm(old, is_first=True, by=cast.weifen, at=AT)
    first_offence.confirm(new, is_first=True, by=cast.weifen, at=AT)
    recording.amend(case, facts(credit_code=code(9)), by=cast.weifen, at=AT)
    case.refresh_from_db()
    assert first_offence.newest(case) is None
    with pytest.raises(moves.CaseMoveRefused, match="最新的查询结果"):
        first_offence.confirm(new, is_first=True, by=cast.weifen, at=AT)


def test_what_was_confirmed_of_a_person_does_not_hold_for_another(cast):
    person = {"party_kind": "person", "party_name": "张某", "credit_code": ""}
    case = recorded(cast.weifen, **person)
    first_offence.confirm(
        first_offence.check(case, by=cast.weifen, at=AT), is_first=True, note="查过台账", by=cast.weifen, at=AT
    )
    recording.amend(case, facts(**person | {"conduct": "没有标价。"}), by=cast.weifen, at=AT)
    assert first_offence.newest(case).is_first
    recording.amend(case, facts(**person | {"party_name": "李某"}), by=cast.weifen, at=AT)
    assert first_offence.newest(case).is_first is None
    assert "首违不罚须先查询首违情况并由执法人员确认。" in decisions.obstacles(
        "no_penalty", deciding.facts_of(case, JUNE_1)
    )


def test_a_settled_case_is_checked_no_more(cast):
    case = decided(cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match="已决定"):
        first_offence.check(case, by=cast.weifen, at=AT)
    with pytest.raises(moves.CaseMoveRefused, match="已决定"):
        first_offence.confirm(FirstOffenceCheck.objects.get(), is_first=False, note="x", by=cast.weifen, at=AT)
    assert (case.state, case.discovered_on) == (State.DECIDED, JUNE_1)
