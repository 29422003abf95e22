"""任务: one passage of a plan, read by all, written in drafts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import editing, plan_reading, task_figures
from reform.forms import parties
from reform.forms import task as forms
from reform.models import Plan, Task
from reform.views.drafting import at_task, hint, readable, sealed
from xingxian_portal.foundation.refusal import Refused


def _readable(request: Request, pk: int) -> Task:
    tasks = Task.objects.filter(plan__in=Plan.objects.visible_to(request.user))
    return found(plan_reading.with_parts(tasks.select_related("plan__first_version", "plan__amends")), pk=pk)


@requires(Permission.VIEW_WALL)
def task(request: Request, pk: int) -> HttpResponseBase:
    """Show one task: its words, who is named, its milestones and how far each has come."""
    shown = _readable(request, pk)
    context = {"task": shown, "plan": shown.plan, "rounds": plan_reading.rounds(shown)}
    context["reads_figures"] = not shown.plan.is_draft and task_figures.may_read(request.user, shown)
    return render(request, "reform/task.html", context | {"may_write": request.user.may(Permission.EDIT_PLANS)})


@requires(Permission.EDIT_PLANS)
def new_task(request: Request, pk: int) -> HttpResponseBase:
    """Add a task to a draft; it stands under the heading of the last one unless somebody says otherwise."""
    plan = readable(request, pk)
    if answer := sealed(request, plan):
        return answer
    last = plan.tasks.order_by("position").last()
    initial = {"heading_path": "\n".join(last.heading_path) if last else ""}
    sheet = Sheet(request.POST or None, forms.TaskForm, initial, parts={"parties": parties.part()})

    def save() -> HttpResponseBase:
        made = editing.create_task(plan, parties=_parties(sheet), by=request.user, **sheet.form.cleaned_data)
        hint(request, made.quote, plan)
        messages.success(request, "任务已添加，接下来添加它的时间节点。")
        return redirect("milestone_new", made.pk)

    return filled(request, sheet, save) or render(request, "reform/task/form.html", {"sheet": sheet, "plan": plan})


def _parties(sheet: Sheet) -> list[editing.Values]:
    return [row.values() for row in sheet.rows["parties"].filled()]


@requires(Permission.EDIT_PLANS)
def edit_task(request: Request, pk: int) -> HttpResponseBase:
    """Change a task of a draft."""
    row = _readable(request, pk)
    if answer := sealed(request, row.plan):
        return answer

    def mark() -> str:
        return editing.stamp_of_task(Task.objects.get(pk=pk))

    parts = {"parties": parties.part(row.parties.all())}
    sheet = Sheet(request.POST or None, forms.PlacedTaskForm, forms.shown(row), mark, parts)

    def save() -> HttpResponseBase:
        values = sheet.form.cleaned_data
        editing.edit_task(row, parties=_parties(sheet), by=request.user, seen=sheet.seen, **values)
        hint(request, values["quote"], row.plan)
        messages.success(request, "已保存。")
        return redirect(at_task(row))

    context = {"sheet": sheet, "plan": row.plan, "task": row}
    return filled(request, sheet, save) or render(request, "reform/task/form.html", context)


@requires(Permission.EDIT_PLANS)
@require_POST
def delete_task(request: Request, pk: int) -> HttpResponseBase:
    """Take a task out of a draft."""
    row = _readable(request, pk)
    try:
        editing.delete_task(row, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"任务“{row}”已删除。")
    return redirect("plan", row.plan_id)
