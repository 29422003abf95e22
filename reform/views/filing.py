"""What a unit does with one duty: sign for it, draft, file and withdraw it, ask for more time, sign as its leader."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from liaisons.views.session import safe_next
from reform import deadlines, done_elsewhere, drafts, filing, filing_sheet, proposals
from reform.filing import FilingRefused
from reform.filing_sheet import FilingSheet
from reform.forms import filing as forms
from reform.forms.filing import ExtensionForm, Typed
from reform.forms.typed import ids
from reform.models import Obligation, Proposal, Submission
from reform.models.obligation import ObligationQuerySet
from reform.moves import MoveRefused
from reform.states import UNFILED, State
from reform.views.acting import carried_out, done
from reform.views.saving import keep, not_saved, saved, wants_json
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Stale


def own_rows(request: Request, permission: P) -> ObligationQuerySet:
    """Give the duties of the units for which the person holds the permission, with what a page says of them."""
    rows = Obligation.objects.owed_by_units_of(request.user, permission)
    return rows.select_related("unit", "series", "milestone__task__plan")


def _back(request: Request, row: Obligation) -> HttpResponseBase:
    monthly = row.milestone.kind == deadlines.MONTHLY
    return redirect(safe_next(request, reverse("report" if monthly else "obligation", args=[row.pk])))


@requires(P.FILE)
@require_POST
def sign_for(request: Request, pk: int) -> HttpResponseBase:
    """签收 one duty."""
    row = found(own_rows(request, P.FILE), pk=pk)
    done(request, lambda: filing.sign_for(row, by=request.user), f"已签收：{row.name}")
    return _back(request, row)


@requires(P.FILE)
@require_POST
def sign_for_many(request: Request) -> HttpResponseBase:
    """签收 all that were ticked; those that are nobody's of the person's units are passed over."""
    chosen = ids(request.POST.getlist("obligation"))
    signed = filing.sign_for_many(own_rows(request, P.FILE).filter(pk__in=chosen), by=request.user)
    if signed:
        messages.success(request, f"已签收 {signed} 件事项。")
    else:
        messages.info(request, "没有需要签收的事项，可能已经签收过。")
    return redirect(safe_next(request))


@requires(P.FILE)
@never_cache
def fill_in(request: Request, pk: int) -> HttpResponseBase:
    """Show the form of a filing on a page of its own."""
    row = found(own_rows(request, P.FILE).exclude(milestone__kind=deadlines.MONTHLY), pk=pk)
    if row.state not in UNFILED:
        return redirect("obligation", pk)
    if address := done_elsewhere.unit_address(row):
        return redirect(address)
    return _form(request, filing_sheet.of(row))


def _form(request: Request, sheet: FilingSheet) -> HttpResponseBase:
    return render(request, "reform/filing_form.html", {"sheet": sheet, "obligation": sheet.obligation})


Handled = Callable[[Request, Obligation, Typed], HttpResponseBase]


def _sent(request: Request, pk: int, handle: Handled) -> HttpResponseBase:
    """Handle a form that was sent; whoever comes by the address alone (after logging in again) sees the form."""
    row = found(own_rows(request, P.FILE).exclude(milestone__kind=deadlines.MONTHLY), pk=pk)
    if request.method != "POST":
        return redirect("filing", pk)
    typed = forms.read(request.POST)
    try:
        return handle(request, row, typed)
    except Stale as stale:
        if wants_json(request):
            return not_saved(stale)
        messages.warning(request, str(stale))
        return _form(request, filing_sheet.with_typed(filing_sheet.of(row), typed.text, typed.values))
    except MoveRefused as refused:
        if wants_json(request):
            return not_saved(refused)
        messages.warning(request, str(refused))
        return _back(request, row)


def _save(request: Request, row: Obligation, typed: Typed) -> dict[str, str]:
    def save() -> Submission:
        return drafts.save(row, by=request.user, text=typed.text, values=typed.values, seen=typed.seen)

    return keep(request, row, save)


@requires(P.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def save_filing(request: Request, pk: int) -> HttpResponseBase:
    """保存草稿, with files."""
    return _sent(request, pk, _saved_draft)


def _saved_draft(request: Request, row: Obligation, typed: Typed) -> HttpResponseBase:
    errors = _save(request, row, typed)
    if wants_json(request):
        return saved(row)
    if errors:
        return _form(request, filing_sheet.with_errors(filing_sheet.of(row), errors))
    messages.success(request, f"草稿已保存（{timezone.localtime(clock.now()):%H:%M}）。")
    return redirect(safe_next(request, reverse("filing", args=[row.pk])))


@requires(P.FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def file_filing(request: Request, pk: int) -> HttpResponseBase:
    """报送: save what was typed, then file it; everything wrong stands beside its field."""
    return _sent(request, pk, _filed)


def _filed(request: Request, row: Obligation, typed: Typed) -> HttpResponseBase:
    errors = _save(request, row, typed)
    try:
        if not errors:
            filed = filing.file(row, by=request.user, seen=typed.seen)
            cosigning = filed.state == State.COSIGNING
            said = "已送分管领导会签，签字后才算报送" if cosigning else "已报送，等司法局审核"
            messages.success(request, f"{row.name}{said}。")
            return _back(request, row)
    except FilingRefused as refused:
        errors = refused.errors
    return _form(request, filing_sheet.with_errors(filing_sheet.of(row), errors))


@requires(P.FILE)
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """撤回."""
    row = found(own_rows(request, P.FILE), pk=pk)
    said = f"已撤回：{row.name}。修改后请重新报送，报送时间按再次报送计算。"
    done(request, lambda: _withdraw(request, row), said)
    return _back(request, row)


def _withdraw(request: Request, row: Obligation) -> None:
    done_elsewhere.require_here(row)
    filing.withdraw(row, by=request.user)


@requires(P.FILE)
def ask_extension(request: Request, pk: int) -> HttpResponseBase:
    """申请延期: show the form, take it."""
    row = found(own_rows(request, P.FILE), pk=pk)
    form = ExtensionForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data

        def ask() -> Proposal:
            return proposals.ask(row, Proposal.EXTENSION, by=request.user, reason=given["reason"], until=given["until"])

        if carried_out(form, ask):
            messages.success(request, "延期申请已提交。决定之前仍按原期限计算。")
            return redirect("obligation", pk)
    askable = Proposal.EXTENSION in proposals.kinds_for(row, clock.today())
    return render(request, "reform/extension.html", {"form": form, "obligation": row, "askable": askable})
