"""Issuing a plan: from a draft to rows that units owe. Issuing twice makes nothing twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from liaisons.membership import Memberships
from liaisons.models import User
from liaisons.permissions import Permission
from reform import amendments, binding, deadlines, openings, rights
from reform.models import Milestone, Plan
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.workdays import Workdays


class CannotIssue(Exception):
    """The plan is not fit to be issued; `problems` lists every reason in the user's words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class Planned:
    """One line of the preview: an occurrence with the rows it makes and when it opens."""

    milestone: Milestone
    occurrence: deadlines.Occurrence
    rows: list[openings.Row]


def preview(plan: Plan) -> list[Planned]:
    """Give everything the plan would make if issued now, month by month; writes nothing."""
    workdays, memberships = Workdays.load(), Memberships(clock.today())
    return [
        Planned(milestone, occurrence, openings.rows_of(milestone, occurrence, memberships))
        for milestone in openings.milestones_of(plan)
        for occurrence in openings.occurrences_of(milestone, plan, workdays)
    ]


def problems(plan: Plan) -> list[str]:
    """Give every reason why the plan cannot be issued, none if it can."""
    milestones = openings.milestones_of(plan)
    found = [] if plan.tasks.exists() else ["方案里还没有任务，请先添加任务。"]
    if plan.tasks.exists() and not milestones:
        found.append("方案里还没有时间节点，下达后不会产生任何承办事项。")
    memberships = Memberships(clock.today())
    for milestone in milestones:
        found += _milestone_problems(milestone, plan, memberships)
    return found


def _milestone_problems(milestone: Milestone, plan: Plan, memberships: Memberships) -> list[str]:
    found = []
    name = f"“{milestone.task.place}{milestone.title}”"
    if not binding.bound(milestone, memberships):
        found.append(f"{name}没有受约束的单位（单位未选，或所选群组里一个单位也没有）。")
    if milestone.due_on and milestone.due_on < plan.dated_on:
        found.append(f"{name}的期限 {milestone.due_on} 早于方案的成文日期 {plan.dated_on}。")
    if milestone.due_on and milestone.due_on > plan.term_ends_on:
        found.append(f"{name}的期限 {milestone.due_on} 晚于方案的期限 {plan.term_ends_on}。")
    if milestone.kind == deadlines.YEARLY and not milestone.months:
        found.append(f"{name}没有填写月份。")
    return found


@transaction.atomic
def issue(plan: Plan, *, by: User, at: dt.datetime | None = None) -> int:
    """Issue a draft and make its rows; gives how many rows it made, 0 when it was already issued.

    An amendment of an issued plan takes the place of the version it amends. Raises CannotIssue, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    at = at or clock.now()
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if not plan.is_draft:
        return 0
    if found := problems(plan):
        raise CannotIssue(found)
    workdays = Workdays.load()
    if plan.amends_id:
        # What the amended version should have opened by now opens first, or its last month would be lost.
        openings.open_due(amendments.lock_amended(plan), at, workdays)
    plan.state, plan.issued_at, plan.issued_by = Plan.ISSUED, at, by
    plan.save(update_fields=["state", "issued_at", "issued_by"])
    made = amendments.apply(plan, by=by, at=at, workdays=workdays) if plan.amends_id else 0
    made += openings.open_due(plan, at, workdays)
    audit.record("plan.issue", by=by, subject=plan, after={"version": plan.version, "rows": made}, at=at)
    return made
