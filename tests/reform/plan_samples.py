"""A plan, a draft, an order for each address that names one (`tests.xingxian_portal.url_samples`)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import User
from reform import issue, orders
from reform.models import Milestone, Obligation, Plan
from tests.cast import Cast, bureau
from tests.factories import MilestoneFactory, TaskFactory, moment


def a_draft_milestone(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Name a milestone of a draft."""
    drafts = Milestone.objects.filter(task__plan__state=Plan.DRAFT, task__plan__kind=Plan.PLAN)
    there = drafts.exclude(task__plan__in=Obligation.objects.values("milestone__task__plan")).first()
    return {"pk": (there or MilestoneFactory(binds=[cast.weifen.unit])).pk}


def a_draft_task(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Name a task of a draft."""
    return {"pk": Milestone.objects.get(**a_draft_milestone(cast, visitor)).task_id}


def a_draft(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Name a draft."""
    return {"pk": Milestone.objects.get(**a_draft_milestone(cast, visitor)).task.plan_id}


def a_plan(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Name a plan in force."""
    there = Plan.objects.filter(state=Plan.ISSUED).first()
    if there is None:
        there = TaskFactory().plan
        MilestoneFactory(task=there.tasks.get(), binds=[cast.weifen.unit])
        issue.issue(there, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    return {"pk": there.pk}


def a_task(cast: Cast, visitor: User | None) -> dict[str, Any]:
    """Name a task of a plan in force."""
    return {"pk": Plan.objects.get(**a_plan(cast, visitor)).tasks.get().pk}


def an_order(cast: Cast, _visitor: User | None) -> dict[str, Any]:
    """Name an order that is not given yet."""
    bound = {"role": "responsible", "unit": cast.weifen.unit}
    order = orders.Order("报送名册", "按照批示。", bureau(), None, [bound], [])
    return {"pk": orders.draft_order(order, token="0" * 12, by=cast.sfj).pk}
