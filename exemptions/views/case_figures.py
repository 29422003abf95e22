"""免罚统计: the cases by field and kind, each number leading to its cases."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render

from exemptions.cases import figures
from liaisons.access import Request, requires
from liaisons.forms.fields import DayField
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import clock


class PeriodForm(forms.Form):
    """From when to when."""

    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def period(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """Give the period asked for, by default the year up to today."""
        self.is_valid()
        first = self.cleaned_data.get("since") or today.replace(month=1, day=1)
        return first, self.cleaned_data.get("until") or today


@requires(P.READ_OWN, P.READ_ANY_TEXT)
def case_figures(request: Request) -> HttpResponseBase:
    """Show the figures: of the county to whom its totals are open, else of one's own units."""
    form = PeriodForm(request.GET or None)
    first, last = form.period(clock.today()) if form.is_bound else PeriodForm({}).period(clock.today())
    county = request.user.may(P.READ_ANY_TEXT)
    units = None if county else request.user.unit_ids_with(P.READ_OWN)
    groups = figures.by_field_and_kind(first, last, units)
    context = {
        "form": PeriodForm(initial={"since": first, "until": last}) if not form.errors else form,
        "groups": groups, "all": figures.added(group.tally for group in groups), "first": first, "last": last, "county": county,
        # A county leader sees totals; the cases behind them are their unit's and the bureau's.
        "drills": not county or request.user.may(P.READ_ANY_FILING),
    }  # fmt: skip
    return render(request, "exemptions/case_figures.html", context)
