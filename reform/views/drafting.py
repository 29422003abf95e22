"""Drafts as pages meet them: who may read which plan, and what is told about a draft that was written in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from liaisons.access import Request, found
from reform.faults import stands_in
from reform.models import Plan, Task


def readable(request: Request, pk: int) -> Plan:
    """Give a plan that the person may read; raises Http404."""
    plans = Plan.objects.visible_to(request.user)
    return found(plans.select_related("issuer", "issued_by", "created_by", "amends", "first_version"), pk=pk)


def sealed(request: Request, plan: Plan) -> HttpResponseBase | None:
    """Give the answer to who wants to write in a plan that is issued; None for a draft."""
    if plan.is_draft:
        return None
    messages.error(request, f"{plan}已经下达，不能再改。需要变动的，请另起一份修订稿。")
    return redirect("plan", plan.pk)


def hint(request: Request, quote: str, plan: Plan) -> None:
    """Tell that words said to be the plan's do not stand in its text; they are kept all the same."""
    if not stands_in(quote, plan.text):
        messages.warning(request, "已保存，但这段原文在方案全文里找不到，请核对是否逐字摘录。")


def at_task(task: Task) -> str:
    """Give the address of a task's place on the page of its plan."""
    return f"{reverse('plan', args=[task.plan_id])}#task-{task.pk}"
