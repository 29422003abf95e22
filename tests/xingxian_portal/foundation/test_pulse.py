import datetime as dt

import time_machine

from xingxian_portal.foundation import jobs, pulse


def test_what_never_showed_itself_has_no_age(db):
    assert pulse.age("nothing") is None


def test_the_age_counts_from_the_last_time_alone(db):
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC), tick=False) as at:
        pulse.record("beat")
        pulse.record("other")
        at.shift(90)
        pulse.record("beat")
        at.shift(30)
        assert pulse.age("beat") == dt.timedelta(seconds=30)
        assert pulse.age("other") == dt.timedelta(seconds=120)
    assert pulse.Pulse.objects.count() == 2


def test_the_timed_job_shows_that_timed_jobs_run(db):
    jobs.record_pulse.apply(throw=True)
    assert pulse.age(pulse.TIMED_JOBS) < dt.timedelta(minutes=1)
