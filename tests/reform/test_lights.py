"""The light of a duty on a day: the table of the rules line by line, and what holds for every duty."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reform.lights import GLYPHS, NAMES, WORST_FIRST, Day, Facts, Light, worst
from reform.states import CONTINUOUS, EXCUSED, State
from xingxian_portal.foundation.workdays import Workdays

# The week of the summer festival of 2022 (3 to 5 June) and an ordinary one; no other day is out of the ordinary.
CALENDAR = Workdays({dt.date(2022, 6, 3): False, dt.date(2022, 10, 8): True, dt.date(2022, 10, 3): False})


def june(day):
    return dt.date(2022, 6, day)


MONDAY = june(20)
EARLIER, LATER, LATE = june(10), june(30), june(19)


def light(state, due_on=LATER, *, mend_by=None, filed_on=None, on=MONDAY):
    return Day(on, CALENDAR).light(Facts(state, due_on, mend_by, filed_on))


@pytest.mark.parametrize(
    ("state", "due_on", "mend_by", "filed_on", "expected"),
    [
        # excused comes first, whatever the dates say
        (State.EXEMPT, EARLIER, None, None, Light.EXCUSED),
        (State.SUSPENDED, EARLIER, None, None, Light.EXCUSED),
        (State.REVOKED, EARLIER, None, LATE, Light.EXCUSED),
        # closed: late only by the first counted filing
        (State.CLOSED, EARLIER, None, EARLIER, Light.CLOSED),
        (State.CLOSED, EARLIER, None, june(9), Light.CLOSED),
        (State.CLOSED, EARLIER, None, june(11), Light.LATE_CLOSED),
        (State.CLOSED, EARLIER, LATE, EARLIER, Light.CLOSED),
        (State.CLOSED, None, None, LATE, Light.CLOSED),
        (State.CLOSED, EARLIER, None, None, Light.CLOSED),
        # in review: the bureau's slowness makes nobody late
        (State.REVIEW, EARLIER, None, EARLIER, Light.REVIEW),
        (State.REVIEW, EARLIER, LATE, june(18), Light.REVIEW),
        # not filed: overdue from the day after, the due day itself still counts
        (State.AWAITING, EARLIER, None, None, Light.OVERDUE),
        (State.DOING, LATE, None, None, Light.OVERDUE),
        (State.COSIGNING, LATE, None, None, Light.OVERDUE),
        (State.DOING, MONDAY, None, None, Light.SOON),
        (State.DOING, june(23), None, None, Light.SOON),
        (State.AWAITING, june(23), None, None, Light.SOON),
        (State.DOING, june(24), None, None, Light.DOING),
        (State.AWAITING, june(24), None, None, Light.IDLE),
        (State.COSIGNING, LATER, None, None, Light.DOING),
        # returned: the mending day counts in the due date's place, either way
        (State.DOING, EARLIER, LATER, EARLIER, Light.DOING),
        (State.DOING, EARLIER, june(21), EARLIER, Light.SOON),
        (State.DOING, LATER, LATE, EARLIER, Light.OVERDUE),
        # without a date it never turns red
        (State.AWAITING, None, None, None, Light.IDLE),
        (State.DOING, None, None, None, Light.DOING),
        (State.DOING, None, LATE, EARLIER, Light.OVERDUE),
    ],
)
def test_the_first_rule_that_fits(state, due_on, mend_by, filed_on, expected):
    assert light(state, due_on, mend_by=mend_by, filed_on=filed_on) == expected


@pytest.mark.parametrize(
    ("on", "last_soon_day"),
    [
        (MONDAY, june(23)),  # Monday: the third working day is Thursday
        (june(21), june(26)),  # Tuesday: Friday is the third, and the week-end after it is no further working day
        (june(22), june(27)),  # Wednesday: Monday is the third
        (june(18), june(22)),  # Saturday: Monday, Tuesday, Wednesday
        (june(1), june(7)),  # Wednesday before the festival: 2, 6 and 7 June
        (dt.date(2022, 10, 6), dt.date(2022, 10, 10)),  # Thursday before a Saturday that is worked
    ],
)
def test_soon_means_three_working_days(on, last_soon_day):
    assert light(State.DOING, last_soon_day, on=on) == Light.SOON
    following = CALENDAR.on_or_after(last_soon_day + dt.timedelta(days=1))
    assert light(State.DOING, following, on=on) == Light.DOING


@pytest.mark.parametrize(("due_on", "days"), [(MONDAY, 0), (june(23), 3), (june(13), -7), (None, None)])
def test_the_days_left_are_calendar_days(due_on, days):
    assert Day(MONDAY, CALENDAR).days_left(Facts(State.DOING, due_on)) == days


def test_the_days_left_run_to_the_mending_day():
    assert Day(MONDAY, CALENDAR).days_left(Facts(State.DOING, EARLIER, june(25))) == 5


REPORT = {
    "on time": Facts(State.CLOSED, june(21), None, june(20)),
    "on the day": Facts(State.REVIEW, june(21), None, june(21)),
    "late": Facts(State.CLOSED, june(21), None, june(22)),
    "missing": Facts(State.DOING, june(21)),
    "exempt": Facts(State.EXEMPT, june(21)),
    "returned": Facts(State.DOING, june(21), june(28), june(20)),
    "none": None,
}


@pytest.mark.parametrize(
    ("state", "report", "expected"),
    [
        (State.ONGOING, "on time", Light.DOING),
        (State.ONGOING, "on the day", Light.DOING),
        (State.ONGOING, "late", Light.OVERDUE),
        (State.ONGOING, "missing", Light.OVERDUE),
        (State.ONGOING, "exempt", Light.DOING),
        (State.ONGOING, "returned", Light.DOING),
        (State.ONGOING, "none", Light.DOING),
        (State.LAGGING, "on time", Light.SOON),
        (State.LAGGING, "missing", Light.SOON),
        (State.ENDED, "missing", Light.CLOSED),
        (State.REVOKED, "missing", Light.EXCUSED),
        (State.SUSPENDED, "on time", Light.EXCUSED),
    ],
)
def test_a_continuous_duty_follows_the_mark_else_the_last_report(state, report, expected):
    assert Day(june(24), CALENDAR).continuous_light(state, REPORT[report]) == expected


days = st.dates(dt.date(2021, 1, 1), dt.date(2026, 12, 31))
closable = st.sampled_from([state for state in State if state not in CONTINUOUS])
facts = st.builds(Facts, closable, st.none() | days, st.none() | days, st.none() | days)


@given(facts, days)
def test_what_is_unfiled_is_red_exactly_when_its_day_has_passed(facts, on):
    unfiled = facts.state in {State.AWAITING, State.DOING, State.COSIGNING}
    passed = facts.runs_until is not None and facts.runs_until < on
    assert (Day(on, CALENDAR).light(facts) == Light.OVERDUE) == (unfiled and passed)


@given(facts, days, st.integers(1, 400))
def test_time_alone_never_makes_it_better(facts, on, later):
    stages = [Light.IDLE, Light.DOING, Light.SOON, Light.OVERDUE]
    first = Day(on, CALENDAR).light(facts)
    then = Day(on + dt.timedelta(days=later), CALENDAR).light(facts)
    assert first == then or stages.index(first) < stages.index(then)


@given(facts, days)
def test_a_return_never_makes_an_on_time_filing_late(facts, on):
    day = Day(on, CALENDAR)
    filed_in_time = facts.first_filed_on is None or facts.due_on is None or facts.first_filed_on <= facts.due_on
    assert filed_in_time or facts.filed_late
    if filed_in_time:
        assert day.light(facts) != Light.LATE_CLOSED


@given(closable, st.none() | days, st.none() | days, days)
def test_excused_is_a_dash_whatever_else_holds(state, due_on, filed_on, on):
    assert (Day(on, CALENDAR).light(Facts(state, due_on, None, filed_on)) == Light.EXCUSED) == (state in EXCUSED)


def test_every_light_has_a_name_a_sign_and_a_rank():
    assert set(NAMES) == set(GLYPHS) == set(WORST_FIRST) == set(Light)


@given(st.lists(st.sampled_from(Light), max_size=6))
def test_the_worst_of_several_is_one_of_them_and_none_is_worse(lights):
    found = worst(lights)
    rank = WORST_FIRST.index
    assert (found in lights and all(rank(found) <= rank(light) for light in lights)) or (
        not lights and found == Light.IDLE
    )
