"""交办: a single thing asked of some units outside of any plan; a plan of kind `order` with one task, one milestone."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import deadlines, editing, editing_milestones, issue, rights, terms
from reform.editing import Values
from reform.models import Milestone, MilestoneParty, Obligation, Plan, Task
from xingxian_portal.foundation import audit, clock, stamps
from xingxian_portal.foundation.refusal import Refused

TOKEN = re.compile(r"[0-9a-f]{12}\Z")


@dataclass(frozen=True)
class Order:
    """What is asked, on what grounds, of whom, until when, with which figures."""

    title: str
    basis: str
    issuer: Unit
    due_on: dt.date | None
    parties: Sequence[Values]
    items: Sequence[Values]

    def term(self, dated_on: dt.date) -> dt.date:
        """Give the end of the order's term: the end of its year, or of the year in which it is due. Raises Refused."""
        latest = terms.latest_end(dated_on)
        if self.due_on and self.due_on > latest:
            raise Refused(f"期限最迟到 {latest}。", "due_on")
        return dt.date(max(dated_on, self.due_on or dated_on).year, 12, 31)

    def limit(self) -> Values:
        """Give the milestone's values: named as the order, dated or undated."""
        kind = deadlines.DATED if self.due_on else deadlines.UNDATED
        words = {"title": self.title, "quote": self.basis, "deliverable": Milestone.SUBMISSION}
        return words | {"kind": kind, "due_on": self.due_on}


def milestone_of(plan: Plan) -> Milestone:
    """Give the one milestone of an order, with its task."""
    return Milestone.objects.select_related("task__plan__issuer").get(task__plan=plan)


def stamp_of_order(plan: Plan) -> str:
    """Give the mark of what a form on this order shows."""
    milestone = milestone_of(plan)
    return stamps.stamp(plan, [milestone.task], [milestone], milestone.parties.all(), milestone.data_items.all())


@transaction.atomic
def draft_order(order: Order, *, token: str, by: User, at: dt.datetime | None = None) -> Plan:
    """Give the draft of an order. `token` is the form's own: sent twice it gives the same order, not a second one.

    Raises Refused beside the input it belongs to, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    if not TOKEN.match(token):
        raise Refused("这张表单已失效，请重新打开“新建交办”再填。")
    if there := Plan.objects.filter(code=f"jb-{token}").first():
        return there
    at = at or clock.now()
    try:
        with transaction.atomic():
            plan = _new(order, f"jb-{token}", clock.local_date(at), by)
    except IntegrityError:
        return Plan.objects.get(code=f"jb-{token}")
    _fill(plan, order, by, at)
    audit.record("order.create", by=by, subject=plan, after=editing.plain({"title": order.title}), at=at)
    return plan


def _new(order: Order, code: str, dated_on: dt.date, by: User) -> Plan:
    return Plan.objects.create(
        code=code, kind=Plan.ORDER, title=order.title, issuer=order.issuer, dated_on=dated_on,
        term_ends_on=order.term(dated_on), created_by=by,
    )  # fmt: skip


def _fill(plan: Plan, order: Order, by: User, at: dt.datetime) -> None:
    words: Values = {"title": order.title, "quote": order.basis, "number": "", "heading_path": []}
    task = editing.create_task(plan, parties=[], code=plan.code, by=by, at=at, **words)
    hung_on: Values = {"parties": order.parties, "items": order.items}
    editing_milestones.create_milestone(task, by=by, at=at, **hung_on, **order.limit())


@transaction.atomic
def give(order: Order, *, code: str, by: User, at: dt.datetime) -> Obligation:
    """Draft and issue an order to one unit in one act, for a verb that has asked its own rights; gives the duty.

    A unit that organises something by itself gives such an order too, though it writes no plans. Raises Refused.
    """
    plan = _new(order, code, clock.local_date(at), by)
    task = Task.objects.create(
        plan=plan, code=code, number="", heading_path=[], title=order.title, quote=order.basis, position=1
    )
    limit = editing_milestones.settled(order.limit())
    milestone = Milestone.objects.create(task=task, code=code, position=1, **limit)
    MilestoneParty.objects.bulk_create(
        MilestoneParty(milestone=milestone, position=place, **party) for place, party in enumerate(order.parties, 1)
    )
    audit.record("order.create", by=by, subject=plan, after=editing.plain({"title": order.title}), at=at)
    issue.issue_order(plan, by=by, at=at)
    return Obligation.objects.get(milestone=milestone)


@transaction.atomic
def revise_order(plan: Plan, order: Order, *, by: User, seen: str | None = None, at: dt.datetime | None = None) -> Plan:
    """Change an order that is still a draft. Raises Refused, Stale, rights.Denied."""
    plan = editing.drafting(plan.pk, by)
    mark, milestone = stamp_of_order(plan), milestone_of(plan)
    editing.put(plan, {"title": order.title, "issuer": order.issuer, "term_ends_on": order.term(plan.dated_on)})
    editing.put(milestone.task, {"title": order.title, "quote": order.basis})
    hung_on: Values = {"parties": order.parties, "items": order.items}
    editing_milestones.edit_milestone(milestone, by=by, at=at, **hung_on, **order.limit())
    stamps.check(seen, mark, stamp_of_order(plan), "这件交办")
    audit.record("order.edit", by=by, subject=plan, after=editing.plain({"title": order.title}), at=at)
    return plan
