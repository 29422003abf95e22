"""How the letters fare: for the health page and `/healthz`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Min, Q

from liaisons.letters import claiming, closed, windows
from liaisons.models import LedgerEntry, Letter, PlannerState
from liaisons.models.contact import CALL
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

PLANNER_LATE = dt.timedelta(minutes=15)
DUE_LATE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Health:
    """The figures, and whether something is wrong."""

    planner_age: dt.timedelta | None
    sender_age: dt.timedelta | None
    oldest_due: dt.timedelta | None  # inside of a window
    lost: int
    sent_today: int
    failed_today: int
    unknown: int
    broken_contacts: int
    missing: int

    @property
    def planner_is_late(self) -> bool:
        """Say whether the planner has not run for too long."""
        return self.planner_age is None or self.planner_age > PLANNER_LATE

    @property
    def letters_are_late(self) -> bool:
        """Say whether something due waits for too long."""
        return self.oldest_due is not None and self.oldest_due > DUE_LATE

    @property
    def is_well(self) -> bool:
        """Say whether nothing needs a person."""
        return not (self.planner_is_late or self.letters_are_late or self.lost or self.missing)


def health(at: dt.datetime) -> Health:
    """Read the figures."""
    state = PlannerState.objects.filter(id=1).first() or PlannerState()
    now, day = clock.real_now(), clock.local_date(at)
    counts = Letter.objects.aggregate(
        sent=Count("pk", filter=Q(day=day, status=Letter.SENT)),
        failed=Count("pk", filter=Q(day=day, status__in=[Letter.FAILED, Letter.BOUNCED])),
        unknown=Count("pk", filter=Q(status=Letter.UNKNOWN, day__gte=day - dt.timedelta(days=30))),
    )
    return Health(
        now - state.planner_ran_at if state.planner_ran_at else None,
        now - state.sender_ran_at if state.sender_ran_at else None,
        _oldest_due(at), claiming.lost().count(), counts["sent"], counts["failed"], counts["unknown"],
        closed.standing().count(), state.missing,
    )  # fmt: skip


def _oldest_due(at: dt.datetime) -> dt.timedelta | None:
    """Give how long the oldest waits, counted from the start of the window: before it nothing could go."""
    workdays = Workdays.load()
    if not windows.is_open(at, workdays):
        return None
    alone = Q(status=LedgerEntry.PLANNED, planned_for__lte=at, not_after__gte=at) & ~Q(channel=CALL)
    in_letter = Q(status=LedgerEntry.MERGED, letter__status=Letter.PLANNED, letter__attempts=0)
    oldest = LedgerEntry.objects.filter(alone | in_letter).aggregate(at=Min("planned_for"))["at"]
    return max(at - max(oldest, _window_start(at)), dt.timedelta()) if oldest else None


def _window_start(at: dt.datetime) -> dt.datetime:
    day, minutes = clock.local_date(at), [start for start, _ in settings.PORTAL_WINDOWS]
    return max(moment for start in minutes if (moment := windows.at_minute(day, start)) <= at)
