"""An amended plan: a new version by document number, drafted as a copy of the version in force.

What it changes, and the carrying out, are in `changes`.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.forms.models import model_to_dict

from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights, terms
from reform.models import DataItem, Milestone, MilestoneParty, Plan, Task, TaskParty
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST_ROOT = 35  # of a code's 40 characters; the rest is for the version


class CannotAmend(Refused):
    """The plan cannot be amended now; the message says why in the user's words."""


@transaction.atomic
def draft_amendment(
    plan: Plan, *, document_number: str, dated_on: dt.date, by: User, at: dt.datetime | None = None
) -> Plan:
    """Give a draft of the next version: a copy of the issued plan with its tasks, parties, milestones and data items.

    Raises CannotAmend when the plan is not in force or has such a draft already, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    plan = Plan.objects.select_for_update(of=("self",)).select_related("first_version").get(pk=plan.pk)
    terms.require_date(dated_on, clock.local_date(at or clock.now()))
    _require_amendable(plan, dated_on)
    draft = _new_version(plan, document_number, dated_on, by)
    for task in plan.tasks.all():
        _copy_task(task, draft)
    after = {"amends": plan.pk, "version": draft.version, "document_number": document_number}
    audit.record("plan.draft_amendment", by=by, subject=draft, after=after, at=at)
    return draft


def _require_amendable(plan: Plan, dated_on: dt.date) -> None:
    if plan.state != Plan.ISSUED:
        raise CannotAmend("只能修订已印发、现行的方案。")
    if plan.amendments.filter(state=Plan.DRAFT).exists():
        raise CannotAmend("这个方案已有一份未下达的修订稿，请在那一份上修改。")
    if dated_on < plan.dated_on:
        raise CannotAmend(f"修订文件的日期 {dated_on} 早于原方案的日期 {plan.dated_on}。", "dated_on")


def _new_version(plan: Plan, document_number: str, dated_on: dt.date, by: User) -> Plan:
    version = plan.version + 1
    taken = CannotAmend(f"发文字号“{document_number}”已有方案使用，修订文件应有自己的字号。", "document_number")
    if document_number and Plan.objects.filter(document_number=document_number).exists():
        raise taken
    root = (plan.first_version or plan).code[:LONGEST_ROOT]
    try:
        with transaction.atomic():
            return Plan.objects.create(
                code=f"{root}-v{version}", kind=plan.kind, document_number=document_number, title=plan.title,
                issuer=plan.issuer, dated_on=dated_on, term_ends_on=max(plan.term_ends_on, dated_on), text=plan.text,
                dates_that_bind_nobody=plan.dates_that_bind_nobody, version=version, amends=plan,
                first_version_id=plan.series_id, created_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise taken from error


def _copy(row: Any, **parent: Any) -> Any:
    values = {name: value for name, value in model_to_dict(row).items() if name not in {"id", *parent}}
    foreign = {f.name for f in row._meta.concrete_fields if f.is_relation}
    return type(row).objects.create(**{f"{k}_id" if k in foreign else k: v for k, v in values.items()}, **parent)


def _copy_task(task: Task, draft: Plan) -> None:
    copy: Task = _copy(task, plan=draft)
    parties: list[TaskParty | MilestoneParty] = list(task.parties.all())
    for party in parties:
        _copy(party, task=copy)
    for milestone in task.milestones.all():
        _copy_milestone(milestone, copy)


def _copy_milestone(milestone: Milestone, task: Task) -> None:
    twin: Milestone = _copy(milestone, task=task)
    rows: list[MilestoneParty | DataItem] = [*milestone.parties.all(), *milestone.data_items.all()]
    for row in rows:
        _copy(row, milestone=twin)


def require_latest(plan: Plan, amended: Plan) -> None:
    """Raise CannotAmend when the version that the draft `plan` amends is no longer the one in force."""
    if amended.state != Plan.ISSUED:
        raise CannotAmend(f"原方案已被另一份文件修订，{plan}这份修订稿不能下达，请在最新版本上重新修订。")


def supersede(amended: Plan) -> None:
    """Note on a locked plan that a later version is in force."""
    Plan.objects.filter(pk=amended.pk).update(state=Plan.SUPERSEDED)
