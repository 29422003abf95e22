"""月度报送: the months, and one month with every unit's report. A unit's own reports have pages of their own."""

from __future__ import annotations

import re

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from reform import desk, month_reports
from xingxian_portal.foundation import clock


@requires(Permission.READ_ANY_TEXT)
def month_list(request: Request) -> HttpResponseBase:
    """List the months whose reports are open."""
    return render(request, "reform/months.html", {"months": month_reports.months(clock.today())})


@requires(Permission.READ_ANY_TEXT)
def month(request: Request, occurrence: str) -> HttpResponseBase:
    """Show one month, all of it or what is missing, late or was returned."""
    reports = month_reports.of(occurrence, clock.today())
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", occurrence) or not reports:
        raise Http404
    show = request.GET.get("show", "")
    _, fits = month_reports.SHOWN.get(show, ("", lambda report: True))
    context = {
        "occurrence": occurrence,
        "words": desk.month_words(occurrence),
        "reports": [report for report in reports if fits(report)],
        "total": len(reports),
        "due_on": max((report.obligation.due_on for report in reports if report.obligation.due_on), default=None),
        "owed": sum(report.is_filed or report.is_missing for report in reports),
        "filed": sum(report.is_filed for report in reports),
        "rates": month_reports.rates_of(reports, clock.today()),
        "choices": [(slug, name, sum(map(fits, reports))) for slug, (name, fits) in month_reports.SHOWN.items()],
        "show": show,
    }
    return render(request, "reform/month.html", context)
