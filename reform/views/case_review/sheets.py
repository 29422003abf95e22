"""The scoring desk: the file beside the sheet, saved while one types, signed, signed jointly or handed on."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform import rights as reform_rights
from reform.case_review import eligibility, outcomes, reviewer_desk, sheets
from reform.case_review.outcomes import Outcome
from reform.case_review.sheet_page import SheetPage, may_see_others
from reform.forms.case_review import ReasonForm, read_sheet
from reform.models import CaseReview, Stage
from reform.views.acting import carried_out, done
from reform.views.saving import not_saved, wants_json
from xingxian_portal.foundation.refusal import Refused, Stale


def _own(request: Request, pk: int) -> CaseReview:
    """Give a sheet of the person's own; anybody else's is not there. Raises Http404."""
    rows = CaseReview.objects.filter(reviewer__user=request.user)
    return found(
        rows.select_related("drawn__round__organiser", "drawn__case_file__unit", "drawn__standard", "reviewer__user"),
        pk=pk,
    )


@requires(P.SCORE_CASES)
@never_cache
def sheet(request: Request, pk: int) -> HttpResponseBase:
    """Show the sheet: to be filled in, or as it was signed with what came of it."""
    return _page(request, _own(request, pk))


def _page(request: Request, sheet: CaseReview, **given: object) -> HttpResponseBase:
    if sheet.signed_at is None and eligibility.misplaced(sheet):
        raise Http404
    outcome = outcomes.of_file(sheet.drawn_id)
    context = {
        "sheet": sheet, "drawn": sheet.drawn, "file": sheet.drawn.case_file, "outcome": outcome, "mark": sheets.mark(sheet),
        "documents": sheet.drawn.case_file.documents.select_related("file", "elsewhere"), "reason_form": ReasonForm(),
        "open": sheet.signed_at is None and sheet.drawn.round.stage == Stage.SCORING,
        "others": _others(sheet, outcome), "next": _next(request, sheet),
    }  # fmt: skip
    if context["open"]:
        context["page"] = SheetPage(sheet, sheet.typed)
    return render(request, "reform/case_review/sheet.html", context | given)


def _others(sheet: CaseReview, outcome: Outcome) -> list[tuple[CaseReview, object]]:
    """Give the other signed sheets with their scores, where the person may see them."""
    if not may_see_others(sheet, outcome):
        return []
    return [(one, outcome.first_score_of(one)) for one in outcome.sheets if one.pk != sheet.pk and one.signed_at]


def _next(request: Request, sheet: CaseReview) -> int | None:
    waiting = [one.sheet.pk for one in reviewer_desk.waiting(request.user) if one.sheet.pk != sheet.pk]
    return waiting[0] if waiting else None


@requires(P.SCORE_CASES)
@require_http_methods(["GET", "HEAD", "POST"])
def save(request: Request, pk: int) -> HttpResponseBase:
    """Save what was typed: by itself, by the button, for one more row, or to be signed."""
    row = _own(request, pk)
    if request.method != "POST":
        return redirect("review_sheet", pk)
    content = read_sheet(request.POST, row.drawn.standard)
    try:
        row = _saved(request, row, content)
    except Refused as refused:
        return _refused(request, row, content, refused)
    if wants_json(request):
        return _live(row)
    if "sign" in request.POST:
        return _signed(request, row)
    messages.success(request, "已保存。")
    return redirect(reverse("review_sheet", args=[pk]) + _anchor(request.POST.get("more", "")))


def _saved(request: Request, row: CaseReview, content: dict) -> CaseReview:
    try:
        return sheets.save(row, content, seen=request.POST.get("seen") or None, by=request.user)
    except reform_rights.Denied as denied:
        raise Http404 from denied


def _anchor(code: str) -> str:
    return f"#item-{code}" if code and code.replace(".", "").isalnum() else ""


def _live(row: CaseReview) -> HttpResponseBase:
    fresh = CaseReview.objects.select_related("drawn__standard").get(pk=row.pk)
    at = timezone.localtime(fresh.saved_at) if fresh.saved_at else None
    live = SheetPage(fresh, fresh.typed).live()
    return JsonResponse({"mark": sheets.mark(fresh), "saved": f"{at:%H:%M}" if at else "", "live": live})


def _refused(request: Request, row: CaseReview, content: dict, refused: Refused) -> HttpResponseBase:
    if wants_json(request):
        return not_saved(refused)
    messages.warning(request, str(refused))
    if isinstance(refused, sheets.Misplaced):
        return redirect("review_rounds")
    fresh = _own(request, row.pk)
    if isinstance(refused, Stale):  # what was typed stays on the page; saved once more it counts
        return _page(request, fresh, page=SheetPage(fresh, content))
    return redirect("review_sheet", row.pk)


def _signed(request: Request, row: CaseReview) -> HttpResponseBase:
    try:
        sheets.sign(row, by=request.user)
    except sheets.SheetRefused as refused:
        messages.error(request, str(refused))
        fresh = _own(request, row.pk)
        return _page(request, fresh, page=SheetPage(fresh, fresh.typed, refused.errors))
    except Refused as refused:
        messages.warning(request, str(refused))
        if isinstance(refused, sheets.Misplaced):
            return redirect("review_rounds")
    else:
        messages.success(request, f"已签署：{row.drawn.case_file.number}。")
    return redirect("review_sheet", row.pk)


@requires(P.SCORE_CASES)
@require_POST
def join(request: Request, pk: int) -> HttpResponseBase:
    """联合署名."""
    row = _own(request, pk)
    done(request, lambda: sheets.join(row, by=request.user), f"已联合署名：{row.drawn.case_file.number}。")
    return redirect("review_sheet", pk)


@requires(P.SCORE_CASES)
@require_POST
def dispute(request: Request, pk: int) -> HttpResponseBase:
    """提请复核."""
    row, form = _own(request, pk), ReasonForm(request.POST)
    if form.is_valid() and carried_out(form, lambda: sheets.dispute(row, form.cleaned_data["reason"], by=request.user)):
        messages.success(request, "已提请第三人复核，以复核的评分为准。")
        return redirect("review_sheet", pk)
    return _page(request, _own(request, pk), reason_form=form)


@requires(P.SCORE_CASES)
@require_POST
def recuse(request: Request, pk: int) -> HttpResponseBase:
    """回避 one file."""
    row, form = _own(request, pk), ReasonForm(request.POST)
    if form.is_valid() and carried_out(form, lambda: sheets.recuse(row, form.cleaned_data["reason"], by=request.user)):
        messages.success(request, "已回避，这一卷转给了别的评查员。")
        return redirect("review_rounds")
    return _page(request, _own(request, pk), reason_form=form)
