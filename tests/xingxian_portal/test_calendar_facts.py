"""The county's calendar 2022-2026, as the notices of the State Council's General Office have it."""

import datetime as dt

import pytest

from xingxian_portal import facts
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear, Workdays

day = dt.date.fromisoformat

NOTICES = {
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}
# First day, last day and working weekends of each holiday, as the notices list them.
HOLIDAYS = """
2022-01-01 2022-01-03
2022-01-31 2022-02-06 2022-01-29 2022-01-30
2022-04-03 2022-04-05 2022-04-02
2022-04-30 2022-05-04 2022-04-24 2022-05-07
2022-06-03 2022-06-05
2022-09-10 2022-09-12
2022-10-01 2022-10-07 2022-10-08 2022-10-09
2022-12-31 2023-01-02
2023-01-21 2023-01-27 2023-01-28 2023-01-29
2023-04-05 2023-04-05
2023-04-29 2023-05-03 2023-04-23 2023-05-06
2023-06-22 2023-06-24 2023-06-25
2023-09-29 2023-10-06 2023-10-07 2023-10-08
2024-01-01 2024-01-01
2024-02-10 2024-02-17 2024-02-04 2024-02-18
2024-04-04 2024-04-06 2024-04-07
2024-05-01 2024-05-05 2024-04-28 2024-05-11
2024-06-10 2024-06-10
2024-09-15 2024-09-17 2024-09-14
2024-10-01 2024-10-07 2024-09-29 2024-10-12
2025-01-01 2025-01-01
2025-01-28 2025-02-04 2025-01-26 2025-02-08
2025-04-04 2025-04-06
2025-05-01 2025-05-05 2025-04-27
2025-05-31 2025-06-02
2025-10-01 2025-10-08 2025-09-28 2025-10-11
2026-01-01 2026-01-03 2026-01-04
2026-02-15 2026-02-23 2026-02-14 2026-02-28
2026-04-04 2026-04-06
2026-05-01 2026-05-05 2026-05-09
2026-06-19 2026-06-21
2026-09-25 2026-09-27
2026-10-01 2026-10-07 2026-09-20 2026-10-10
"""


def noticed() -> dict[dt.date, str]:
    """Give each day the notices name, with what it is."""
    days: dict[dt.date, str] = {}
    for line in HOLIDAYS.split("\n")[1:-1]:
        first, last, *worked = map(day, line.split())
        days |= {first + dt.timedelta(n): CalendarDay.OFF for n in range((last - first).days + 1)}
        days |= dict.fromkeys(worked, CalendarDay.MAKEUP)
    return days


@pytest.fixture(scope="module")
def workdays(standing) -> Workdays:
    facts.load("calendar.json", facts.rows_of("calendar.json"))
    return Workdays.load()


def test_the_table_holds_exactly_the_days_of_the_notices(workdays):
    assert dict(CalendarDay.objects.values_list("date", "kind")) == noticed()


def test_every_day_names_its_holiday_and_the_notice_of_its_year(workdays):
    for row in CalendarDay.objects.all():
        # The New Year of 2023 began on the last day of 2022, by the notice for 2023.
        year = 2023 if row.date == day("2022-12-31") else row.date.year
        assert row.source_doc == NOTICES[year]
        assert row.name.endswith("调休") == (row.kind == CalendarDay.MAKEUP)
        assert row.name.removesuffix("调休").endswith(("节", "元旦"))


def test_every_year_is_official_by_its_notice_and_the_next_is_not(workdays):
    years = CalendarYear.objects.filter(status=CalendarYear.OFFICIAL)
    assert dict(years.values_list("year", "notice_no")) == NOTICES
    assert workdays.is_official(day("2026-12-31"))
    assert not workdays.is_official(day("2027-01-01"))


def test_only_weekends_are_made_working_days(workdays):
    assert all(row.date.weekday() >= 5 for row in CalendarDay.objects.filter(kind=CalendarDay.MAKEUP))


@pytest.mark.parametrize(("year", "statutory"), [(2022, 11), (2023, 11), (2024, 11), (2025, 13), (2026, 13)])
def test_a_year_lacks_as_many_weekdays_as_it_has_statutory_holidays(workdays, year, statutory):
    # Swapped days only move work about, and a holiday on a weekend is made up for.
    count = Workdays().between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) - statutory
    assert workdays.between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == count


@pytest.mark.parametrize(
    "off", ["2022-05-21", "2022-08-21", "2026-02-21", "2026-03-21", "2026-06-21", "2026-11-21", "2022-05-04"]
)
def test_days_off_on_which_a_report_falls_due(workdays, off):
    assert not workdays.is_workday(day(off))


@pytest.mark.parametrize("worked", ["2022-04-21", "2022-05-05", "2022-05-07", "2022-06-20", "2022-06-21", "2026-02-28"])
def test_working_days(workdays, worked):
    assert workdays.is_workday(day(worked))


def test_may_2022_begins_on_the_fifth(workdays):
    assert workdays.on_or_after(day("2022-05-01")) == day("2022-05-05")


def test_the_report_of_february_2026_is_due_in_the_spring_festival(workdays):
    assert workdays.on_or_before(day("2026-02-21")) == day("2026-02-14")
    assert CalendarDay.objects.get(date=day("2026-02-21")).name == "春节"
