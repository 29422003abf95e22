"""Rates: the denominator is what is due and not excused; nothing ever passes 100 %."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform.rates import Rates, Row, rates
from reform.states import EXCUSED, State

DUE = dt.date(2022, 6, 21)
DAY = dt.timedelta(days=1)

days = st.dates(dt.date(2022, 4, 13), dt.date(2022, 12, 31))
rows = st.lists(st.builds(Row, st.sampled_from([str(state) for state in State]), st.none() | days, st.none() | days))


@given(rows, days)
def test_no_part_is_larger_than_the_whole(rows, on):
    found = rates(rows, on)
    assert 0 <= found.on_time <= found.filed <= found.due <= len(rows)
    assert 0 <= found.closed <= found.due
    for rate in (found.on_time_rate, found.closed_rate):
        assert (rate is None) == (found.due == 0)
        assert rate is None or 0 <= rate <= 100


@given(rows, days)
def test_what_is_excused_or_not_due_changes_nothing(rows, on):
    counted = [row for row in rows if row.due_on and row.due_on <= on and row.state not in EXCUSED]
    assert rates(rows, on) == rates(counted, on)
    assert rates(rows, on).due == len(counted)


@given(rows, days, st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows, on, random):
    shuffled = random.sample(rows, len(rows))
    assert rates(shuffled, on) == rates(rows, on)


@given(rows, rows, days)
def test_parts_add_up_to_the_whole(some, others, on):
    parts = (rates(some, on), rates(others, on))
    whole = rates([*some, *others], on)
    for name in ("due", "filed", "on_time", "closed"):
        assert sum(getattr(part, name) for part in parts) == getattr(whole, name)


@given(rows, days)
def test_a_hundred_per_cent_means_all_of_them(rows, on):
    found = rates(rows, on)
    assert (found.closed_rate == 100) == (found.due > 0 and found.closed == found.due)


@pytest.mark.parametrize(("filed_on", "on_time"), [(None, 0), (DUE - DAY, 1), (DUE, 1), (DUE + DAY, 0)])
def test_on_time_is_the_first_counted_filing_on_or_before_the_date(filed_on, on_time):
    assert rates([Row(State.REVIEW, DUE, filed_on)], DUE + 9 * DAY).on_time == on_time


def test_a_duty_counts_from_its_date_on():
    row = Row(State.DOING, DUE)
    assert [rates([row], on).due for on in (DUE - DAY, DUE, DUE + DAY)] == [0, 1, 1]


def test_what_was_closed_before_its_date_counts_only_once_it_is_due():
    early = Row(State.CLOSED, DUE, DUE - 9 * DAY)
    assert rates([early], DUE - DAY) == Rates()
    assert rates([early], DUE) == Rates(due=1, filed=1, on_time=1, closed=1)


def test_a_returned_report_stays_on_time_and_the_bureaus_slow_review_too():
    on = DUE + 30 * DAY
    assert [rates([Row(state, DUE, DUE)], on).on_time for state in (State.DOING, State.REVIEW)] == [1, 1]


def test_an_extension_counts_from_the_start():
    """Asked about the old date, the row with the date in force now was never due then."""
    assert rates([Row(State.DOING, DUE + 9 * DAY)], DUE) == Rates()


def test_duties_without_a_date_stand_outside():
    assert rates([Row(State.ONGOING), Row(State.CLOSED, None, DUE)], DUE) == Rates()


@pytest.mark.parametrize(
    ("closed", "due", "rate"), [(127, 142, "89.4"), (999, 1000, "99.9"), (1999, 2000, "99.9"), (3, 3, "100.0")]
)
def test_rates_are_rounded_down(closed, due, rate):
    assert Rates(due=due, closed=closed).closed_rate == Decimal(rate)


def test_nothing_due_has_no_rate():
    assert (Rates().on_time_rate, Rates().closed_rate) == (None, None)
