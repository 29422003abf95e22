"""When a letter may go out: the windows of a working day. What falls outside waits for the next one, never dropped."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.utils import timezone

from xingxian_portal.foundation.workdays import ONE_DAY, Workdays


def at_minute(day: dt.date, minute: int) -> dt.datetime:
    """Give the moment of Asia/Shanghai so many minutes after midnight of `day`."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time(minute // 60, minute % 60)))


def is_open(moment: dt.datetime, workdays: Workdays) -> bool:
    """Say whether letters go out at `moment`."""
    local = timezone.localtime(moment)
    minute = local.hour * 60 + local.minute
    inside = any(start <= minute < end for start, end in settings.PORTAL_WINDOWS)
    return inside and workdays.is_workday(local.date())


def next_open(moment: dt.datetime, workdays: Workdays) -> dt.datetime:
    """Give `moment` itself inside a window, else the start of the next one."""
    local = timezone.localtime(moment)
    day, minute = local.date(), local.hour * 60 + local.minute
    while True:
        for start, end in settings.PORTAL_WINDOWS if workdays.is_workday(day) else ():
            if minute < end:
                return at_minute(day, start) if minute < start else local
        day, minute = day + ONE_DAY, 0


def words() -> str:
    """Say the windows as a page does: 08:40—11:30、14:40—17:20."""
    return "、".join(f"{_clock(start)}—{_clock(end)}" for start, end in settings.PORTAL_WINDOWS)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
