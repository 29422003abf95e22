"""From a draft to duties: the preview, the issue, and afterwards a longer term and late joiners."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.models import Unit
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import amendments, issue, late_joining, previews, terms
from reform.forms.plan import AmendForm, TermForm
from reform.models import Plan
from reform.views.drafting import readable
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


@requires(Permission.EDIT_PLANS)
def preview(request: Request, pk: int) -> HttpResponseBase:
    """Show what issuing the draft would make."""
    plan = readable(request, pk)
    if not plan.is_draft:
        messages.info(request, "已经下达过，没有重复产生任何事项。")
        return redirect("plan", pk)
    context = {"plan": plan, "preview": previews.preview(plan), "seen": issue.stamp_of_draft(plan)}
    return render(request, "reform/plan/preview.html", context)


@requires(Permission.EDIT_PLANS)
@require_POST
def issue_plan(request: Request, pk: int) -> HttpResponseBase:
    """下达."""
    return issued(request, readable(request, pk), request.POST.get("seen", ""))


def issued(request: Request, plan: Plan, seen: str | None = None) -> HttpResponseBase:
    """Issue a plan or an order and say what came of it; who clicked twice is told that nothing was made twice."""
    try:
        made = issue.issue(plan, by=request.user, seen=seen)
    except issue.CannotIssue as refusal:
        messages.error(request, f"还有 {len(refusal.problems)} 个问题，没有下达。")
        return redirect("plan_preview", plan.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("plan_preview", plan.pk)
    if made is None:
        messages.info(request, "已经下达过，没有重复产生任何事项。")
    else:
        messages.success(request, f"已下达，产生 {made} 项承办事项。")
    return redirect("plan", plan.pk)


@requires(Permission.EDIT_PLANS)
def amend_plan(request: Request, pk: int) -> HttpResponseBase:
    """Begin an amendment: a copy under a new document number, to be edited like any draft."""
    plan = readable(request, pk)
    sheet = Sheet(request.POST or None, AmendForm, {"dated_on": clock.today()})

    def save() -> HttpResponseBase:
        draft = amendments.draft_amendment(plan, by=request.user, **sheet.form.cleaned_data)
        messages.success(request, "修订稿已建立，内容与现行版本相同。改好以后预览，会列出哪些事项有变化。")
        return redirect("plan", draft.pk)

    drafts = plan.amendments.filter(state=Plan.DRAFT)
    return filled(request, sheet, save) or render(
        request, "reform/plan/amend.html", {"sheet": sheet, "plan": plan, "draft": drafts.first()}
    )


@requires(Permission.EDIT_PLANS)
def extend_term(request: Request, pk: int) -> HttpResponseBase:
    """Let a plan run on."""
    plan = readable(request, pk)
    next_year = plan.term_ends_on.year + 1
    sheet = Sheet(request.POST or None, TermForm, {"term_ends_on": f"{next_year}-12-31"})

    def save() -> HttpResponseBase:
        until, reason = sheet.form.cleaned_data["term_ends_on"], sheet.form.cleaned_data["reason"]
        made = terms.extend(plan, until, reason=reason, by=request.user)
        messages.success(request, f"期限已延长至 {until}，产生 {made} 项承办事项。")
        return redirect("plan", pk)

    return filled(request, sheet, save) or render(request, "reform/plan/term.html", {"sheet": sheet, "plan": plan})


@requires(Permission.EDIT_PLANS)
@require_POST
def give_late(request: Request, pk: int) -> HttpResponseBase:
    """补下发 what is open to one unit that joined later."""
    plan = readable(request, pk)
    unit = found(Unit.objects, pk=request.POST.get("unit") or 0)
    try:
        made = late_joining.give(plan, unit, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = f"已向{unit.short_name}补下发 {made} 项承办事项。" if made else "没有要补下发的事项，可能刚刚已经补过。"
        messages.success(request, words)
    return redirect("plan", pk)
