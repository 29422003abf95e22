"""What beat does, by hand or for a moment of one's own: plan, gather, send. And what it would do, dry."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass

from django.db.models import Q

from liaisons.letters import sending, windows
from liaisons.models import LedgerEntry, Letter, PlannerState
from liaisons.models.contact import CALL
from reform.reminders import planning
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import ONE_DAY, Workdays


@dataclass(frozen=True)
class Run:
    """What one run did."""

    planned: int
    sent: Counter[str]


def run(at: dt.datetime) -> Run:
    """Plan and send as at the moment `at`."""
    with clock.held_at(at):
        planned = planning.plan(at)
        return Run(planned, sending.send_due(at))


def would_plan(at: dt.datetime) -> list[LedgerEntry]:
    """Give the lines that a run at `at` would write, and write nothing."""
    state = PlannerState.objects.filter(id=1).first()
    since = min(state.planned_at or at, at) if state else at
    return planning.missing(at, since)


def would_send(at: dt.datetime) -> list[LedgerEntry]:
    """Give the lines that wait in the ledger already and that a run at `at` would send, the open hours given."""
    waiting = LedgerEntry.objects.filter(planned_for__lte=at, not_after__gte=at).exclude(channel=CALL)
    unsent = Q(status=LedgerEntry.PLANNED) | Q(status=LedgerEntry.MERGED, letter__status=Letter.PLANNED)
    return list(waiting.filter(unsent).written_out().order_by("planned_for", "pk"))


def run_between(start: dt.datetime, end: dt.datetime) -> Counter[str]:
    """Do for a stretch of business time that is leapt over what beat would have done at the start of each window."""
    workdays, done, day = Workdays.load(), Counter[str](), clock.local_date(start)
    while day <= clock.local_date(end):
        if workdays.is_workday(day):
            for hour in (9, 10, 11, 15, 16):
                moment = windows.at_minute(day, hour * 60)
                if start < moment <= end:
                    done += run(moment).sent
        day += ONE_DAY
    return done
