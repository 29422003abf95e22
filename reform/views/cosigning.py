"""会签: the unit's leader reads what is to be filed, signs it or sends it back."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform import deadlines, filing, filing_read, reports
from reform.forms.filing import DeclineForm
from reform.forms.typed import ids
from reform.models import Obligation, Submission
from reform.views.acting import carried_out, done
from reform.views.filing import own_rows


def _page(request: Request, row: Obligation, form: DeclineForm) -> HttpResponseBase:
    waiting = filing_read.filings(own=True).filter(obligation=row, state=Submission.COSIGNING).first()
    context: dict[str, Any] = {"obligation": row, "submission": waiting, "form": form}
    if waiting:
        context["reading"] = filing_read.read(waiting)
    return render(request, "reform/cosign.html", context)


@requires(P.COSIGN)
@never_cache
def cosign_page(request: Request, pk: int) -> HttpResponseBase:
    """Show what waits for the signature; say so when nothing does any more."""
    return _page(request, found(own_rows(request, P.COSIGN), pk=pk), DeclineForm())


def _seen(request: Request) -> int | None:
    return next(iter(ids(request.POST.getlist("seen"))), None)


@requires(P.COSIGN)
@require_POST
def sign(request: Request, pk: int) -> HttpResponseBase:
    """Sign: only now it is filed."""
    row = found(own_rows(request, P.COSIGN), pk=pk)
    verb = reports.cosign if row.milestone.kind == deadlines.MONTHLY else filing.cosign
    said = f"已会签，{row.name}已报送县司法局。"
    signed = done(request, lambda: verb(row, by=request.user, seen=_seen(request)), said)
    return redirect("workbench") if signed else redirect("cosign", pk)


@requires(P.COSIGN)
@require_POST
def decline(request: Request, pk: int) -> HttpResponseBase:
    """Send back to the filer with a reason."""
    row = found(own_rows(request, P.COSIGN), pk=pk)
    form = DeclineForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        if carried_out(form, lambda: filing.decline(row, by=request.user, reason=reason, seen=_seen(request))):
            messages.success(request, f"已退回联络员修改：{row.name}")
            return redirect("workbench")
    return _page(request, row, form)
