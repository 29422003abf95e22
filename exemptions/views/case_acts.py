"""What is done to a case, each act on a page of its own that works on a phone and without scripts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exemptions.cases import conditions, correction, deciding, decisions, first_offence
from exemptions.cases.kinds import Decision, Publicity
from exemptions.cases.states import Verb, allows
from exemptions.forms.case_acts import (
    CheckForm,
    ConditionsForm,
    ConfirmForm,
    DecideForm,
    OrderForm,
    PromiseForm,
    PublicityForm,
    RecheckForm,
    ServeForm,
    VoidForm,
)
from exemptions.models import ExemptionCase
from exemptions.views.cases import worked_on
from liaisons.access import Request, requires
from liaisons.permissions import Permission as P
from reform.views.acting import carried_out, done
from xingxian_portal.foundation import clock


@dataclass(frozen=True)
class Act:
    """What the page of an act says, and the act itself, done with what the form holds."""

    verb: Verb
    button: str
    said: str
    do: Callable[[dict[str, Any]], Any]
    hint: str = ""
    context: dict[str, Any] = field(default_factory=dict)
    danger: bool = False


def _sent(request: Request) -> Any:
    return request.POST if request.method == "POST" else None


def _page(request: Request, row: ExemptionCase, form: forms.Form, act: Act) -> HttpResponseBase:
    """Show the form, or do the act and go back to the case; refused, the page comes back with all that was typed.

    An act that does not fit the case any more (a second click, a colleague was faster) is said on the case's page.
    """
    if not allows(act.verb, row.state):
        messages.warning(request, f"这件案件现在是“{row.get_state_display()}”，不能{act.verb.label}，没有重复办理。")
        return redirect("exemption_case", row.pk)
    if form.is_valid() and carried_out(form, lambda: act.do(form.cleaned_data)):
        messages.success(request, act.said)
        return redirect("exemption_case", row.pk)
    return render(request, "exemptions/case_act.html", {"form": form, "case": row, "act": act} | act.context)


@requires(P.FILE)
def order(request: Request, pk: int) -> HttpResponseBase:
    """责令改正."""
    row, today = worked_on(request, pk), clock.today()
    days = row.item.correction_days if row.item and row.item.correction_days is not None else 7
    form = OrderForm(_sent(request), initial={"ordered_on": today, "correct_by": today + dt.timedelta(days=days)})
    act = Act(
        Verb.ORDER, "责令改正", "已责令改正，可以下载责令改正通知书和告知承诺书。",
        lambda given: correction.order(row, by=request.user, **given),
        "文号在登记时由平台编。期限到了要复查；当场就能改的，期限填当天。",
    )  # fmt: skip
    return _page(request, row, form, act)


@requires(P.FILE)
def promise(request: Request, pk: int) -> HttpResponseBase:
    """登记承诺."""
    row = worked_on(request, pk)
    form = PromiseForm(_sent(request), initial={"promised_on": clock.today()})
    act = Act(Verb.PROMISE, "登记承诺", "已登记承诺。", lambda given: correction.promise(row, by=request.user, **given))
    return _page(request, row, form, act)


@requires(P.FILE)
def recheck(request: Request, pk: int) -> HttpResponseBase:
    """复查."""
    row = worked_on(request, pk)
    form = RecheckForm(_sent(request), initial={"rechecked_on": clock.today()})
    act = Act(
        Verb.RECHECK, "登记复查结果", "已登记复查结果，可以作出决定。",
        lambda given: correction.recheck(row, by=request.user, **given), context={"order": correction.open_order(row)},
    )  # fmt: skip
    return _page(request, row, form, act)


@requires(P.FILE)
def decide(request: Request, pk: int) -> HttpResponseBase:
    """作出决定, 转处罚 among them."""
    row = worked_on(request, pk)
    facts = deciding.facts_of(row, clock.today())
    ways = [(way, decisions.obstacles(way, facts)) for way in Decision]
    open_ways = [way for way, against in ways if not against]
    initial = {
        "decided_on": clock.today(), "spared": row.fine_from, "decision": open_ways[0] if open_ways else None,
        "education": row.education,
    }  # fmt: skip
    act = Act(
        Verb.DECIDE, "作出决定", "已登记决定。", lambda given: deciding.decide(row, by=request.user, **given),
        "决定书的文号在登记时由平台编，不跳号。",
        {"ways": [(way.label, against) for way, against in ways if against]},
    )  # fmt: skip
    return _page(request, row, DecideForm(_sent(request), initial=initial), act)


@requires(P.FILE)
def serve(request: Request, pk: int) -> HttpResponseBase:
    """登记送达."""
    row = worked_on(request, pk)
    form = ServeForm(_sent(request), initial={"served_on": clock.today(), "served_how": "直接送达"})
    act = Act(Verb.SERVE, "登记送达", "已登记送达。", lambda given: deciding.serve(row, by=request.user, **given))
    return _page(request, row, form, act)


@requires(P.FILE)
def publicise(request: Request, pk: int) -> HttpResponseBase:
    """登记公示."""
    row = worked_on(request, pk)
    first = {
        "publicity": row.publicity or Publicity.SHOWN, "on": clock.today(), "link": row.publicity_link,
        "note": row.publicity_note,
    }  # fmt: skip
    act = Act(
        Verb.PUBLICISE, "登记公示", "已登记公示状态。", lambda given: deciding.publicise(row, by=request.user, **given),
        "具有一定社会影响的决定应当依法公开（行政处罚法第四十八条）。这里只作登记，平台不公开案件。",
    )  # fmt: skip
    return _page(request, row, PublicityForm(_sent(request), initial=first), act)


@requires(P.FILE)
def make_void(request: Request, pk: int) -> HttpResponseBase:
    """作废."""
    row = worked_on(request, pk)
    act = Act(
        Verb.VOID, "作废", "已作废。", lambda given: deciding.make_void(row, by=request.user, **given),
        "已编的文号保留，标明作废，不再使用。作废后不能恢复。", danger=True,
    )  # fmt: skip
    return _page(request, row, VoidForm(_sent(request)), act)


@requires(P.FILE)
def tick(request: Request, pk: int) -> HttpResponseBase:
    """核对条件."""
    row = worked_on(request, pk)
    files = row.files.select_related("file", "elsewhere")
    sent = request.POST.copy() if request.method == "POST" else None
    form = ConditionsForm(sent, rows=row.conditions.all(), files=files, initial={"seen": conditions.mark(row)})
    if not allows(Verb.TICK, row.state):
        messages.warning(request, f"这件案件现在是“{row.get_state_display()}”，条件不能再改。")
        return redirect("exemption_case", pk)
    if form.is_valid() and carried_out(form, lambda: _ticked(request, row, form)):
        messages.success(request, "已保存核对结果。")
        return redirect("exemption_case", pk)
    if sent is not None:  # what a colleague saved meanwhile has been said; the next save counts
        sent["seen"] = conditions.mark(row)
    return render(request, "exemptions/case_conditions.html", {"form": form, "case": row})


def _ticked(request: Request, row: ExemptionCase, form: ConditionsForm) -> ExemptionCase:
    return conditions.tick(row, form.ticks(), seen=form.cleaned_data["seen"] or None, by=request.user)


@requires(P.FILE)
@require_POST
def check(request: Request, pk: int) -> HttpResponseBase:
    """首违查询."""
    row = worked_on(request, pk)
    form = CheckForm(request.POST if "months" in request.POST else {"months": first_offence.months_for(row)})
    if not form.is_valid():
        messages.warning(request, "回溯期请填写整数，如 24。")
        return redirect("exemption_case", pk)
    months = form.cleaned_data["months"]
    if done(request, lambda: first_offence.check(row, months=months, by=request.user), "已查询，请核实后确认。"):
        return redirect("exemption_case_confirm", pk)
    return redirect("exemption_case", pk)


@requires(P.FILE)
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """Confirm what the check means."""
    row = worked_on(request, pk)
    last = first_offence.newest(row)
    if last is None:
        messages.warning(request, "还没有查询，或查询之后登记有修改，请先查询首违情况。")
        return redirect("exemption_case", pk)
    form = ConfirmForm(_sent(request))
    act = Act(
        Verb.TICK, "确认", "已记录核实结论。", lambda given: first_offence.confirm(last, by=request.user, **given),
        context={"check": last, "answer": first_offence.said(last)},
    )  # fmt: skip
    return _page(request, row, form, act)
