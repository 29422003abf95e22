"""监管试点: the list by unit, one pilot with its progress, and what is done to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exemptions import pilots, rights
from exemptions.forms.pilots import LessonsForm, PilotForm, ProgressForm
from exemptions.models import Pilot
from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform.models import Obligation
from reform.rights import files_for
from reform.views.acting import carried_out, done
from reform.views.own_unit import own_unit
from xingxian_portal.foundation import clock

READERS = (P.READ_OWN, P.READ_ANY_TEXT)


@requires(*READERS)
def pilot_list(request: Request) -> HttpResponseBase:
    """List the pilots, unit by unit."""
    # The bureau files for itself too, but pilots are the enforcement departments' task.
    is_unit = request.user.may(P.FILE) and not request.user.may(P.READ_ANY_FILING)
    own = own_unit(request) if is_unit else None
    rows = list(pilots.visible_to(request.user))
    mine = pilots.answering_for(own.unit).count() if own else 0
    context = {
        "pilots": rows, "mine": mine, "lacking": pilots.WANTED - mine, "wanted": pilots.WANTED, "own": own, "sees_all": request.user.may(P.READ_ANY_TEXT),
        "duty": pilots.duty_of(own.unit) if own else None,
    }  # fmt: skip
    return render(request, "exemptions/pilots.html", context)


@requires(*READERS)
def pilot(request: Request, pk: int) -> HttpResponseBase:
    """Show one pilot."""
    row = found(pilots.visible_to(request.user), pk=pk)
    return render(request, "exemptions/pilot.html", {"pilot": row, "acts": rights.keeps(request.user, row.unit)})


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _form(
    request: Request,
    form: forms.Form,
    title: str,
    button: str,
    said: str,
    act: Callable[[dict[str, Any]], Pilot],
    row: Pilot | None = None,
) -> HttpResponseBase:
    made: list[Pilot] = []
    if form.is_valid() and carried_out(form, lambda: made.append(act(form.cleaned_data))):
        messages.success(request, said)
        return redirect("pilot", made[0].pk)
    context = {"form": form, "title": title, "button": button, "pilot": row}
    return render(request, "exemptions/pilot_form.html", context)


@requires(P.FILE)
def new_pilot(request: Request) -> HttpResponseBase:
    """Enter a pilot."""
    own = own_unit(request)
    if not files_for(request.user, own.unit):
        raise Http404
    form = PilotForm(_sent(request), initial={"started_on": clock.today()})
    return _form(
        request, form, "登记试点", "登记", "已登记试点。", lambda given: pilots.lay(own.unit, by=request.user, **given)
    )


@requires(P.FILE)
def edit_pilot(request: Request, pk: int) -> HttpResponseBase:
    """Correct a pilot."""
    row = found(pilots.worked_on_by(request.user), pk=pk)
    form = PilotForm(_sent(request), initial={name: getattr(row, name) for name in PilotForm.base_fields})
    return _form(
        request, form, "修改试点", "保存", "已保存。", lambda given: pilots.amend(row, by=request.user, **given), row
    )


@requires(P.FILE)
def note(request: Request, pk: int) -> HttpResponseBase:
    """Note progress."""
    row = found(pilots.worked_on_by(request.user), pk=pk)
    form = ProgressForm(_sent(request), initial={"on": clock.today()})
    return _form(
        request,
        form,
        "登记进展",
        "登记",
        "已登记进展。",
        lambda given: pilots.note(row, by=request.user, **given).pilot,
        row,
    )


@requires(P.FILE)
def close(request: Request, pk: int) -> HttpResponseBase:
    """Close a pilot with its lessons."""
    row = found(pilots.worked_on_by(request.user), pk=pk)
    form = LessonsForm(_sent(request), initial={"closed_on": clock.today()})
    return _form(
        request,
        form,
        "总结经验",
        "完成总结",
        "已总结。",
        lambda given: pilots.close(row, by=request.user, **given),
        row,
    )


@requires(P.FILE)
@require_POST
def carry(request: Request) -> HttpResponseBase:
    """Write the pilots into the draft of the unit's duty."""
    own, duties = own_unit(request), list[Obligation]()
    if done(
        request, lambda: duties.append(pilots.carry(own.unit, by=request.user)), "已带入填报，请核对后报送县司法局。"
    ):
        return redirect("filing", duties[0].pk)
    return redirect("pilots")
