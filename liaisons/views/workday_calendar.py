"""日历: the county's working days, year by year; kept by the 系统管理员, read by all."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render

from liaisons import workday_calendar
from liaisons.access import Request, logged_in, requires
from liaisons.forms.reminders import DaysForm, YearForm
from liaisons.permissions import Permission
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import CalendarYear

EARLIEST, LATEST = 2000, 2099
GAP = (11, 15)  # from this day on next year's calendar is asked for


@logged_in
def this_year(request: Request) -> HttpResponseBase:
    """Go to the year that runs."""
    return redirect("calendar_year", clock.today().year)


@logged_in
def year(request: Request, year: int) -> HttpResponseBase:
    """Show the twelve months of a year and where they come from."""
    return _shown(request, year, DaysForm(initial={"first": dt.date(_known(year), 1, 1)}), None)


def _known(year: int) -> int:
    if not EARLIEST <= year <= LATEST:
        raise Http404
    return year


def _shown(request: Request, year: int, days: DaysForm, confirmed: YearForm | None) -> HttpResponseBase:
    row = CalendarYear.objects.filter(year=year).first()
    known = dict(CalendarYear.objects.values_list("year", "status"))
    today = clock.today()
    gap = (
        today.year + 1
        if (today.month, today.day) >= GAP and known.get(today.year + 1) != CalendarYear.OFFICIAL
        else None
    )
    first = {"official": bool(row and row.status == CalendarYear.OFFICIAL), "notice_no": row.notice_no if row else ""}
    context = {
        "year": year, "row": row, "sheets": workday_calendar.sheets(year), "years": sorted({*known, today.year, today.year + 1}),
        "days": days, "confirmed": confirmed or YearForm(initial=first), "gap": gap,
        "may_write": request.user.may(Permission.MANAGE_CALENDAR), "official": CalendarYear.OFFICIAL,
    }  # fmt: skip
    return render(request, "liaisons/workday_calendar.html", context)


@requires(Permission.MANAGE_CALENDAR)
def mark(request: Request, year: int) -> HttpResponseBase:
    """Mark days."""
    form = DaysForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            count = workday_calendar.mark(
                given["first"], given["last"] or given["first"], given["kind"], name=given["name"], source=given["source"],
                by=request.user,
            )  # fmt: skip
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, f"已保存 {count} 天。期限不变，尚未发出的提醒按新的日历安排。")
            return redirect("calendar_year", given["first"].year)
    return _shown(request, _known(year), form if form.is_bound else DaysForm(), None)


@requires(Permission.MANAGE_CALENDAR)
def confirm(request: Request, year: int) -> HttpResponseBase:
    """Say that a year was entered by the notice."""
    form = YearForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            workday_calendar.confirm(_known(year), by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, "已保存。")
            return redirect("calendar_year", year)
    return _shown(request, _known(year), DaysForm(), form if form.is_bound else None)
