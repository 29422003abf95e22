"""What waits for a person's go: laid before the bureau by the planner, once for each duty, round and kind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import QuerySet

from reform import deadlines
from reform.models import Escalation, Obligation, ReminderRule, ReminderStep
from reform.reminders import sources, timing
from reform.reminders.sources import WAITING
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


def propose(at: dt.datetime) -> None:
    """Lay before the bureau what is due for a go and is not laid yet."""
    steps = list(_steps())
    if not steps:
        return
    there = set(
        Escalation.objects.filter(obligation__state__in=WAITING).values_list("obligation_id", "cycle_no", "kind")
    )
    new = [
        Escalation(obligation_id=duty, cycle_no=cycle_no, kind=kind, proposed_at=at)
        for duty, cycle_no, kind in _due(steps, at)
        if (duty, cycle_no, kind) not in there
    ]
    Escalation.objects.bulk_create(new, ignore_conflicts=True)


def _steps() -> QuerySet[ReminderStep]:
    rows = ReminderStep.objects.filter(enabled=True, rule__enabled=True, needs_approval=True).exclude(document="")
    return rows.select_related("rule").order_by("rule__position", "order")


def _due(steps: list[ReminderStep], at: dt.datetime) -> Iterator[tuple[int, int, str]]:
    times, today = timing.Times(Workdays.load()), clock.local_date(at)
    for applies_to in {step.rule.applies_to for step in steps}:
        mine = [step for step in steps if step.rule.applies_to == applies_to]
        for subject in sources.read(applies_to, at, []):
            for step in mine:
                anchor = subject.anchors.get(step.anchor)
                days = times.of(step, anchor, today) if anchor else []
                if days and timing.moment_of(step, days[0].day, step.at_time, times.workdays) <= at:
                    yield int(subject.key), subject.cycle_no, step.document


def step_for(duty: Obligation, kind: str) -> ReminderStep | None:
    """Give the step that a duty's 催办函 or place on the list comes from."""
    monthly = duty.milestone.kind == deadlines.MONTHLY
    applies_to = ReminderRule.MONTHLY if monthly else ReminderRule.DATED
    return _steps().filter(document=kind, rule__applies_to=applies_to).first()


def undecided() -> QuerySet[Escalation]:
    """Give what waits for a go and is still called for: who has filed meanwhile is not on the list."""
    rows = Escalation.objects.filter(granted=None, obligation__state__in=WAITING)
    rows = rows.select_related("obligation__unit", "obligation__milestone__task__plan")
    return rows.order_by("-kind", "obligation__unit__position", "obligation__due_on", "pk")


def granted(kind: str) -> QuerySet[Escalation]:
    """Give what was granted of a kind, newest first."""
    rows = Escalation.objects.filter(granted=True, kind=kind)
    rows = rows.select_related("obligation__unit", "obligation__milestone__task__plan", "decided_by")
    return rows.order_by("-decided_at", "obligation__unit__position")
