"""方案: the shelves, one document, its draft written and thrown away."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, requires
from liaisons.forms.sheet import Sheet
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import editing, late_joining, plan_reading
from reform.forms import plan as forms
from reform.models import Plan
from reform.views.drafting import readable, sealed
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

PER_PAGE = 20


@requires(Permission.VIEW_WALL)
def plan_list(request: Request) -> HttpResponseBase:
    """List plans and orders, shelf by shelf."""
    shelf = request.GET.get("shelf", "")
    shelves = {
        slug: name for slug, (name, _) in plan_reading.SHELVES.items()
        if slug != "drafts" or request.user.may(Permission.EDIT_PLANS)
    }  # fmt: skip
    page = Paginator(plan_reading.listed(request.user, shelf), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "reform/plans.html", {"page": page, "shelf": shelf, "shelves": shelves})


@requires(Permission.VIEW_WALL)
def plan(request: Request, pk: int) -> HttpResponseBase:
    """Show one document: its tasks by heading, who is bound, its versions."""
    shown = readable(request, pk)
    may_write = request.user.may(Permission.EDIT_PLANS)
    late = late_joining.missing(shown, clock.today()) if may_write and shown.state == Plan.ISSUED else {}
    versions = Plan.objects.visible_to(request.user).filter(pk__in=editing.versions(shown).values("pk"))
    context = {"plan": shown, "sections": plan_reading.sections(shown), "late": late, "may_write": may_write}
    versions = versions.select_related("issued_by").order_by("-version")
    return render(request, "reform/plan.html", context | {"versions": versions})


@requires(Permission.EDIT_PLANS)
def new_plan(request: Request) -> HttpResponseBase:
    """Write a new draft's document."""
    sheet = Sheet(request.POST or None, forms.PlanForm, forms.shown_for_new(clock.today()))

    def save() -> HttpResponseBase:
        made = editing.create_plan(by=request.user, **sheet.form.cleaned_data)
        messages.success(request, "草稿已建立，接下来添加任务。")
        return redirect("plan", made.pk)

    return filled(request, sheet, save) or render(request, "reform/plan/form.html", {"sheet": sheet})


@requires(Permission.EDIT_PLANS)
def edit_plan(request: Request, pk: int) -> HttpResponseBase:
    """Change a draft's document."""
    draft = readable(request, pk)
    if answer := sealed(request, draft):
        return answer
    sheet = Sheet(request.POST or None, forms.PlanForm, forms.shown(draft), lambda: editing.stamp_of_plan(draft))

    def save() -> HttpResponseBase:
        editing.edit_plan(draft, by=request.user, seen=sheet.seen, **sheet.form.cleaned_data)
        messages.success(request, "已保存。")
        return redirect("plan", pk)

    return filled(request, sheet, save) or render(request, "reform/plan/form.html", {"sheet": sheet, "plan": draft})


@requires(Permission.EDIT_PLANS)
@require_POST
def delete_plan(request: Request, pk: int) -> HttpResponseBase:
    """Throw a draft away."""
    draft = readable(request, pk)
    try:
        editing.delete_plan(draft, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("plan", pk)
    messages.success(request, f"草稿“{draft.title}”已删除。")
    return redirect("plans")
