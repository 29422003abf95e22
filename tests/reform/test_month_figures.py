"""The numbers that a monthly report need not ask for."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from reform import drafts, filing, month_figures, review
from reform.month_figures import Figure
from reform.states import State
from tests.cast import Cast
from tests.factories import DataItemFactory, MilestoneFactory, ObligationFactory, moment

FIRST, LAST = dt.date(2022, 5, 22), dt.date(2022, 6, 21)
AT = moment(dt.date(2022, 6, 10))


@pytest.fixture
def training(cast: Cast):
    """Give a duty of 蔚汾镇 that asks for people and money."""
    milestone = MilestoneFactory(title="专业培训")
    DataItemFactory(milestone=milestone, code="people", label="人数", measure="人", position=1)
    DataItemFactory(
        milestone=milestone, code="cost", label="经费", measure="万元", kind="amount", position=2, required=False
    )
    return ObligationFactory(unit=cast.weifen.unit, milestone=milestone)


def hand_in(row, by, at=AT, **values):
    drafts.save(row, by=by, text="已办。", values=values, at=at)
    filing.file(row, by=by, at=at)


def test_nothing_done_gives_no_figures(cast):
    assert month_figures.figures(cast.weifen.unit, FIRST, LAST) == []


@pytest.mark.parametrize(
    ("accepted_at", "counted"),
    [
        (moment(FIRST, 0), 1), (moment(LAST, 23, 59), 1), (moment(FIRST - dt.timedelta(days=1), 23, 59), 0),
        (moment(LAST + dt.timedelta(days=1), 0), 0),
    ],
)  # fmt: skip
def test_what_was_closed_in_the_period_is_counted(cast, accepted_at, counted):
    ObligationFactory(unit=cast.weifen.unit, closed=True, accepted_at=accepted_at)
    ObligationFactory(
        unit=cast.weifen.unit, closed=True, accepted_at=accepted_at, milestone=MilestoneFactory(monthly=True)
    )
    ObligationFactory(unit=cast.scj.unit, closed=True, accepted_at=accepted_at)
    figures = month_figures.figures(cast.weifen.unit, FIRST, LAST)
    assert figures == [Figure("销号", "本期销号", "1", "项")][:counted]


def test_counts_and_amounts_filed_elsewhere_are_added_up(cast, training):
    hand_in(training, cast.weifen, people="46", cost="1.50")
    assert month_figures.figures(cast.weifen.unit, FIRST, LAST) == [
        Figure("专业培训", "人数", "46", "人"),
        Figure("专业培训", "经费", "1.5", "万元"),
    ]
    assert month_figures.figures(cast.scj.unit, FIRST, LAST) == []
    assert month_figures.figures(cast.weifen.unit, LAST, LAST + dt.timedelta(days=30)) == []


def test_what_was_returned_or_withdrawn_does_not_count(cast, training):
    hand_in(training, cast.weifen, people="46")
    review.send_back(training, by=cast.sfj, reason="人数不对", mend_by=LAST, at=AT)
    assert month_figures.figures(cast.weifen.unit, FIRST, LAST) == []
    hand_in(training, cast.weifen, people="45")
    assert [figure.value for figure in month_figures.figures(cast.weifen.unit, FIRST, LAST)] == ["45"]
    filing.withdraw(training, by=cast.weifen, at=AT)
    assert month_figures.figures(cast.weifen.unit, FIRST, LAST) == []


def test_a_duty_filed_twice_counts_with_its_newest_numbers(cast, training):
    hand_in(training, cast.weifen, people="46")
    review.accept(training, by=cast.sfj, at=AT)
    type(training).objects.filter(pk=training.pk).update(state=State.DOING, accepted_at=None)
    hand_in(training, cast.weifen, people="50")
    people = [figure.value for figure in month_figures.figures(cast.weifen.unit, FIRST, LAST) if figure.label == "人数"]
    assert people == ["50"]


def test_a_higher_app_adds_its_figures_once(cast, monkeypatch):
    monkeypatch.setattr(month_figures, "_contributors", [])
    cases = lambda unit, first, last: [Figure("免罚", "免罚案件", "4", "件")]  # noqa: E731 - a contributor is any callable
    month_figures.contribute(cases)
    month_figures.contribute(cases)
    assert [figure.label for figure in month_figures.figures(cast.weifen.unit, FIRST, LAST)] == ["免罚案件"]


@pytest.mark.parametrize(
    ("number", "shown"), [("46.00", "46"), ("1.50", "1.5"), ("1200", "1200"), ("0.00", "0"), ("100.00", "100")]
)
def test_a_number_is_shown_without_idle_zeros(number, shown):
    assert month_figures.shown(Decimal(number)) == shown
