from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from liaisons.models import Notice
from reform.reminders import running
from reform.states import State
from tests.factories import ObligationFactory
from tests.reform.reminders.rules import load_calendar, load_rules, report
from xingxian_portal import demo_clock
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays


def moment(day: int, hour: int = 8, minute: int = 30, month: int = 6) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2022, month, day, hour, minute))


DRAGON_BOAT = Workdays({dt.date(2022, 6, 3): False, dt.date(2022, 6, 11): True})


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (moment(20), moment(21)),
        (moment(20, 0, 1), moment(21)),
        (moment(20, 23, 59), moment(21)),
        (moment(17, 18), moment(20)),  # from Friday over the weekend
        (moment(18, 9), moment(20)),
        (moment(2, 9), moment(6)),  # over the holiday
        (moment(10, 9), moment(11)),  # to the Saturday worked in exchange
        (moment(30, 9), moment(1, month=7)),
    ],
)
def test_the_next_working_day_begins_at_half_past_eight(now, then):
    assert demo_clock.next_workday_morning(now, DRAGON_BOAT) == then


def test_moving_on_sets_the_clock_and_is_in_the_trail(cast):
    clock.start_demo(moment(20, 16))

    assert demo_clock.to_next_workday(by=cast.sfj) == moment(21)
    assert moment(21) <= clock.now() < moment(21) + dt.timedelta(minutes=1)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor_id) == ("clock.next_workday", cast.sfj.pk)
    assert entry.after == {"at": "2022-06-21T00:30:00Z"} or entry.after["at"].startswith("2022-06-21T08:30")


def test_what_is_leapt_over_goes_out_meanwhile_so_that_one_can_watch_it(cast):
    load_calendar(2022)
    load_rules("monthly", "dated")
    report(cast.weifen.unit)
    ObligationFactory(unit=cast.scj.unit, due_on=dt.date(2022, 6, 30), state=State.DOING)
    clock.start_demo(moment(17, 9, 0))
    running.run(moment(17, 9, 0))
    moves = [demo_clock.to_next_workday(by=cast.sfj) for _ in range(4)]
    assert moves == [moment(20), moment(21), moment(22), moment(23)]
    told = Notice.objects.values_list("recipient__username", "sent_at").order_by("sent_at", "recipient__username")
    assert list(told) == [
        ("weifen", moment(17, 9, 0)),
        ("scj", moment(20, 9, 0)),  # ten days before the 30th
        ("weifen", moment(21, 9, 0)),
        ("weifen", moment(22, 9, 0)),
        ("weifenld", moment(22, 9, 0)),
    ]


def test_without_a_demo_there_is_no_clock_to_move(cast):
    with pytest.raises(demo_clock.NoDemo):
        demo_clock.to_next_workday(by=cast.sfj)

    assert AuditEntry.objects.count() == 0
