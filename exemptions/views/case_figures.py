"""免罚统计: the cases by field and kind, each number leading to its cases."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from exemptions import rights
from exemptions.cases import figures
from exemptions.forms.cases import PeriodForm
from liaisons.access import Request, requires
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock


@requires(P.READ_OWN, P.READ_ANY_TEXT)
def case_figures(request: Request) -> HttpResponseBase:
    """Show the figures: of the county to whom its totals are open, else of one's own units."""
    form = PeriodForm(request.GET or None)
    first, last = form.period(clock.today()) if form.is_bound else PeriodForm({}).period(clock.today())
    county = request.user.may(P.READ_ANY_TEXT)
    units = None if county else rights.units_of(request.user, P.READ_OWN)
    groups = figures.by_field_and_kind(first, last, units)
    context = {
        "form": PeriodForm(initial={"since": first, "until": last}) if not form.errors else form,
        "groups": groups, "all": figures.added(group.tally for group in groups), "first": first, "last": last, "county": county,
        # A county leader sees totals; the cases behind them are their unit's and the bureau's.
        "drills": not county or request.user.may(P.READ_ANY_FILING),
    }  # fmt: skip
    return render(request, "exemptions/case_figures.html", context)
