"""The end of a case: by rule, in its order of days, with a number; 转处罚; service; 作废 keeps the number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from exemptions.cases import conditions, correction, deciding, moves
from exemptions.cases.conditions import Tick
from exemptions.cases.kinds import Decision, Publicity
from exemptions.cases.states import State
from exemptions.models import DocumentNumber, Item
from reform import rights
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_10, JUNE_20, SPARED, decided, ordered, ready, recorded
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


def decide(case, by, **more):
    given = {
        "decision": Decision.NO_PENALTY,
        "decided_on": JUNE_20,
        "education": "当面",
        "spared": SPARED,
        "reason": "理由",
    }
    return deciding.decide(case, by=by, at=AT, **given | more)


def test_a_decision_draws_the_number_and_keeps_who_and_what(cast):
    case = decided(cast.weifen)
    assert (case.state, case.spared, case.decided_by, case.decided_at) == (State.DECIDED, SPARED, cast.weifen, AT)
    assert str(case.decision_number) == "蔚汾镇不罚决〔2022〕1号"
    assert [move.verb for move in case.moves.all()] == ["record", "order", "recheck", "tick", "decide"]


def test_before_the_recheck_nothing_is_decided(cast):
    case = ordered(cast.weifen)
    for decision in Decision:
        with pytest.raises(Refused, match="须先复查"):
            decide(case, cast.weifen, decision=decision)
    assert not DocumentNumber.objects.filter(kind=DocumentNumber.DECISION).exists()


@pytest.mark.parametrize(
    ("given", "says", "field"),
    [
        ({"decided_on": dt.date(2022, 6, 7)}, "不能早于复查日期（2022年6月8日）", "decided_on"),
        ({"decided_on": JUNE_20 + dt.timedelta(days=1)}, "不能晚于今天", "decided_on"),
        ({"education": " "}, "应当对当事人进行教育", "education"),
        ({"spared": None}, "估算的免罚金额", "spared"),
        ({"spared": Decimal(9000)}, "不能高于罚款上限", "spared"),
        ({"decision": Decision.LIGHTER, "reason": ""}, "写明理由", "reason"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_draws_no_number(cast, given, says, field):
    case = ready(cast.weifen, fine_to=Decimal(5000))
    with pytest.raises(Refused, match=says) as error:
        decide(case, cast.weifen, **given)
    assert error.value.field == field
    assert str(decide(case, cast.weifen).decision_number).endswith("〕1号")


def test_a_decision_before_discovery_is_refused_also_without_an_order(cast):
    case = recorded(cast.weifen, kind=Item.NO_FAULT)
    conditions.tick(case, {1: Tick(True, "进货台账")}, by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="不能早于检查日期（2022年6月1日）"):
        decide(case, cast.weifen, decided_on=JUNE_1 - dt.timedelta(days=1))
    assert decide(case, cast.weifen, decided_on=JUNE_1).state == State.DECIDED


def test_all_that_stands_against_it_is_said_at_once(cast):
    case = recorded(cast.weifen)
    with pytest.raises(deciding.Obstructed) as error:
        decide(case, cast.weifen)
    assert error.value.errors["decision"].count("。") == 3  # conditions, first offence, correction


def test_what_was_not_corrected_in_time_goes_to_a_penalty_case_without_a_number(cast):
    case = ordered(cast.weifen)
    correction.recheck(case, rechecked_on=JUNE_20, result="not", findings="照旧。", by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="没有在期限内改正"):
        decide(case, cast.weifen)
    case = decide(case, cast.weifen, decision=Decision.TRANSFER)
    assert (case.state, case.decision_number, case.spared) == (State.TRANSFERRED, None, None)
    with pytest.raises(moves.CaseMoveRefused, match="已转处罚"):
        decide(case, cast.weifen)


def test_a_second_click_decides_nothing_more(cast):
    case = decided(cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match=r"已决定.*没有重复办理"):
        decide(case, cast.weifen)
    assert DocumentNumber.objects.filter(kind=DocumentNumber.DECISION).count() == 1


def test_numbers_count_by_unit_and_by_the_year_of_the_decision(cast):
    first, other = decided(cast.weifen), decided(cast.scj)
    old = decided(
        cast.weifen, discovered_on=dt.date(2021, 11, 1), correct_by=dt.date(2021, 11, 30), on=dt.date(2021, 12, 30)
    )
    texts = [str(case.decision_number) for case in (first, other, old, decided(cast.weifen))]
    assert texts == [
        "蔚汾镇不罚决〔2022〕1号", "县市场局不罚决〔2022〕1号", "蔚汾镇不罚决〔2021〕1号", "蔚汾镇不罚决〔2022〕2号",
    ]  # fmt: skip


def test_a_lighter_penalty_is_not_numbered_as_none(cast):
    texts = [str(decided(cast.weifen, decision=way).decision_number) for way in (Decision.LIGHTER, Decision.MITIGATED)]
    assert texts == ["蔚汾镇轻罚决〔2022〕1号", "蔚汾镇轻罚决〔2022〕2号"]
    assert str(decided(cast.weifen).decision_number) == "蔚汾镇不罚决〔2022〕1号"


def test_what_is_made_void_keeps_its_numbers_and_the_next_goes_on(cast):
    case = decided(cast.weifen)
    with pytest.raises(Refused, match="作废的理由"):
        deciding.make_void(case, reason=" ", by=cast.weifen, at=AT)
    deciding.make_void(case, reason="当事人写错", by=cast.weifen, at=AT)
    case.refresh_from_db()
    assert (case.state, str(case.decision_number)) == (State.VOID, "蔚汾镇不罚决〔2022〕1号（作废）")
    assert case.orders.get().number.void
    assert str(decided(cast.weifen).decision_number) == "蔚汾镇不罚决〔2022〕2号"
    with pytest.raises(moves.CaseMoveRefused, match="作废"):
        deciding.make_void(case, reason="再来", by=cast.weifen, at=AT)


def test_service_follows_the_decision(cast):
    case = ready(cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match="已复查待决定"):
        deciding.serve(case, served_on=JUNE_20, served_how="直接送达", by=cast.weifen, at=AT)
    case = decide(case, cast.weifen)
    with pytest.raises(Refused, match="决定日期"):
        deciding.serve(case, served_on=JUNE_10, served_how="直接送达", by=cast.weifen, at=AT)
    case = deciding.serve(case, served_on=JUNE_20, served_how=" 直接送达 ", by=cast.weifen, at=AT)
    assert (case.served_on, case.served_how) == (JUNE_20, "直接送达")


def test_another_unit_decides_nothing_and_no_decision_without_its_entry(cast):
    case = ready(cast.weifen)
    for somebody in (cast.scj, cast.sfj, cast.weifenld):
        with pytest.raises(rights.Denied):
            decide(case, somebody)
    with no_trail(), pytest.raises(Exception, match="auditentry"):
        decide(case, cast.weifen)
    case.refresh_from_db()
    assert (case.state, DocumentNumber.objects.filter(kind="decision").count()) == (State.RECHECKED, 0)


def test_whether_a_decision_was_shown_to_the_public_is_kept_with_its_day(cast):
    case = decided(cast.weifen)
    given = {"on": JUNE_20, "by": cast.weifen, "at": AT}
    deciding.publicise(case, publicity=Publicity.SHOWN, link="https://www.example.org/1", **given)
    case.refresh_from_db()
    assert (case.publicity, case.publicised_on, case.publicity_link) == ("shown", JUNE_20, "https://www.example.org/1")
    deciding.publicise(case, publicity=Publicity.REVOKED, note="当事人信用修复", **given)
    assert [move.note for move in case.moves.all()][-2:] == ["已公示", "已撤下　当事人信用修复"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"publicity": "x"}, "publicity"), ({"publicity": ""}, "publicity"), ({"publicity": "revoked", "note": "撤"}, "publicity"),
        ({"publicity": "withheld"}, "note"), ({"publicity": "shown", "on": JUNE_10}, "on"),
        ({"publicity": "shown", "on": dt.date(2022, 6, 21)}, "on"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_not_kept_of_publicity(cast, given, field):
    case = decided(cast.weifen)
    with pytest.raises(Refused) as refused:
        deciding.publicise(case, **{"on": JUNE_20, "by": cast.weifen, "at": AT} | given)
    assert refused.value.field == field


def test_only_a_decision_is_shown_to_the_public(cast):
    with pytest.raises(Refused, match="不能登记公示"):
        deciding.publicise(ready(cast.weifen), publicity=Publicity.SHOWN, on=JUNE_20, by=cast.weifen, at=AT)
