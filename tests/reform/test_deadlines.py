"""What a time limit means in dates: the kinds of the rules one by one, and what holds for any plan and term."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform import deadlines
from reform.deadlines import CONTINUOUS, DATED, MONTHLY, UNDATED, YEARLY, Limit, Occurrence
from xingxian_portal.foundation.workdays import Workdays

# New Year, Labour Day and the national holiday as the State Council set them for 2022.
OFF = [(1, 1), (1, 2), (1, 3), (5, 1), (5, 2), (5, 3), (5, 4), *((10, day) for day in range(1, 8))]
CALENDAR = Workdays({dt.date(2022, month, day): False for month, day in OFF})
ISSUED, END = dt.date(2022, 4, 13), dt.date(2022, 12, 31)


def found(limit, start=ISSUED, end=END):
    return deadlines.occurrences(limit, start, end, CALENDAR)


def test_a_dated_limit_falls_due_once_and_is_open_from_the_issue():
    assert found(Limit(DATED, dt.date(2022, 6, 30))) == [Occurrence("once", dt.date(2022, 6, 30), None)]


@pytest.mark.parametrize("kind", [UNDATED, CONTINUOUS])
def test_what_has_no_date_happens_once_without_one(kind):
    assert found(Limit(kind)) == [Occurrence("once")]


def test_a_report_by_the_21st_of_each_month_runs_to_the_end_of_the_term():
    reports = found(Limit(MONTHLY, day=21))
    assert [report.key for report in reports] == [f"2022-{month:02}" for month in range(4, 13)]
    assert {report.due_on.day for report in reports} == {21}


def test_the_first_report_opens_with_the_issue_and_later_ones_on_the_first_working_day():
    opens = [report.opens_on for report in found(Limit(MONTHLY, day=21))]
    assert opens == [
        None,
        dt.date(2022, 5, 5),
        dt.date(2022, 6, 1),
        dt.date(2022, 7, 1),
        dt.date(2022, 8, 1),
        dt.date(2022, 9, 1),
        dt.date(2022, 10, 10),  # 1 to 7 October off, 8 and 9 a week-end in this calendar
        dt.date(2022, 11, 1),
        dt.date(2022, 12, 1),
    ]


@pytest.mark.parametrize(
    ("issued", "first"),
    [(dt.date(2022, 4, 20), "2022-04"), (dt.date(2022, 4, 21), "2022-04"), (dt.date(2022, 4, 22), "2022-05")],
)
def test_nobody_reports_for_a_21st_before_the_issue(issued, first):
    assert found(Limit(MONTHLY, day=21), start=issued)[0].key == first


def test_a_31st_is_the_last_day_of_a_shorter_month():
    reports = found(Limit(MONTHLY, day=31), dt.date(2024, 1, 5), dt.date(2024, 4, 30))
    assert [report.due_on.day for report in reports] == [31, 29, 31, 30]


def test_the_end_of_june_and_december_of_each_year():
    dues = [o.due_on for o in found(Limit(YEARLY, months=[6, 12]), end=dt.date(2023, 12, 31))]
    assert dues == [dt.date(2022, 6, 30), dt.date(2022, 12, 31), dt.date(2023, 6, 30), dt.date(2023, 12, 31)]


@pytest.mark.parametrize(
    ("year", "month", "last"), [(2022, 2, 28), (2024, 2, 29), (2022, 4, 30), (2022, 12, 31), (2100, 2, 28)]
)
def test_the_end_of_a_month_is_its_last_day(year, month, last):
    assert deadlines.last_of_month(year, month) == dt.date(year, month, last)


starts = st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31))
terms = st.tuples(starts, st.integers(0, 900)).map(lambda term: (term[0], term[0] + dt.timedelta(days=term[1])))
limits = st.builds(lambda day: Limit(MONTHLY, day=day), st.integers(1, 31)) | st.builds(
    lambda months: Limit(YEARLY, months=sorted(months)), st.sets(st.integers(1, 12), min_size=1)
)


@given(limits, terms)
def test_all_occurrences_lie_in_the_term_in_order_each_with_a_key_of_its_own(limit, term):
    occurrences = found(limit, *term)
    dues = [occurrence.due_on for occurrence in occurrences]
    assert all(term[0] <= due <= term[1] for due in dues)
    assert dues == sorted(dues)
    assert len({occurrence.key for occurrence in occurrences}) == len(occurrences)


@given(limits, terms)
def test_a_row_opens_in_the_month_of_its_date_or_with_the_issue(limit, term):
    for occurrence in found(limit, *term):
        if occurrence.opens_on:
            assert CALENDAR.is_workday(occurrence.opens_on)
            assert occurrence.opens_on >= occurrence.due_on.replace(day=1)


@given(limits, terms, st.integers(0, 400))
def test_a_longer_term_only_adds(limit, term, days):
    longer = found(limit, term[0], term[1] + dt.timedelta(days=days))
    assert longer[: len(found(limit, *term))] == found(limit, *term)


@given(st.integers(1, 31), terms)
def test_a_month_has_its_report_exactly_when_its_day_lies_in_the_term(day, term):
    keys = {occurrence.key for occurrence in found(Limit(MONTHLY, day=day), *term)}
    months = {f"{d.year}-{d.month:02}" for d in _days(*term)}
    for month in months:
        year, number = map(int, month.split("-"))
        last = deadlines.last_of_month(year, number)
        assert (month in keys) == (term[0] <= last.replace(day=min(day, last.day)) <= term[1])
    assert keys <= months


def _days(start, end):
    return (start + dt.timedelta(days=count) for count in range((end - start).days + 1))
