"""Lines that are due become letters: one for each person, channel and day. Safe to run any number of times, at once too.

The database holds that there is one letter a day; a line that comes when the day's letter is gone waits for the next
day, and expires when that is too late.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery

from liaisons.letters import windows
from liaisons.models import LedgerEntry, Letter, PlannerState
from liaisons.models.contact import CALL
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


def gather(at: dt.datetime) -> int:
    """Put every line that is due into its letter; gives how many letters wait to be sent."""
    workdays = Workdays.load()
    with transaction.atomic():
        PlannerState.objects.get_or_create(id=1)
        PlannerState.objects.select_for_update().get(id=1)
        _let_expire(at)
        due = _due(at, workdays)
        _open_letters(due, at)
        _attach(due, clock.local_date(at))
    return to_send(at, workdays).count()


def _let_expire(at: dt.datetime) -> None:
    """End what came too late, and give the lines of an earlier day's unsent letter to today's.

    A letter that may be out keeps its lines: it is tried again under its own Message-ID, beside today's.
    """
    waiting = Letter.objects.filter(status=Letter.PLANNED)
    stale = waiting.filter(Q(day__lt=clock.local_date(at)) | Q(not_after__lt=at), under_way=False)
    # Locked first: a sender that claims one of them now would tell the lines that today's letter is given.
    pks = list(stale.select_for_update(skip_locked=True).values_list("pk", flat=True))
    entries = LedgerEntry.objects.filter(letter__in=pks, status=LedgerEntry.MERGED)
    entries.update(status=LedgerEntry.PLANNED, letter=None)
    Letter.objects.filter(pk__in=pks).update(status=Letter.EXPIRED)
    waiting.filter(not_after__lt=at, under_way=True).update(status=Letter.FAILED, error_code="too-late")
    late = LedgerEntry.objects.filter(status=LedgerEntry.PLANNED, not_after__lt=at)
    late.filter(channel=CALL).update(status=LedgerEntry.EXPIRED, reason="没有登记通话")
    late.exclude(channel=CALL).update(status=LedgerEntry.EXPIRED, reason="过了还有用的时间")


def _due(at: dt.datetime, workdays: Workdays) -> QuerySet[LedgerEntry]:
    due = LedgerEntry.objects.filter(status=LedgerEntry.PLANNED, planned_for__lte=at, not_after__gte=at)
    due = due.exclude(channel=CALL)
    return due if windows.is_open(at, workdays) else due.filter(open_until__gte=at)


def _open_letters(due: QuerySet[LedgerEntry], at: dt.datetime) -> None:
    groups = due.order_by().values("recipient_id", "channel", "slot")
    groups = groups.annotate(last=Max("not_after"), until=Max("open_until"))
    letters = [
        Letter(
            recipient_id=row["recipient_id"], channel=row["channel"], slot=row["slot"], day=clock.local_date(at),
            not_after=row["last"], open_until=row["until"],
            # Not `at`: a clock that is set back meanwhile must not hold the letter until it has caught up.
            next_attempt_at=clock.day_start(clock.local_date(at)),
        )
        for row in groups
    ]  # fmt: skip
    Letter.objects.bulk_create(letters, ignore_conflicts=True)


def _attach(due: QuerySet[LedgerEntry], day: dt.date) -> None:
    today = Letter.objects.filter(day=day, status=Letter.PLANNED)
    # Held until the end: a sender that claims one of them meanwhile would not read the lines that come in here.
    list(today.select_for_update(skip_locked=True).values_list("pk", flat=True))
    mine = today.filter(recipient=OuterRef("recipient"), channel=OuterRef("channel"), slot=OuterRef("slot"))
    due.filter(Exists(mine)).update(letter=Subquery(mine.values("pk")[:1]), status=LedgerEntry.MERGED)


def to_send(at: dt.datetime, workdays: Workdays) -> QuerySet[Letter]:
    """Give the letters that wait and may go now."""
    rows = Letter.objects.filter(status=Letter.PLANNED, next_attempt_at__lte=at, not_after__gte=at)
    rows = rows if windows.is_open(at, workdays) else rows.filter(open_until__gte=at)
    return rows.order_by("next_attempt_at")  # as the index has it: no sorting for each chunk
