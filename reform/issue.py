"""Issuing a plan: from a draft to rows that units owe. Issuing twice makes nothing twice."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import amendments, changes, openings, rights
from reform.faults import faults
from reform.models import DataItem, Milestone, MilestoneParty, Plan
from xingxian_portal.foundation import audit, clock, stamps
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays


class CannotIssue(Exception):
    """The plan is not fit to be issued; `problems` lists every reason in the user's words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("；".join(problems))
        self.problems = problems


def problems(plan: Plan, at: dt.datetime | None = None) -> list[str]:
    """Give every reason why the plan cannot be issued, none if it can."""
    return [fault.text for fault in faults(plan, at)]


@transaction.atomic
def issue(plan: Plan, *, by: User, seen: str | None = None, at: dt.datetime | None = None) -> int | None:
    """Issue a draft and make its rows; gives how many rows it made, None when it was issued before.

    An amendment of an issued plan takes the place of the version it amends. `seen` is the mark of what the preview
    showed. Raises CannotIssue, Refused when the draft was edited since, rights.Denied, amendments.CannotAmend.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    at = at or clock.now()
    plan, amended = _locked(plan)
    if not plan.is_draft:
        return None
    if amended:
        amendments.require_latest(plan, amended)
    if seen is not None and seen != stamp_of_draft(plan):
        raise Refused("方案在您预览之后有改动，没有下达。请再看一遍预览。")
    if found := problems(plan, at):
        raise CannotIssue(found)
    made = _bring_into_force(plan, amended, by, at)
    after = {"version": plan.version, "rows": made}
    audit.record("plan.issue", by=by, subject=plan, after=after, at=at)
    return made


def issue_order(plan: Plan, *, by: User, at: dt.datetime) -> None:
    """Issue an order that the calling verb has just drafted and whose rights it has checked; see `orders.give`."""
    made = _bring_into_force(plan, None, by, at)
    audit.record("plan.issue", by=by, subject=plan, after={"version": plan.version, "rows": made}, at=at)


def stamp_of_draft(plan: Plan) -> str:
    """Give the mark of everything that a preview of the draft shows."""
    milestones = Milestone.objects.filter(task__plan=plan).order_by("pk")
    bound = MilestoneParty.objects.filter(milestone__in=milestones).order_by("milestone", "position")
    items = DataItem.objects.filter(milestone__in=milestones).order_by("milestone", "position")
    return stamps.stamp(plan, plan.tasks.order_by("pk"), milestones, bound, items)


def _locked(plan: Plan) -> tuple[Plan, Plan | None]:
    # In the order of their ids, as a merger locks them too: nobody waits for one who waits for them.
    both = Plan.objects.select_for_update().filter(pk__in=[plan.pk, plan.amends_id or plan.pk]).order_by("pk")
    found = {row.pk: row for row in both}
    return found[plan.pk], found.get(plan.amends_id or 0)


def _bring_into_force(plan: Plan, amended: Plan | None, by: User, at: dt.datetime) -> int:
    workdays, made = Workdays.load(), 0
    if amended:
        # What the amended version should have opened by now opens first, or its last month would be lost.
        openings.open_due(amended, at, workdays)
    plan.state, plan.issued_at, plan.issued_by = Plan.ISSUED, at, by
    plan.save(update_fields=["state", "issued_at", "issued_by"])
    if amended:
        made = changes.carry_out(changes.changes(plan, amended, at, workdays), plan, by=by, at=at)
        amendments.supersede(amended)
    return made + openings.open_due(plan, at, workdays, by=by)
