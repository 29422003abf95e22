"""The figures filed for a task, for the bureau, the county's leaders and the leads of the task."""

from __future__ import annotations

from django.http import Http404, HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission
from reform import task_figures
from reform.models import Plan, Task
from xingxian_portal.foundation import clock


@requires(Permission.READ_ANY_TEXT, Permission.READ_OWN)
def figures(request: Request, pk: int) -> HttpResponseBase:
    """Show the task's figures, of the occurrence asked for or the newest."""
    task = found(Task.objects.exclude(plan__state=Plan.DRAFT).select_related("plan"), pk=pk)
    if not task_figures.may_read(request.user, task):
        raise Http404
    sheets = task_figures.sheets(task, request.GET.get("occurrence", ""), clock.today())
    return render(request, "reform/task_figures.html", {"task": task, "sheets": sheets})
