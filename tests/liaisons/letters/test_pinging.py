"""The dead man's switch: it calls while all is well, and its silence is the alarm."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import jobs
from liaisons.letters import pinging
from liaisons.models import PlannerState
from tests.liaisons.letters.lines import AT
from tests.post_office import listener
from tests.running_portal import free_port
from xingxian_portal.foundation import clock


@pytest.fixture
def outside(settings, db):
    PlannerState.objects.create(planner_ran_at=clock.real_now())
    with listener() as one:
        settings.PORTAL_PING_URL = f"http://127.0.0.1:{one.port}/ping/abc?from=xx"
        yield one


def test_while_reminders_run_the_address_is_called(outside):
    assert pinging.ping(AT)
    assert outside.asked == ["/ping/abc?from=xx"]


def test_a_planner_that_stands_still_makes_it_silent(outside):
    PlannerState.objects.update(planner_ran_at=clock.real_now() - dt.timedelta(minutes=16))
    assert not pinging.ping(AT)
    assert outside.asked == []


def test_it_goes_on_working_days_alone(outside):
    for day, called in ((dt.date(2022, 6, 18), False), (dt.date(2022, 6, 20), True)):  # a Saturday, a Monday
        with clock.held_at(clock.day_start(day)):
            assert jobs.ping_outside() is called


def test_an_answer_that_is_an_error_or_nobody_there_is_no_call_and_no_crash(outside, settings):
    outside.status = 500
    assert not pinging.ping(AT)
    settings.PORTAL_PING_URL = f"http://127.0.0.1:{free_port()}/"
    assert not pinging.ping(AT)
    settings.PORTAL_PING_URL = ""
    assert not pinging.ping(AT)
