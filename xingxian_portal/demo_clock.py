"""The demo's jump to the next working day, so that the 21st and its reminders come while one watches."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from liaisons.models import User
from reform.reminders import running
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.workdays import Workdays

MORNING = dt.time(8, 30)


class NoDemo(Exception):
    """Business time is real time here and cannot be moved."""


def next_workday_morning(now: dt.datetime, workdays: Workdays) -> dt.datetime:
    """Give 08:30 (Asia/Shanghai) of the first working day after the day of `now`."""
    day = workdays.shift(clock.local_date(now), 1)
    return timezone.make_aware(dt.datetime.combine(day, MORNING))


def to_next_workday(*, by: User) -> dt.datetime:
    """Move the demo's business time to the next working day; give the new moment. Raises `NoDemo`."""
    with transaction.atomic():
        # Locked, so that two clicks at once move on by two days and not by one in the trail and another on the clock.
        anchor = clock.ClockAnchor.objects.select_for_update().first()
        if anchor is None:
            raise NoDemo
        now = anchor.at(clock.real_now())
        moment = next_workday_morning(now, Workdays.load())
        audit.record("clock.next_workday", by=by, before={"at": now}, after={"at": moment}, at=now)
        clock.start_demo(moment)
    # What beat would have sent in the hours that are leapt over goes out now, so that one can watch it.
    running.run_between(now, moment)
    return moment
