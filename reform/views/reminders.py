"""提醒: the days to come, the rules, the list of calls, how it all fares. The ledger stands with the letters."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.letters import calling, closed, watching, windows
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform.forms.reminders import RuleForm, StepForm, UnitForm
from reform.models import ReminderRule, ReminderStep
from reform.reminders import editing, forecast, proposing, sources
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


def _tabs() -> dict[str, Any]:
    return {"counts": {"escalations": proposing.undecided().count(), "broken": closed.standing().count()}}


@requires(Permission.URGE)
def coming(request: Request) -> HttpResponseBase:
    """Show the next sixty days, dry."""
    form, at = UnitForm(request.GET), clock.now()
    unit = form.cleaned_data["unit"] if form.is_valid() else None
    days = [(day, Workdays.load(), steps) for day, steps in forecast.coming(at, unit)]
    shown = [(day, workdays.is_official(day), steps) for day, workdays, steps in days]
    context = {
        "form": form,
        "days": shown,
        "rules": ReminderRule.objects.filter(enabled=True),
        "windows": windows.words(),
    }
    return render(request, "reform/reminders/coming.html", context | _tabs() | {"gap": sources.gap_year(at)})


@requires(Permission.URGE)
def rules(request: Request) -> HttpResponseBase:
    """List the rules with their steps."""
    rows = ReminderRule.objects.prefetch_related("steps")
    names = dict(ReminderStep.AUDIENCES)
    shown = [
        (rule, [(step, "、".join(names[one] for one in step.audience)) for step in rule.steps.all()]) for rule in rows
    ]
    return render(request, "reform/reminders/rules.html", {"rules": shown, "windows": windows.words()} | _tabs())


class _Steps:
    """The forms of a rule's steps, each under its own prefix."""

    def __init__(self, rule: ReminderRule, data: QueryDict | None) -> None:
        self.pairs = [
            (step, StepForm(data, prefix=f"step{step.pk}", initial=self._of(step))) for step in editing.steps_of(rule)
        ]

    @staticmethod
    def _of(step: ReminderStep) -> dict[str, Any]:
        return {name: getattr(step, name) for name in StepForm.base_fields}

    def are_valid(self) -> bool:
        return not [step for step, form in self.pairs if not form.is_valid()]

    def values(self) -> dict[int, dict[str, Any]]:
        return {step.pk: form.cleaned_data for step, form in self.pairs}


@requires(Permission.URGE)
def edit_rule(request: Request, pk: int) -> HttpResponseBase:
    """Change a rule and its steps."""
    rule = found(ReminderRule.objects, pk=pk)
    first = {"roll": rule.roll, "enabled": rule.enabled}
    sheet = Sheet(request.POST or None, RuleForm, first, partial(editing.stamp_of, rule))
    steps = _Steps(rule, request.POST or None)

    def save() -> HttpResponseBase | None:
        if not steps.are_valid():
            return None
        editing.amend(rule, by=request.user, seen=sheet.seen, steps=steps.values(), **sheet.form.cleaned_data)
        messages.success(request, f"“{rule}”的提醒已保存，从下一次安排起生效；已安排的不变。")
        return redirect("reminder_rules")

    shown = {"sheet": sheet, "rule": rule, "steps": steps.pairs}
    return filled(request, sheet, save) or render(request, "reform/reminders/rule.html", shown)


@requires(Permission.URGE)
def calls(request: Request) -> HttpResponseBase:
    """Show the printed list: whom to call, about what."""
    lines = calling.waiting(clock.now())
    return render(request, "reform/reminders/calls.html", {"lines": lines} | _tabs())


@requires(Permission.URGE)
@require_POST
def note_calls(request: Request) -> HttpResponseBase:
    """Note who was called."""
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isascii() and pk.isdigit() and len(pk) < 19]
    count = calling.called(picked[:500], by=request.user, note=request.POST.get("note", "")[:200])
    if count:
        messages.success(request, "已登记。")
    else:
        messages.warning(request, "没有勾选，或者已由别人登记。")
    return redirect("reminder_calls")


@requires(Permission.URGE, Permission.MANAGE_CALENDAR)
def health(request: Request) -> HttpResponseBase:
    """Show how planner, sender and letters fare."""
    found, names = watching.health(clock.now()), dict(ReminderRule.SUBJECTS)
    shown = {"health": found, "faults": [names.get(kind, kind) for kind in found.faults]}
    return render(request, "reform/reminders/health.html", shown | _tabs())
