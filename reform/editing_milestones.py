"""Writing a draft's milestones: the time limit, whom it binds, what data it asks for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from liaisons.models import User
from reform import codes, deadlines
from reform.editing import (
    Values,
    current,
    drafting,
    next_position,
    plain,
    put,
    replace_parties,
    require_no_duty,
    versions,
)
from reform.faults import WHAT_RETURNS
from reform.models import DataItem, Milestone, MilestoneParty, Obligation, Plan, Task
from xingxian_portal.foundation import audit, stamps
from xingxian_portal.foundation.refusal import Refused

SHORT = Milestone._meta.get_field("short_title").max_length


def stamp_of_milestone(milestone: Milestone) -> str:
    """Give the mark of what a form on this milestone shows."""
    return stamps.stamp(milestone, milestone.parties.all(), milestone.data_items.all())


@transaction.atomic
def create_milestone(
    task: Task,
    *,
    parties: Sequence[Values],
    items: Sequence[Values],
    by: User,
    at: dt.datetime | None = None,
    **values: Any,
) -> Milestone:
    """Add a milestone to a task of a draft. Raises Refused beside the input it belongs to, rights.Denied."""
    plan = drafting(task.plan_id, by)
    task = current(plan.tasks.all(), task, "这项任务")
    values = settled(values)
    _require(plan, task, values)
    code = codes.milestone_code(task.code, milestone_codes(plan))
    position = values.pop("position", None) or next_position(task.milestones.all())
    milestone = Milestone.objects.create(task=task, code=code, position=position, **values)
    _hang_on(milestone, parties, items)
    after = plain(values | {"parties": list(parties), "items": list(items)})
    audit.record("milestone.create", by=by, subject=milestone, after=after, at=at)
    return milestone


@transaction.atomic
def edit_milestone(
    milestone: Milestone,
    *,
    parties: Sequence[Values],
    items: Sequence[Values],
    by: User,
    seen: str | None = None,
    at: dt.datetime | None = None,
    **values: Any,
) -> Milestone:
    """Change a milestone of a draft; its code stays. Raises Refused, Stale, rights.Denied."""
    plan = drafting(milestone.task.plan_id, by)
    milestone = current(Milestone.objects.filter(task__plan=plan).select_related("task"), milestone, "这个时间节点")
    values = settled(values)
    _require(plan, milestone.task, values, besides=milestone)
    mark = stamp_of_milestone(milestone)
    before = put(milestone, values)
    _hang_on(milestone, parties, items)
    stamps.check(seen, mark, stamp_of_milestone(milestone), "这个时间节点")
    after = plain(values | {"parties": list(parties), "items": list(items)})
    audit.record("milestone.edit", by=by, subject=milestone, before=plain(before), after=after, at=at)
    return milestone


@transaction.atomic
def delete_milestone(milestone: Milestone, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a milestone out of a draft; one that is gone already is no fault. Raises Refused, rights.Denied."""
    plan = drafting(milestone.task.plan_id, by)
    for found in Milestone.objects.filter(task__plan=plan, pk=milestone.pk):
        require_no_duty(pk=found.pk)
        before = {"code": found.code, "title": found.title}
        audit.record("milestone.delete", by=by, subject=found, before=before, at=at)
        found.delete()


def settled(values: Values) -> Values:
    """Give the values with what the kind does not ask for left out, and a name for the wall where none was given."""
    kind = values["kind"]
    return values | {
        "due_on": values.get("due_on") if kind == deadlines.DATED else None,
        "day": values.get("day") if kind == deadlines.MONTHLY else None,
        "months": sorted(values.get("months") or []) if kind == deadlines.YEARLY else [],
        "short_title": values.get("short_title") or values["title"][:SHORT],
    }


def _require(plan: Plan, task: Task, values: Values, besides: Milestone | None = None) -> None:
    if task.milestones.exclude(pk=besides.pk if besides else 0).filter(title=values["title"]).exists():
        raise Refused("这项任务下已有同名的时间节点，请换一个名称。", "title")
    _require_limit(plan, values, besides)
    returns = values["kind"] in deadlines.RECURRING | {deadlines.CONTINUOUS}
    if returns and values["deliverable"] != Milestone.SUBMISSION:
        raise Refused("定期的和持续的节点以报送办结，不能以其他方式办结。", "deliverable")
    before = Milestone.objects.filter(task__plan=plan.amends_id, code=besides.code).first() if besides else None
    if before and WHAT_RETURNS[before.kind] != WHAT_RETURNS[values["kind"]]:
        raise Refused(f"原方案里它是“{before.get_kind_display()}”，不能改成另一类；请删去它，重新添加一个。", "kind")


def _require_limit(plan: Plan, values: Values, besides: Milestone | None) -> None:
    kind, due = values["kind"], values["due_on"]
    for wanted, name, words in (
        (deadlines.DATED, "due_on", "请填写期限。"),
        (deadlines.MONTHLY, "day", "请填写每月几日前。"),
        (deadlines.YEARLY, "months", "请勾选月份。"),
    ):
        if kind == wanted and not values[name]:
            raise Refused(words, name)
    if due and due < plan.dated_on and not (besides and besides.due_on == due):
        raise Refused(f"期限 {due} 早于方案的成文日期 {plan.dated_on}。", "due_on")
    if due and due > plan.term_ends_on:
        raise Refused(f"期限 {due} 晚于方案的期限 {plan.term_ends_on}。确需更晚的，请先改方案的期限。", "due_on")


def milestone_codes(plan: Plan) -> set[str]:
    """Give every milestone code that any version of the plan uses or ever opened."""
    stand = Milestone.objects.filter(task__plan__in=versions(plan)).values_list("code", flat=True)
    opened = Obligation.objects.filter(series_id=plan.series_id).values_list("milestone_code", flat=True)
    return set(stand) | set(opened)


def _hang_on(milestone: Milestone, parties: Sequence[Values], items: Sequence[Values]) -> None:
    replace_parties(MilestoneParty, {"milestone": milestone}, parties)
    known = set(milestone.data_items.values_list("code", flat=True))
    milestone.data_items.all().delete()
    taken: set[str] = {item["code"] for item in items if item.get("code") in known}
    for place, item in enumerate(items, 1):
        code = item.get("code")
        if code not in known:
            code = codes.item_code(item["label"], taken)
        taken.add(code)
        DataItem.objects.create(milestone=milestone, **item | {"code": code}, position=place)
