"""How the letters fare: for the health page and `/healthz`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, DurationField, ExpressionWrapper, F, Max, Min, Q

from liaisons.letters import claiming, closed, windows
from liaisons.models import Attempt, LedgerEntry, Letter, PlannerState
from liaisons.models.contact import CALL
from xingxian_portal.foundation import beat_file, clock
from xingxian_portal.foundation.workdays import Workdays

PLANNER_LATE = dt.timedelta(minutes=15)
BEAT_LATE = dt.timedelta(seconds=120)
DUE_LATE = dt.timedelta(minutes=30)


@dataclass(frozen=True)
class Health:
    """The figures, and whether something is wrong."""

    planner_age: dt.timedelta | None
    sender_age: dt.timedelta | None
    beat_age: dt.timedelta | None  # None also where its file is on another machine
    oldest_due: dt.timedelta | None  # inside of a window
    lost: int
    sent_today: int
    failed_today: int
    unknown: int
    broken_contacts: int
    missing: int
    longest_dwell: dt.timedelta | None  # from planned to sent, today
    faults: tuple[str, ...]  # kinds of rules whose subjects could not be read

    @property
    def planner_is_late(self) -> bool:
        """Say whether the planner has not run for too long."""
        return self.planner_age is None or self.planner_age > PLANNER_LATE

    @property
    def beat_is_late(self) -> bool:
        """Say whether beat has called nobody for too long, as far as can be seen from here."""
        return self.beat_age is not None and self.beat_age > BEAT_LATE

    @property
    def letters_are_late(self) -> bool:
        """Say whether something due waits for too long."""
        return self.oldest_due is not None and self.oldest_due > DUE_LATE

    @property
    def is_well(self) -> bool:
        """Say whether nothing needs a person."""
        late = self.planner_is_late or self.beat_is_late or self.letters_are_late
        return not (late or self.lost or self.missing or self.faults)


def health(at: dt.datetime) -> Health:
    """Read the figures."""
    state = PlannerState.objects.filter(id=1).first() or PlannerState()
    now, day = clock.real_now(), clock.local_date(at)
    counts = Letter.objects.aggregate(
        sent=Count("pk", filter=Q(day=day, status=Letter.SENT)),
        unknown=Count("pk", filter=Q(status=Letter.UNKNOWN, day__gte=day - dt.timedelta(days=30))),
    )
    return Health(
        now - state.planner_ran_at if state.planner_ran_at else None,
        now - state.sender_ran_at if state.sender_ran_at else None,
        beat_file.age(), _oldest_due(at), claiming.lost().count(), counts["sent"], _failed_on(day), counts["unknown"],
        closed.standing().count(), state.missing, _longest_dwell(day), tuple(state.faults),
    )  # fmt: skip


def _failed_on(day: dt.date) -> int:
    """Count the letters given up or bounced on a day, whichever day's they were."""
    ended = Attempt.objects.filter(outcome__in=[Letter.FAILED, Letter.BOUNCED], letter__status=F("outcome"))
    during = Q(at__gte=clock.day_start(day), at__lt=clock.day_end(day))
    return ended.filter(during).values("letter").distinct().count()


def _longest_dwell(day: dt.date) -> dt.timedelta | None:
    waited = ExpressionWrapper(F("letter__sent_at") - F("planned_for"), DurationField())
    sent = LedgerEntry.objects.filter(letter__day=day, letter__status=Letter.SENT)
    return sent.aggregate(longest=Max(waited))["longest"]


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
