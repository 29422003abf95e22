"""Naming a file that is too large for the portal, in the draft of a filing: by place and SHA-256."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform import deadlines, evidence_elsewhere
from reform.forms.elsewhere import ElsewhereForm
from reform.models import Obligation
from reform.states import UNFILED
from reform.views.acting import carried_out
from xingxian_portal.foundation import clock

SAID = "已登记留存本单位的文件，同样算佐证。请保管好原件，审核时可能调看。"


@requires(P.FILE)
@never_cache
def name_elsewhere(request: Request, pk: int) -> HttpResponseBase:
    """Show the form, and name the file in the unit's draft."""
    row = found(
        Obligation.objects.filter(unit__in=request.user.unit_ids_with(P.FILE)).select_related("milestone"), pk=pk
    )
    back = reverse("report" if row.milestone.kind == deadlines.MONTHLY else "filing", args=[pk])
    form = ElsewhereForm(request.POST or None, initial={"kept_on": clock.today()})
    if form.is_valid() and carried_out(form, lambda: evidence_elsewhere.name(row, form.details(), by=request.user)):
        messages.success(request, SAID)
        return redirect(back)
    if row.state not in UNFILED and not form.is_bound:
        return redirect(back)
    given = {"form": form, "back": back, "back_to": "回到填报", "of": row.name}
    return render(request, "reform/elsewhere.html", given)
