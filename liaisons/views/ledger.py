"""提醒台账: what was planned, sent, opened, signed for and why not; a unit reads its own, the bureau all."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, requires
from liaisons.forms.reminders import LedgerForm
from liaisons.letters import reading
from liaisons.models import LedgerEntry, Unit
from liaisons.permissions import Permission

PER_PAGE = 50
ON_ONE_SHEET = 1000  # lines that come to paper at once; more than that is narrowed first


@requires(Permission.URGE, Permission.READ_OWN)
def ledger(request: Request) -> HttpResponseBase:
    """List the lines, the newest first; printed it is the proof of what was told when."""
    rows = LedgerEntry.objects.visible_to(request.user)
    sees_all = request.user.may(Permission.URGE)
    units = (
        Unit.objects.all() if sees_all else Unit.objects.filter(pk__in=request.user.unit_ids_with(Permission.READ_OWN))
    )
    form = LedgerForm(request.GET, units=units.order_by("position", "code"))
    whole = "whole" in request.GET
    per_page = ON_ONE_SHEET if whole else PER_PAGE
    page = Paginator(form.narrowed(rows).written_out(), per_page).get_page(request.GET.get("page"))
    lines = [(entry, reading.result_of(entry)) for entry in page]
    own = "" if sees_all else "、".join(unit.name for unit in units)
    given = {"form": form, "page": page, "lines": lines, "own": own, "sees_all": sees_all, "whole": whole}
    return render(request, "liaisons/ledger.html", given)
