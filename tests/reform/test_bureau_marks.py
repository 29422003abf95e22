"""What an officer sets by hand: a date for an undated duty, marks on a continuous one."""

import datetime as dt

import pytest

from liaisons.models import Notice
from reform import bureau_marks, lights, moves, review, rights
from reform.models import Obligation
from reform.states import State, Verb
from tests.cast import township
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.reform.filings import hand_in
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays

TODAY, JULY_1 = dt.date(2022, 6, 20), dt.date(2022, 7, 1)
AT = moment(TODAY)
NOT_THE_BUREAU = ["admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"]


@pytest.fixture
def undated(cast):
    return ObligationFactory(milestone=MilestoneFactory(undated=True), unit=township())


@pytest.fixture
def continuous(cast):
    return ObligationFactory(milestone=MilestoneFactory(continuous=True), unit=township(), state=State.ONGOING)


def light(row, on):
    row = Obligation.objects.get(pk=row.pk)
    facts = lights.Facts(row.state, row.due_on, row.mend_by, row.first_filed_on)
    return lights.Day(on, Workdays()).light(facts)


def test_an_undated_duty_turns_red_only_after_the_bureau_set_a_date(undated, cast):
    far = dt.date(2030, 1, 1)
    assert light(undated, far) == lights.Light.IDLE
    bureau_marks.set_date(undated, JULY_1, by=cast.sfj, reason="市里要求。", at=AT)
    row = Obligation.objects.get()
    assert (row.due_on, row.first_due_on, row.cycle_no, row.state) == (JULY_1, JULY_1, 2, State.AWAITING)
    assert (row.moves.last().verb, row.moves.last().due_on, row.moves.last().reason) == (
        Verb.SET_DATE, JULY_1, "市里要求。",
    )  # fmt: skip
    assert light(undated, far) == lights.Light.OVERDUE


def test_a_date_is_set_once_after_that_it_is_extended(undated, cast):
    bureau_marks.set_date(undated, JULY_1, by=cast.sfj, at=AT)
    with pytest.raises(moves.MoveRefused, match="已有期限的请办理延期"):
        bureau_marks.set_date(undated, JULY_1, by=cast.sfj, at=AT)
    assert Notice.objects.count() == 1


def test_a_dated_duty_and_a_month_get_no_other_date_here(cast):
    for row in (ObligationFactory(unit=township()), ObligationFactory(milestone=MilestoneFactory(monthly=True))):
        with pytest.raises(moves.MoveRefused):
            bureau_marks.set_date(row, JULY_1, by=cast.sfj, at=AT)


@pytest.mark.parametrize("day", [TODAY - dt.timedelta(days=1), TODAY + dt.timedelta(days=800)])
def test_a_date_lies_ahead_and_within_reach(undated, cast, day):
    with pytest.raises(moves.MoveRefused, match="今天或之后、两年以内"):
        bureau_marks.set_date(undated, day, by=cast.sfj, at=AT)


def test_a_closed_duty_gets_no_date(undated, cast):
    hand_in(undated, cast.weifen)

    review.accept(undated, by=cast.sfj, at=AT)
    with pytest.raises(moves.MoveRefused, match="已销号"):
        bureau_marks.set_date(undated, JULY_1, by=cast.sfj, at=AT)


def test_a_continuous_duty_is_marked_lagging_ended_and_going_on_again(continuous, cast):
    for to, verb in (
        (State.LAGGING, Verb.MARK_LAGGING),
        (State.ENDED, Verb.MARK_ENDED),
        (State.ONGOING, Verb.MARK_ONGOING),
    ):
        row = bureau_marks.mark(continuous, to, by=cast.sfj, reason="抽查所见。", at=AT)
        assert (row.state, row.moves.last().verb, row.moves.last().reason) == (to, verb, "抽查所见。")


def test_marking_twice_has_one_effect(continuous, cast):
    bureau_marks.mark(continuous, State.LAGGING, by=cast.sfj, reason="抽查所见。", at=AT)
    with pytest.raises(moves.MoveRefused, match="滞后"):
        bureau_marks.mark(continuous, State.LAGGING, by=cast.sfjld, reason="抽查所见。", at=AT)
    assert (continuous.moves.count(), Notice.objects.count()) == (2, 1)
    assert AuditEntry.objects.filter(action="obligation.mark_lagging").count() == 1


def test_a_mark_needs_a_reason(continuous, cast):
    with pytest.raises(moves.MoveRefused, match="请写明理由"):
        bureau_marks.mark(continuous, State.LAGGING, by=cast.sfj, reason=" ", at=AT)


def test_only_a_continuous_duty_is_marked(undated, cast):
    for to in bureau_marks.MARKS:
        with pytest.raises(moves.MoveRefused):
            bureau_marks.mark(undated, to, by=cast.sfj, reason="抽查所见。", at=AT)


@pytest.mark.parametrize("name", NOT_THE_BUREAU)
def test_only_the_bureau_sets_dates_and_marks(undated, continuous, cast, name):
    stranger = getattr(cast, name)
    with pytest.raises(rights.Denied):
        bureau_marks.set_date(undated, JULY_1, by=stranger, at=AT)
    with pytest.raises(rights.Denied):
        bureau_marks.mark(continuous, State.LAGGING, by=stranger, reason="抽查所见。", at=AT)


def test_the_unit_is_told_of_its_date_and_of_a_mark(undated, continuous, cast):
    bureau_marks.set_date(undated, JULY_1, by=cast.sfj, at=AT)
    bureau_marks.mark(continuous, State.LAGGING, by=cast.sfj, reason="两个月没有动静。", at=AT)
    told = list(Notice.objects.order_by("pk").values_list("recipient__username", "title", "body"))
    assert told == [
        ("weifen", f"{undated.name}的期限定为7月1日", ""),
        ("weifen", f"{continuous.name}被标记为“滞后”", "两个月没有动静。"),
    ]
