"""The reminders of the demo's June: planned and sent each working morning, as beat would have, and read by some."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from liaisons import notices
from liaisons.models import Notice
from reform.reminders import running
from xingxian_portal.foundation.workdays import ONE_DAY, Workdays

FIRST, LAST = dt.date(2022, 6, 1), dt.date(2022, 6, 17)
KIND = "提醒"


def mornings(workdays: Workdays) -> Iterator[dt.date]:
    """Give the working days on which reminders went out before the visitor comes."""
    day = FIRST
    while day <= LAST:
        if workdays.is_workday(day):
            yield day
        day += ONE_DAY


def send(at: dt.datetime) -> None:
    """Plan and send as at the moment; half of the people look on the same morning, some sign for it."""
    running.run(at)
    for notice in Notice.objects.filter(kind=KIND, sent_at=at).select_related("recipient").order_by("pk"):
        if notice.pk % 2:
            notices.open_notice(notice, at=at + dt.timedelta(minutes=20))
        if notice.pk % 3 == 0:
            notices.acknowledge(notice, by=notice.recipient, at=at + dt.timedelta(minutes=35))
