"""The figures above the wall: counted over its very cells, never above 100 %."""

from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reform import figures, rates, wall_rows
from reform.states import CONTINUOUS, State, Verb
from reform.wall_source import Source
from tests.reform.walls import close, county, day, file, grid, lead

pytestmark = pytest.mark.django_db


@pytest.fixture
def here():
    return county()


def test_what_is_due_is_counted_with_the_day_itself_and_without_what_is_excused(here):
    # Three lists due on 30 April, four reports due on 21 April; no other report has been opened.
    assert figures.of(grid(day(4, 30), day(4, 30))).due == 3 + 4
    assert figures.of(grid(day(4, 29), day(4, 29))).due == 4
    lead(here.row(here.fen, "list"), Verb.EXEMPT, State.EXEMPT, day(4, 20))
    assert figures.of(grid(day(4, 30), day(4, 30))).due == 2 + 4


def test_closed_counts_among_what_is_due_and_early_ones_stand_beside(here):
    close(here.row(here.fen, "list"), day(4, 20))
    close(here.row(here.wa, "list"), day(5, 5))
    close(here.row(here.fen, "set-up"), day(6, 1))

    found = figures.of(grid(day(5, 5), day(5, 5)))
    assert (found.due, found.closed, found.closed_early) == (7, 2, 1)
    assert found.closed_rate == Decimal("28.5")


def test_nothing_due_has_no_rate(here):
    assert figures.of(grid(day(4, 14), day(4, 14))).closed_rate is None


def test_overdue_names_the_units_and_the_longest(here):
    close(here.row(here.fen, "list"), day(4, 20))

    found = figures.of(grid(day(5, 10), day(5, 10)))
    # Lists of the market and 瓦塘镇, reports of all four; the continuous duties' red is no item of its own.
    assert (found.overdue, found.overdue_units, found.longest) == (6, 4, 19)


def test_what_waits_for_review_is_neither_overdue_nor_closed(here):
    file(here.row(here.fen, "list"), day(5, 5))

    found = figures.of(grid(day(5, 10), day(5, 10)))
    assert (found.review, found.closed, found.overdue) == (1, 0, 6)


@pytest.mark.parametrize(
    ("on", "left", "missing"), [(day(4, 14), 7, 4), (day(4, 20), 1, 3), (day(4, 21), 0, 2), (day(4, 22), -1, 2)]
)
def test_the_months_reports(here, on, left, missing):
    file(here.row(here.fen, "report", "2022-04"), day(4, 19))
    file(here.row(here.market, "report", "2022-04"), day(4, 21))

    reports = figures.of(grid(on, day(6, 20))).reports
    assert (reports.owed, reports.missing, reports.days_left, reports.due_on) == (4, missing, left, day(4, 21))


def test_who_need_not_report_is_not_waited_for(here):
    lead(here.row(here.fen, "report", "2022-04"), Verb.EXEMPT, State.EXEMPT, day(4, 15))
    assert figures.of(grid(day(4, 16), day(4, 16))).reports.owed == 3


def test_a_report_that_was_sent_back_as_not_filed_is_missing(here):
    row = here.row(here.fen, "report", "2022-04")
    file(row, day(4, 19))
    lead(
        row,
        Verb.RETURN_AS_UNFILED,
        State.DOING,
        day(4, 20),
        first_filed_on=None,
        first_filed_at=None,
        mend_by=day(4, 25),
    )
    assert figures.of(grid(day(4, 20), day(4, 20))).reports.filed == 0


def test_a_month_without_a_report_has_none(here):
    assert figures.of(grid(day(3, 1))).reports is None


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(on=st.dates(day(4, 14), day(12, 31)))
def test_the_figures_are_the_rates_of_the_rows(here, on):
    if here.row(here.fen, "list").state != State.CLOSED:
        close(here.row(here.fen, "list"), day(4, 14))
    found = figures.of(grid(on, on))

    facts = [row.facts for row in wall_rows.now(Source.read().series) if row.facts.state not in CONTINUOUS]
    counted = rates.rates((rates.Row(row.state, row.due_on, row.first_filed_on) for row in facts), on)
    assert (found.due, found.closed, found.closed_rate) == (counted.due, counted.closed, counted.closed_rate)
    assert found.closed <= found.due
