"""What may have to be reminded of: for each kind of rule the subjects that are open now, each kind with one query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import structlog
from django.db import transaction
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest

from liaisons.appointments import quarter_start
from liaisons.models import Unit
from reform import deadlines
from reform.models import Obligation, Proposal, ReminderRule, ReminderStep, Submission
from reform.states import UNFILED, State
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import CalendarYear

WAITING = UNFILED | {State.COSIGNING}
GAP_MONTH, GAP_DAY = 11, 15
logger = structlog.get_logger(__name__)
ESCALATION_KIND = "reform.escalation"
UNIT_KIND, YEAR_KIND = "liaisons.unit", "foundation.calendaryear"


@dataclass(frozen=True)
class Subject:
    """One thing that somebody may be reminded of, and the days that its steps are counted from."""

    kind: str
    key: str
    about: str
    unit_id: int | None
    anchors: Mapping[str, dt.date]
    cycle_no: int = 1


Source = Callable[[dt.datetime], Iterator[Subject]]


def _duties() -> QuerySet[Obligation]:
    return Obligation.objects.filter(state__in=WAITING).select_related("milestone", "unit").order_by("pk")


def _of_duty(row: Obligation, **anchors: dt.date | None) -> Subject:
    days = {ReminderStep.OPENS: clock.local_date(row.opened_at)} | {name: day for name, day in anchors.items() if day}
    return Subject("reform.obligation", str(row.pk), row.name, row.unit_id, days, row.cycle_no)


def monthly(_at: dt.datetime) -> Iterator[Subject]:
    """Give the monthly reports that are not filed; what was returned is reminded of by its own rule."""
    for row in _duties().filter(milestone__kind=deadlines.MONTHLY, mend_by=None):
        yield _of_duty(row, due_at=row.due_on)


def dated(_at: dt.datetime) -> Iterator[Subject]:
    """Give the dated duties that are not filed."""
    for row in _duties().exclude(milestone__kind=deadlines.MONTHLY).filter(mend_by=None, due_on__isnull=False):
        yield _of_duty(row, due_at=row.due_on)


def returned(_at: dt.datetime) -> Iterator[Subject]:
    """Give what was returned and is not filed again."""
    rows = _duties().filter(mend_by__isnull=False)
    for row in rows.annotate(back=Max("submissions__reviewed_at")):
        back = clock.local_date(row.back or row.opened_at)
        yield _of_duty(row, due_at=row.mend_by, returned_at=back)


def quiet(_at: dt.datetime) -> Iterator[Subject]:
    """Give the duties of no month that are under way, with the day of the last move or saved draft."""
    rows = _duties().exclude(milestone__kind=deadlines.MONTHLY).filter(state=State.DOING)
    moved = Max("moves__at")
    for row in rows.annotate(last=Greatest(moved, Coalesce(Max("submissions__saved_at"), moved))):
        yield _of_duty(row, last_update=clock.local_date(row.last or row.opened_at))


def deciding(_at: dt.datetime) -> Iterator[Subject]:
    """Give the proposals that wait for a decision; they are the bureau's own business, not the unit's."""
    for row in Proposal.objects.filter(granted=None).select_related("obligation__milestone", "obligation__unit"):
        about = f"{row.obligation.unit.short_name}　{row.obligation.name}：{row.get_kind_display()}"
        yield Subject("reform.proposal", str(row.pk), about, None, {"asked_at": clock.local_date(row.asked_at)})


def reviewing(_at: dt.datetime) -> Iterator[Subject]:
    """Give all filings that wait for review as one thing, from the day of the oldest."""
    oldest = Submission.objects.filter(state=Submission.FILED).aggregate(at=Min("filed_at"))["at"]
    if oldest:
        day = clock.local_date(oldest)
        yield Subject("reform.reviewing", day.isoformat(), "待审核的报送", None, {"asked_at": day})


def to_confirm(today: dt.date) -> QuerySet[Unit]:
    """Give the standing units that have a contact not confirmed in this quarter."""
    rows = Unit.objects.filter(closed_on__isnull=True).exclude(kind=Unit.BUREAU)
    old = Q(appointments__until_on__isnull=True, appointments__confirmed_on__lt=quarter_start(today))
    return rows.filter(old).distinct().order_by("pk")


def contacts_to_confirm(at: dt.datetime) -> Iterator[Subject]:
    """Give the units whose contacts are to be confirmed in this quarter."""
    start = quarter_start(clock.local_date(at))
    for unit in to_confirm(clock.local_date(at)):
        yield Subject(UNIT_KIND, f"{unit.pk}:{start}", "核对联系人", unit.pk, {"opens_at": start})


def gap_year(at: dt.datetime) -> int | None:
    """Give next year from 15 November on while its calendar is not entered."""
    today = clock.local_date(at)
    year = today.year + 1
    if today < dt.date(today.year, GAP_MONTH, GAP_DAY):
        return None
    there = CalendarYear.objects.filter(year=year, status=CalendarYear.OFFICIAL).exists()
    return None if there else year


def calendar_gap(at: dt.datetime) -> Iterator[Subject]:
    """Give next year's calendar while it is missing."""
    if year := gap_year(at):
        start = dt.date(year - 1, GAP_MONTH, GAP_DAY)
        yield Subject(YEAR_KIND, str(year), f"{year} 年日历", None, {"opens_at": start})


def read(applies_to: str, at: dt.datetime, faults: list[str]) -> list[Subject]:
    """Give the open subjects of a kind of rule; one that cannot be read is named in `faults` and holds up no other."""
    try:
        with transaction.atomic():
            return list(SOURCES[applies_to](at))
    except Exception:
        logger.exception("reminders_unreadable", kind=applies_to)
        faults.append(applies_to)
        return []


def nothing(_at: dt.datetime) -> Iterator[Subject]:
    """Give nothing: the subjects of such a rule are kept by a higher app, which has not come up."""
    return iter(())


def learn(applies_to: str, source: Source) -> None:
    """Take over the subjects of a kind of rule that a higher app keeps; called when the portal starts."""
    SOURCES[applies_to] = source


SOURCES: dict[str, Source] = {
    ReminderRule.MONTHLY: monthly,
    ReminderRule.DATED: dated,
    ReminderRule.RETURNED: returned,
    ReminderRule.QUIET: quiet,
    ReminderRule.DECIDING: deciding,
    ReminderRule.REVIEWING: reviewing,
    ReminderRule.CONTACTS: contacts_to_confirm,
    ReminderRule.CALENDAR: calendar_gap,
    ReminderRule.CORRECTION: nothing,
}
