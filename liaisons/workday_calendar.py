"""The county's calendar kept by the 系统管理员: days off, days worked in exchange, and which years were checked.

A change moves no due date: those were fixed when their rows opened. It moves the reminders that are still to be planned.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from liaisons.models import User
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import ONE_DAY, CalendarDay, CalendarYear

LONGEST_STRETCH = 31
ORDINARY = ""  # the day goes back to what its weekday says


@dataclass(frozen=True)
class Cell:
    """One day of a month's sheet; `number` 0 is a blank."""

    number: int
    is_off: bool = False
    row: CalendarDay | None = None


def _require(by: User) -> None:
    if not by.may(Permission.MANAGE_CALENDAR):
        raise Refused("日历由系统管理员维护。")


@transaction.atomic
def mark(
    first: dt.date, last: dt.date, kind: str, *, name: str, source: str, by: User, at: dt.datetime | None = None
) -> int:
    """Mark the days from `first` to `last` as off or worked, or give them back to their weekday; gives how many.

    Raises Refused when the stretch is no stretch or `by` keeps no calendar.
    """
    _require(by)
    days = (last - first).days + 1
    if not 1 <= days <= LONGEST_STRETCH:
        raise Refused(f"结束日期应不早于开始日期，一次最多 {LONGEST_STRETCH} 天。", "last")
    before = {str(row.date): row.kind for row in CalendarDay.objects.filter(date__range=(first, last))}
    for number in range(days):
        _write(first + number * ONE_DAY, kind, name.strip(), source.strip())
    after = {"from": first, "until": last, "kind": kind, "name": name.strip(), "source": source.strip()}
    audit.record("calendar.change", by=by, before=before, after=after, at=at or clock.now())
    return days


def _write(day: dt.date, kind: str, name: str, source: str) -> None:
    row = CalendarDay.objects.filter(date=day).first()
    if kind == ORDINARY:
        CalendarDay.objects.filter(date=day).delete()
        return
    revision = row.revision + 1 if row else 1
    values = {"kind": kind, "name": name, "source_doc": source, "revision": revision}
    CalendarDay.objects.update_or_create(date=day, defaults=values)


@transaction.atomic
def confirm(year: int, *, official: bool, notice_no: str, by: User, at: dt.datetime | None = None) -> CalendarYear:
    """Say whether the year was entered by the official notice, and which; raises Refused without its number."""
    _require(by)
    if official and not notice_no.strip():
        raise Refused("请填写依据的通知文号。", "notice_no")
    status = CalendarYear.OFFICIAL if official else CalendarYear.DRAFT
    values = {"status": status, "notice_no": notice_no.strip()}
    row, _ = CalendarYear.objects.update_or_create(year=year, defaults=values)
    audit.record("calendar.confirm", by=by, subject=row, after=values, at=at or clock.now())
    return row


@transaction.atomic
def forget(year: int, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a year's row away that was made by mistake: nothing is said of it any more. Its days stay."""
    _require(by)
    row = CalendarYear.objects.filter(year=year).first()
    if row:
        before = {"year": year, "status": row.status, "notice_no": row.notice_no}
        audit.record("calendar.remove", by=by, before=before, at=at or clock.now())
        row.delete()


def sheets(year: int) -> list[tuple[int, list[list[Cell]]]]:
    """Give the twelve months of a year as weeks of seven cells, Monday first: one query."""
    rows = {row.date: row for row in CalendarDay.objects.filter(date__year=year)}
    return [(month, list(_weeks(year, month, rows))) for month in range(1, 13)]


def _weeks(year: int, month: int, rows: dict[dt.date, CalendarDay]) -> Iterator[list[Cell]]:
    for week in calendar.Calendar().monthdayscalendar(year, month):
        yield [_cell(dt.date(year, month, number), rows) if number else Cell(0) for number in week]


def _cell(day: dt.date, rows: dict[dt.date, CalendarDay]) -> Cell:
    row = rows.get(day)
    return Cell(day.day, row.kind == CalendarDay.OFF if row else day.weekday() > calendar.FRIDAY, row)
