"""月度报送 of a unit: its months, a month's form, saving and filing it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from liaisons.views.session import safe_next
from reform import deadlines, filing_read, report_sheet, reports, rights, unit_acts
from reform.filing import FilingRefused
from reform.forms import report as forms
from reform.forms.report import Typed
from reform.lit import Lamp
from reform.models import Obligation, Submission
from reform.models.obligation import ObligationQuerySet
from reform.moves import MoveRefused
from reform.report_sheet import Sheet
from reform.states import UNFILED, State
from reform.views.own_unit import own_unit
from reform.views.saving import keep, not_saved, saved, wants_json
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Stale

MONTHS_A_PAGE = 12


def _reports() -> ObligationQuerySet:
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY)
    return rows.select_related("unit", "series", "milestone__task__plan")


def _own(request: Request, pk: int) -> Obligation:
    """Give a report that the person files; raises Http404."""
    return found(_reports().owed_by_units_of(request.user, P.FILE), pk=pk)


@requires(P.READ_OWN)
def report_list(request: Request) -> HttpResponseBase:
    """List a unit's months with state, dates and light."""
    own = own_unit(request)
    rows = _reports().filter(unit=own.unit).order_by("-occurrence", "-pk")
    page = Paginator(rows, MONTHS_A_PAGE).get_page(request.GET.get("page"))
    months = Lamp(clock.today()).all(page)
    return render(request, "reform/reports.html", {"own": own, "page": page, "months": months})


@requires(P.READ_OWN, P.READ_ANY_FILING)
@never_cache
def report(request: Request, pk: int) -> HttpResponseBase:
    """Show a month: its form to who files it as long as it is open, else what was filed."""
    row = found(_reports(), pk=pk)
    sight = rights.sight(request.user, row)
    if sight < rights.Sight.FILED:
        raise Http404
    if row.state in UNFILED and rights.files_for(request.user, row.unit):
        return _form(request, report_sheet.of(row))
    versions = filing_read.filings(own=sight >= rights.Sight.OWN).filter(obligation=row).order_by("-number")
    asked = request.GET.get("version", "")
    shown = versions.filter(number=asked).first() if asked.isdecimal() else versions.first()
    context = {
        "obligation": row,
        "lit": Lamp(clock.today()).lit(row),
        "versions": versions.values_list("number", flat=True),
        "reading": filing_read.read(shown) if shown else None,
        "submission": shown,
        "acts": unit_acts.offered(request.user, row, clock.today()),
    }
    return render(request, "reform/report.html", context)


def _form(request: Request, sheet: Sheet) -> HttpResponseBase:
    return render(request, "reform/report_form.html", {"sheet": sheet, "obligation": sheet.report})


Handled = Callable[[Request, Obligation, Typed], HttpResponseBase]


def _sent(request: Request, pk: int, handle: Handled) -> HttpResponseBase:
    """Handle a form that was sent; whoever comes by the address alone (after logging in again) sees the form."""
    row = _own(request, pk)
    if request.method != "POST":
        return redirect("report", pk)
    typed = forms.read(request.POST)
    try:
        return handle(request, row, typed)
    except Stale as stale:
        if wants_json(request):
            return not_saved(stale)
        messages.warning(request, str(stale))
        return _form(request, report_sheet.with_typed(report_sheet.of(row), typed.lines, typed.zero))
    except MoveRefused as refused:
        if wants_json(request):
            return not_saved(refused)
        messages.warning(request, str(refused))
        return redirect("report", pk)


def _save(request: Request, row: Obligation, typed: Typed) -> dict[str, str]:
    def save() -> Submission:
        return reports.save_draft(row, by=request.user, lines=typed.lines, zero=typed.zero, seen=typed.seen)

    return keep(request, row, save)


@requires(P.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def save_report(request: Request, pk: int) -> HttpResponseBase:
    """保存草稿, with files; `all` ticks 本月无变化 on every line that says nothing, `refill` takes a summary anew."""
    return _sent(request, pk, _saved_draft)


def _saved_draft(request: Request, row: Obligation, typed: Typed) -> HttpResponseBase:
    typed = typed.rest_unchanged() if "all" in request.POST else typed
    typed = _refilled(request, row, typed)
    errors = _save(request, row, typed)
    if wants_json(request):
        return saved(row)
    if errors:
        return _form(request, report_sheet.with_errors(report_sheet.of(row), errors))
    messages.success(request, f"草稿已保存（{timezone.localtime(clock.now()):%H:%M}）。")
    return redirect(safe_next(request, reverse("report", args=[row.pk])))


def _refilled(request: Request, row: Obligation, typed: Typed) -> Typed:
    key = request.POST.get("refill", "")
    texts = report_sheet.fresh_summaries(row) if key else {}
    return typed.with_text(key, texts[key]) if key in typed.lines and key in texts else typed


@requires(P.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def file_report(request: Request, pk: int) -> HttpResponseBase:
    """报送: save what was typed, then file it; everything wrong stands beside its field."""
    return _sent(request, pk, _filed)


def _filed(request: Request, row: Obligation, typed: Typed) -> HttpResponseBase:
    errors = _save(request, row, typed)
    try:
        if not errors:
            return _told(request, reports.file(row, by=request.user, seen=typed.seen))
    except FilingRefused as refused:
        errors = refused.errors
    return _form(request, report_sheet.with_errors(report_sheet.of(row), errors))


def _told(request: Request, row: Obligation) -> HttpResponseBase:
    at, name = timezone.localtime(clock.now()), report_sheet.month_name(row)
    when = f"{at.month}月{at.day}日 {at:%H:%M}"
    if row.state == State.COSIGNING:
        messages.success(request, f"{name}已于 {when} 送分管领导会签，签字后才算报送。")
    else:
        in_time = "按时" if row.first_filed_on and row.due_on and row.first_filed_on <= row.due_on else "逾期"
        messages.success(request, f"{name}已于 {when} {in_time}报送，等司法局审核。")
    return redirect(safe_next(request, reverse("report", args=[row.pk])))
