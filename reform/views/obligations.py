"""The duties behind the wall: the list that every figure leads to, and one duty with all that a person may see of it."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission
from reform import bureau_offers, dossier, unit_acts, wall_choices, wall_list
from reform.models import Obligation
from reform.views.wall import Look
from reform.workbooks import asking
from xingxian_portal.foundation import clock


@requires(Permission.VIEW_WALL)
def obligation_list(request: Request) -> HttpResponseBase:
    """List the cells of the wall that were asked for, one page of them."""
    look = Look.at(request)
    if look is None:
        return render(request, "reform/wall_without_plan.html")
    page = wall_list.page(look.shown.grid, request.GET.get("after", ""), request.GET.get("before", ""))
    choices = wall_choices.choices_of_list(look.asked, look.source.ground, look.source.series)
    return render(
        request,
        "reform/obligations.html",
        look.context | {"page": page, "choices": choices, "may_export": asking.may(request.user)},
    )


@requires(Permission.VIEW_WALL)
def obligation(request: Request, pk: int) -> HttpResponseBase:
    """Show one duty; beside the wall as a panel, otherwise as a page."""
    rows = Obligation.objects.visible_to(request.user)
    row = found(rows.select_related("unit", "original_unit", "milestone__task__plan"), pk=pk)
    shown = dossier.of(request.user, row, clock.today())
    template = "reform/obligation/panel.html" if request.htmx else "reform/obligation.html"
    offers = bureau_offers.of(request.user, row, clock.today())
    acts = unit_acts.offered(request.user, row, clock.today())
    return render(request, template, {"shown": shown, "obligation": row, "offers": offers, "acts": acts})
