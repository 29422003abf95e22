"""倒排工期 of a unit: lay a step, tick it off, take it away."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from liaisons.views.session import safe_next
from reform import steps
from reform.forms.filing import StepForm
from reform.forms.typed import ticked
from reform.models import Step
from reform.states import LIVING
from reform.views.acting import carried_out, done
from reform.views.filing import own_rows
from xingxian_portal.foundation import clock


def _step(request: Request, pk: int) -> Step:
    rows = Step.objects.filter(obligation__in=own_rows(request, P.FILE).values("pk"))
    return found(rows.select_related("obligation"), pk=pk)


def _back(request: Request, obligation: int) -> HttpResponseBase:
    return redirect(safe_next(request, reverse("steps", args=[obligation])))


@requires(P.FILE)
def step_list(request: Request, pk: int) -> HttpResponseBase:
    """Show the steps under a duty and take a new one."""
    row = found(own_rows(request, P.FILE), pk=pk)
    form = StepForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        if carried_out(form, lambda: steps.lay(row, given["title"], given["planned_on"], by=request.user)):
            return _back(request, pk)
    context = {"form": form, "obligation": row, "steps": row.steps.all(), "may_lay": row.state in LIVING}
    return render(request, "reform/steps.html", context | {"today": clock.today()})


@requires(P.FILE)
@require_POST
def set_done(request: Request, pk: int) -> HttpResponseBase:
    """Tick a step off as of today, or untick it."""
    step = _step(request, pk)
    day = clock.today() if ticked(request.POST, "done") else None
    done(
        request,
        lambda: steps.set_done(step, day, by=request.user),
        f"{step.title}：{'已完成' if day else '改为未完成'}",
    )
    return _back(request, step.obligation_id)


@requires(P.FILE)
@require_POST
def remove(request: Request, pk: int) -> HttpResponseBase:
    """Take a step away."""
    step = _step(request, pk)
    done(request, lambda: steps.remove(step, by=request.user), f"已删除步骤：{step.title}")
    return _back(request, step.obligation_id)
