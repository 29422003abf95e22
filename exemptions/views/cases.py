"""免罚案件: the list, one case with all that belongs to it, and its record."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from exemptions import rights
from exemptions.cases import correction, deciding, decisions, first_offence, handlers, items, listing, papers, recording
from exemptions.cases.states import OPEN, State, Verb, allows
from exemptions.forms.case_acts import FilesForm
from exemptions.forms.cases import CaseFilterForm, CaseForm
from exemptions.models import CaseFile, ExemptionCase
from liaisons.access import Request, found, requires
from liaisons.models import Unit
from liaisons.permissions import Permission as P
from reform.views.acting import carried_out
from reform.views.own_unit import own_unit
from xingxian_portal.foundation import clock, uploads

PER_PAGE = 30
READERS = (P.READ_OWN, P.READ_ANY_FILING)
MORE = ("field", "kind", "decision", "result", "since", "until")  # filters that stay folded while they are empty
COLUMNS = [name for name in CaseForm.base_fields if name not in ("officers", "seen")]


@requires(*READERS)
@never_cache
def case_list(request: Request) -> HttpResponseBase:
    """List the cases asked for."""
    sees_all = request.user.may(P.READ_ANY_FILING)
    units = Unit.objects.all() if sees_all else Unit.objects.filter(pk__in=request.user.unit_ids_with(P.READ_OWN))
    form = CaseFilterForm(request.GET, units=units)
    asked, today = form.asked(), clock.today()
    rows = listing.matching(asked, ExemptionCase.objects.visible_to(request.user), today).with_names()
    context = {
        "form": form, "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "today": today,
        "narrowed": bool(form.data), "more": any(form.data.get(name) for name in MORE),
        "sees_all": sees_all, "files": request.user.may(P.FILE) and not sees_all,
        "overdue": ExemptionCase.objects.visible_to(request.user).overdue(today).count(),
    }  # fmt: skip
    return render(request, "exemptions/cases.html", context)


def visible(request: Request, pk: int) -> ExemptionCase:
    """Give a case the person may read; raises Http404."""
    return found(ExemptionCase.objects.visible_to(request.user).with_names(), pk=pk)


def worked_on(request: Request, pk: int) -> ExemptionCase:
    """Give a case the person may act on; raises Http404."""
    return found(ExemptionCase.objects.worked_on_by(request.user).with_names(), pk=pk)


@requires(*READERS)
@never_cache
def case(request: Request, pk: int) -> HttpResponseBase:
    """Show one case."""
    return page(request, visible(request, pk))


def page(request: Request, row: ExemptionCase, **given: Any) -> HttpResponseBase:
    """Show the page of a case; `given` takes the place of what it would show anew."""
    officers = list(row.handlers.select_related("officer"))
    acts = rights.keeps(request.user, row.unit)
    check = first_offence.newest(row)
    context = {
        "case": row, "acts": acts, "today": clock.today(), "officers": officers,
        "warnings": handlers.warnings(row, officers) if row.state in OPEN else [],
        "conditions": row.conditions.select_related("file__file", "file__elsewhere"),
        "orders": row.orders.select_related("number"), "check": check, "answer": first_offence.said(check) if check else "",
        "months": first_offence.months_for(row), "asks_months": items.look_back_of(row.item) is None,
        "materials": row.files.select_related("file", "elsewhere", "added_by"), "moves": row.moves.select_related("by"),
        "papers": papers.ready(row), "files_form": FilesForm(), "endings": uploads.ENDINGS, "is_open": row.state in OPEN,
        "may": _allowed(row) if acts else set(), "obstacles": _obstacles(row),
    }  # fmt: skip
    return render(request, "exemptions/case.html", context | given)


def _allowed(row: ExemptionCase) -> set[str]:
    verbs = {verb.value for verb in Verb if verb is not Verb.RECORD and allows(verb, row.state)}
    last = correction.newest(row)
    # What was found corrected is not ordered again.
    return verbs - ({"order"} if last and last.result and last.result != decisions.Correction.NOT else set())


def _obstacles(row: ExemptionCase) -> list[str]:
    if row.state not in (State.DRAFT, State.RECHECKED):
        return []
    return decisions.obstacles("no_penalty", deciding.facts_of(row, clock.today()))


@requires(P.FILE)
def new_case(request: Request) -> HttpResponseBase:
    """Record a case, of the unit one works for."""
    own = own_unit(request)
    if not rights.keeps(request.user, own.unit):
        raise Http404
    form = CaseForm(
        request.POST if request.method == "POST" else None, unit=own.unit, initial={"discovered_on": clock.today()}
    )
    made: list[ExemptionCase] = []
    if form.is_valid() and carried_out(form, lambda: made.append(_recorded(request, own.unit, form))):
        messages.success(request, f"已登记，案件编号 {made[0].number}。接着核对条件，或责令改正。")
        return redirect("exemption_case", made[0].pk)
    return render(request, "exemptions/case_form.html", {"form": form, "own": own})


def _recorded(request: Request, unit: Unit, form: CaseForm) -> ExemptionCase:
    return recording.record(unit, form.record(), officers=form.cleaned_data["officers"], by=request.user)


@requires(P.FILE)
def edit_case(request: Request, pk: int) -> HttpResponseBase:
    """Correct the record of a draft."""
    row = worked_on(request, pk)
    if not allows(Verb.AMEND, row.state):
        messages.warning(
            request, f"这件案件现在是“{row.get_state_display()}”，登记的内容不能再改。确有错误的，作废后重新登记。"
        )
        return redirect("exemption_case", pk)
    initial = {name: getattr(row, name) for name in COLUMNS} | {
        "officers": [one.officer_id for one in row.handlers.all()], "seen": recording.mark(row)
    }  # fmt: skip
    sent = request.POST.copy() if request.method == "POST" else None
    form = CaseForm(sent, unit=row.unit, initial=initial)
    if form.is_valid() and carried_out(form, lambda: _amended(request, row, form)):
        messages.success(request, "已保存。")
        return redirect("exemption_case", pk)
    if sent is not None:  # what somebody else saved meanwhile has been said; the next save counts
        sent["seen"] = recording.mark(worked_on(request, pk))
    return render(request, "exemptions/case_form.html", {"form": form, "case": row})


def _amended(request: Request, row: ExemptionCase, form: CaseForm) -> ExemptionCase:
    data = form.cleaned_data
    return recording.amend(row, form.record(), officers=data["officers"], seen=data["seen"] or None, by=request.user)


def material(request: Request, pk: int) -> CaseFile:
    """Give a file of a case the person may read; raises Http404."""
    rows = CaseFile.objects.filter(case__in=ExemptionCase.objects.visible_to(request.user))
    return found(rows.select_related("file", "elsewhere", "case__unit"), pk=pk)
