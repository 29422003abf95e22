"""Which day a step falls on: the county's calendar, days off, what is of no use any more."""

import datetime as dt

import pytest

from reform.models import ReminderRule
from reform.reminders import timing
from tests.factories import moment
from tests.reform.reminders.rules import calendar, step
from xingxian_portal.foundation.workdays import Workdays

PREVIOUS, NEXT = ReminderRule.PREVIOUS, ReminderRule.NEXT


def day(*parts):
    return dt.date(*parts)


@pytest.mark.parametrize(
    ("due", "before", "after"),
    [
        (day(2022, 5, 21), day(2022, 5, 20), day(2022, 5, 23)),  # a Saturday
        (day(2022, 8, 21), day(2022, 8, 19), day(2022, 8, 22)),  # a Sunday
        (day(2026, 2, 21), day(2026, 2, 14), day(2026, 2, 24)),  # within 春节; the 14th is a Saturday worked
        (day(2026, 3, 21), day(2026, 3, 20), day(2026, 3, 23)),
        (day(2026, 6, 21), day(2026, 6, 18), day(2026, 6, 22)),  # within 端午
        (day(2026, 11, 21), day(2026, 11, 20), day(2026, 11, 23)),
        (day(2022, 6, 21), day(2022, 6, 21), day(2022, 6, 21)),  # a Tuesday: nothing moves
    ],
)
def test_the_last_call_moves_off_a_day_off_and_the_due_date_does_not(due, before, after):
    assert timing.day_of(step("r3", roll=PREVIOUS), due, calendar()) == before
    assert timing.day_of(step("r3", roll=NEXT), due, calendar()) == after


def test_working_days_are_counted_over_holidays_and_make_up_days():
    due = day(2026, 2, 21)
    days = {code: timing.day_of(step(code), due, calendar()) for code in ("r1", "r2", "e1", "e2")}
    assert days == {"r1": day(2026, 2, 10), "r2": day(2026, 2, 13), "e1": day(2026, 2, 24), "e2": day(2026, 2, 26)}


def test_ten_days_before_are_calendar_days_moved_off_days_off():
    assert timing.day_of(step("t10", "dated"), day(2022, 6, 30), calendar()) == day(2022, 6, 20)
    assert timing.day_of(step("t10", "dated"), day(2022, 7, 5), calendar()) == day(2022, 6, 24)  # 25 June is a Saturday


def test_a_year_without_a_calendar_falls_back_to_monday_to_friday():
    assert timing.day_of(step("r3"), day(2027, 2, 21), calendar()) == day(2027, 2, 19)
    assert not calendar().is_official(day(2027, 2, 21))


@pytest.mark.parametrize(
    ("code", "due", "last"),
    [
        ("r1", day(2022, 6, 21), day(2022, 6, 17)),  # until the second working day before
        ("r2", day(2022, 6, 21), day(2022, 6, 21)),
        ("r3", day(2022, 6, 21), day(2022, 6, 21)),
        ("r3", day(2022, 5, 21), day(2022, 5, 21)),  # sent on the 20th, of use until the Saturday is over
        ("e1", day(2022, 6, 21), day(2022, 6, 24)),
    ],
)
def test_a_step_is_of_use_for_its_time_and_a_reminder_never_after_the_due_date(code, due, last):
    (slot,) = timing.Times(calendar()).of(step(code), due, day(2022, 12, 31))
    assert slot.not_after == moment(last + dt.timedelta(days=1), 0)


def test_what_repeats_comes_every_week_on_a_working_day():
    weekly = step("weekly", "dated")
    slots = timing.Times(calendar()).of(weekly, day(2022, 5, 31), day(2022, 6, 22))
    assert [(slot.day, slot.number) for slot in slots] == [
        (day(2022, 6, 7), 0), (day(2022, 6, 14), 1), (day(2022, 6, 21), 2),
    ]  # fmt: skip


def test_a_wish_for_the_afternoon_is_kept_and_a_time_outside_of_the_windows_moves_to_the_next():
    tuesday = day(2022, 6, 21)
    assert timing.moment_of(step("r3"), tuesday, dt.time(15), calendar()) == moment(tuesday, 15)
    assert timing.moment_of(step("r3"), tuesday, dt.time(12), calendar()) == moment(tuesday, 14, 40)
    assert timing.moment_of(step("r3"), day(2022, 6, 24), dt.time(18), Workdays()) == moment(day(2022, 6, 27), 8, 40)
    assert timing.open_until(step("r3"), tuesday) == moment(tuesday, 20)
    assert timing.open_until(step("r2"), tuesday) is None
