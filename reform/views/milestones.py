"""时间节点: written in drafts; on its task's page it is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import editing_milestones as editing
from reform.forms import items, parties
from reform.forms import milestone as forms
from reform.models import Milestone, Task
from reform.views.drafting import at_task, hint, sealed
from xingxian_portal.foundation.refusal import Refused


@requires(Permission.EDIT_PLANS)
def new_milestone(request: Request, pk: int) -> HttpResponseBase:
    """Add a milestone to a task of a draft; it begins with the task's parties, which it most often binds."""
    task = found(Task.objects.select_related("plan").prefetch_related("parties"), pk=pk)
    if answer := sealed(request, task.plan):
        return answer
    parts = {"parties": parties.part(task.parties.all()), "items": items.part()}
    sheet = Sheet(
        request.POST or None, forms.MilestoneForm, {"kind": "dated", "deliverable": "submission"}, None, parts
    )

    def write() -> Milestone:
        return editing.create_milestone(task, by=request.user, **_values(sheet))

    return filled(request, sheet, _saving(request, write, task)) or render(
        request, "reform/milestone/form.html", {"sheet": sheet, "plan": task.plan, "task": task}
    )


@requires(Permission.EDIT_PLANS)
def edit_milestone(request: Request, pk: int) -> HttpResponseBase:
    """Change a milestone of a draft."""
    rows = Milestone.objects.select_related("task__plan").prefetch_related("parties", "data_items")
    row = found(rows, pk=pk)
    if answer := sealed(request, row.task.plan):
        return answer

    def mark() -> str:
        return editing.stamp_of_milestone(Milestone.objects.get(pk=pk))

    parts = {"parties": parties.part(row.parties.all()), "items": items.part(row.data_items.all())}
    sheet = Sheet(request.POST or None, forms.PlacedMilestoneForm, forms.shown(row), mark, parts)

    def write() -> Milestone:
        return editing.edit_milestone(row, by=request.user, seen=sheet.seen, **_values(sheet))

    context = {"sheet": sheet, "plan": row.task.plan, "task": row.task, "milestone": row}
    return filled(request, sheet, _saving(request, write, row.task)) or render(
        request, "reform/milestone/form.html", context
    )


def _values(sheet: Sheet) -> dict[str, Any]:
    rows = {name: [row.values() for row in part.filled()] for name, part in sheet.rows.items()}
    return sheet.form.values() | rows


def _saving(request: Request, write: Callable[[], Milestone], task: Task) -> Callable[[], HttpResponseBase]:
    def save() -> HttpResponseBase:
        row = write()
        hint(request, row.quote, task.plan)
        messages.success(request, f"时间节点“{row.title}”已保存。")
        return redirect("milestone_new", task.pk) if "another" in request.POST else redirect(at_task(task))

    return save


@requires(Permission.EDIT_PLANS)
@require_POST
def delete_milestone(request: Request, pk: int) -> HttpResponseBase:
    """Take a milestone out of a draft."""
    row = found(Milestone.objects.select_related("task__plan"), pk=pk)
    try:
        editing.delete_milestone(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"时间节点“{row.title}”已删除。")
    return redirect(at_task(row.task))
