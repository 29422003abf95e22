"""责令改正, 承诺, 复查: dates in their order, numbers, a second order, nothing done twice."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions.cases import correction, moves, recording
from exemptions.cases.states import State
from exemptions.models import CorrectionOrder, ExemptionCase
from reform import rights
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_10, JUNE_20, facts, officers, ordered, recorded
from xingxian_portal.foundation.refusal import Refused

pytestmark = pytest.mark.django_db


def order(case, by, *, ordered_on=JUNE_1, correct_by=JUNE_10, demands="补齐。"):
    return correction.order(case, ordered_on=ordered_on, correct_by=correct_by, demands=demands, by=by, at=AT)


def recheck(case, by, *, rechecked_on=JUNE_20, result="in_time", findings="已补齐。"):
    return correction.recheck(case, rechecked_on=rechecked_on, result=result, findings=findings, by=by, at=AT)


def test_an_order_draws_its_number_and_sets_the_deadline(cast):
    case = order(recorded(cast.weifen, how_corrected="on_the_spot"), cast.weifen)
    given = case.orders.get()
    assert (case.state, case.correct_by, case.how_corrected) == (State.CORRECTING, JUNE_10, "")
    assert str(given.number) == "蔚汾镇责改通〔2022〕1号"


@pytest.mark.parametrize(
    ("given", "says", "field"),
    [
        ({"ordered_on": JUNE_1 - dt.timedelta(days=1)}, "不能早于检查日期（2022年6月1日）", "ordered_on"),
        ({"ordered_on": JUNE_20 + dt.timedelta(days=1)}, "不能晚于今天", "ordered_on"),
        ({"correct_by": JUNE_1 - dt.timedelta(days=1)}, "改正期限应在", "correct_by"),
        ({"correct_by": dt.date(2024, 1, 1)}, "一年以内", "correct_by"),
        ({"demands": " "}, "要改正什么", "demands"),
    ],
)
def test_an_order_that_cannot_be_is_refused_and_draws_no_number(cast, given, says, field):
    case = recorded(cast.weifen)
    with pytest.raises(Refused, match=says) as error:
        order(case, cast.weifen, **given)
    assert error.value.field == field
    assert str(order(case, cast.weifen).orders.get().number).endswith("〕1号")


def test_one_officer_alone_orders_nothing(cast):
    case = recording.record(cast.weifen.unit, facts(), officers=officers(cast.weifen.unit, 1), by=cast.weifen, at=AT)
    with pytest.raises(Refused, match="不得少于两人"):
        order(case, cast.weifen)


def test_a_second_click_orders_nothing_more(cast):
    case = ordered(cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match=r"责令改正中.*没有重复办理"):
        order(case, cast.weifen)
    assert CorrectionOrder.objects.count() == 1


def test_a_promise_is_kept_with_the_order(cast):
    case = ordered(cast.weifen)
    with pytest.raises(Refused, match="责令日期") as error:
        correction.promise(case, promised_on=JUNE_1 - dt.timedelta(days=1), text="改", by=cast.weifen, at=AT)
    assert error.value.field == "promised_on"
    correction.promise(case, promised_on=JUNE_1, text=" 三日内改正 ", by=cast.weifen, at=AT)
    assert (case.orders.get().promised_on, case.orders.get().promise) == (JUNE_1, "三日内改正")


@pytest.mark.parametrize(
    ("given", "says", "field"),
    [
        ({"rechecked_on": dt.date(2022, 5, 31)}, "不能早于责令日期", "rechecked_on"),
        ({"rechecked_on": JUNE_10, "result": "late"}, "还在改正期限内", "result"),
        ({"findings": ""}, "复查看到的情况", "findings"),
    ],
)
def test_a_recheck_that_cannot_be_is_refused(cast, given, says, field):
    case = ordered(cast.weifen)
    with pytest.raises(Refused, match=says) as error:
        recheck(case, cast.weifen, **given)
    assert error.value.field == field
    assert case.orders.get().result == ""


def test_what_was_rechecked_is_not_rechecked_again_and_only_what_was_not_corrected_is_ordered_again(cast):
    case = recheck(ordered(cast.weifen), cast.weifen)
    assert case.state == State.RECHECKED
    with pytest.raises(moves.CaseMoveRefused, match="已复查待决定"):
        recheck(case, cast.weifen)
    with pytest.raises(moves.CaseMoveRefused, match="不用再次责令改正"):
        order(case, cast.weifen, ordered_on=JUNE_20, correct_by=dt.date(2022, 6, 30))


def test_a_second_order_follows_a_recheck_that_found_nothing_done(cast):
    case = recheck(ordered(cast.weifen), cast.weifen, rechecked_on=dt.date(2022, 6, 12), result="not")
    with pytest.raises(Refused, match="上次复查的日期"):
        order(case, cast.weifen, ordered_on=JUNE_10)
    case = order(case, cast.weifen, ordered_on=dt.date(2022, 6, 13), correct_by=JUNE_20)
    assert [str(row.number)[-2:] for row in case.orders.all()] == ["1号", "2号"]
    assert correction.newest(case).correct_by == case.correct_by == JUNE_20


def test_what_is_overdue_follows_from_the_day(cast):
    case = ordered(cast.weifen)
    for day, found in ((JUNE_10, []), (JUNE_10 + dt.timedelta(days=1), [case])):
        assert list(ExemptionCase.objects.overdue(day)) == found
    recheck(case, cast.weifen)
    assert list(ExemptionCase.objects.overdue(JUNE_20)) == []


def test_another_unit_and_the_bureau_order_nothing(cast):
    case = recorded(cast.weifen)
    for somebody in (cast.scj, cast.sfj, cast.weifenld):
        with pytest.raises(rights.Denied):
            order(case, somebody)
