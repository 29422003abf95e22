"""交办: one short form, previewed or given at once."""

from __future__ import annotations

import secrets

from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from liaisons.access import Request, requires
from liaisons.forms.sheet import Sheet
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import orders
from reform.forms import items
from reform.forms import order as forms
from reform.models import Plan
from reform.orders import Order
from reform.views.drafting import readable, sealed
from reform.views.issuing import issued

TOKEN_BYTES = 6


@requires(Permission.EDIT_PLANS)
def new_order(request: Request) -> HttpResponseBase:
    """Write an order. The form brings a token along, so that sent twice it is one order."""
    token = request.POST.get("token") or secrets.token_hex(TOKEN_BYTES)
    sheet = Sheet(request.POST or None, forms.OrderForm, forms.shown_for_new(), parts={"items": items.part()})

    def save() -> HttpResponseBase:
        return _onward(request, orders.draft_order(_order(sheet), token=token, by=request.user))

    context = {"sheet": sheet, "token": token}
    return filled(request, sheet, save) or render(request, "reform/order/form.html", context)


@requires(Permission.EDIT_PLANS)
def edit_order(request: Request, pk: int) -> HttpResponseBase:
    """Change an order that is still a draft."""
    plan = readable(request, pk)
    if answer := sealed(request, plan):
        return answer
    if plan.kind != Plan.ORDER:
        return redirect("plan_edit", pk)
    milestone = orders.milestone_of(plan)
    parts = {"items": items.part(milestone.data_items.all())}
    shown = forms.shown(plan, milestone)
    sheet = Sheet(request.POST or None, forms.OrderForm, shown, lambda: orders.stamp_of_order(plan), parts)

    def save() -> HttpResponseBase:
        return _onward(request, orders.revise_order(plan, _order(sheet), by=request.user, seen=sheet.seen))

    return filled(request, sheet, save) or render(request, "reform/order/form.html", {"sheet": sheet, "plan": plan})


def _order(sheet: Sheet) -> Order:
    return sheet.form.order([row.values() for row in sheet.rows["items"].filled()])


def _onward(request: Request, plan: Plan) -> HttpResponseBase:
    return issued(request, plan) if "issue" in request.POST else redirect("plan_preview", plan.pk)
