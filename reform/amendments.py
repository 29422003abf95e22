"""An amended plan: a new version by document number (rules: Change).

Unchanged rows stay; a new date is an amendment, the first date kept; what was dropped is 撤销; what was added is
issued; closed rows are never touched.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from liaisons.membership import Memberships
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import binding, moves, openings, rights
from reform.deadlines import Occurrence
from reform.models import DataItem, Milestone, MilestoneParty, Obligation, Opening, Plan, Task, TaskParty
from reform.states import CONTINUOUS, OPEN, State, Verb
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.workdays import Workdays

LIVING = OPEN | CONTINUOUS | {State.SUSPENDED}


class CannotAmend(Exception):
    """The plan cannot be amended now; the message says why in the user's words."""


@transaction.atomic
def draft_amendment(plan: Plan, *, document_number: str, dated_on: dt.date, by: User) -> Plan:
    """Give a draft of the next version: a copy of the issued plan with its tasks, parties, milestones and data items.

    Raises CannotAmend when the plan is not in force or has such a draft already, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != Plan.ISSUED:
        raise CannotAmend("只能修订已印发、现行的方案。")
    if plan.amendments.filter(state=Plan.DRAFT).exists():
        raise CannotAmend("这个方案已有一份未下达的修订稿，请在那一份上修改。")
    if dated_on < plan.dated_on:
        raise CannotAmend(f"修订文件的日期 {dated_on} 早于原方案的日期 {plan.dated_on}。")
    version = plan.version + 1
    draft = Plan.objects.create(
        code=f"{_root_code(plan)}-v{version}", kind=plan.kind, document_number=document_number, title=plan.title,
        issuer=plan.issuer, dated_on=dated_on, term_ends_on=max(plan.term_ends_on, dated_on), text=plan.text,
        version=version, amends=plan, first_version_id=plan.series_id, created_by=by,
    )  # fmt: skip
    for task in plan.tasks.all():
        _copy_task(task, draft)
    audit.record("plan.draft_amendment", by=by, subject=draft, after={"amends": plan.pk, "version": version})
    return draft


def _root_code(plan: Plan) -> str:
    return plan.first_version.code if plan.first_version else plan.code


def _copy(row: Task | Milestone | TaskParty | MilestoneParty | DataItem, **parent: object) -> object:
    values = {name: value for name, value in model_to_dict(row).items() if name not in {"id", *parent}}
    foreign = {f.name for f in row._meta.concrete_fields if f.is_relation}
    return type(row).objects.create(**{f"{k}_id" if k in foreign else k: v for k, v in values.items()}, **parent)


def _copy_task(task: Task, draft: Plan) -> None:
    copy = _copy(task, plan=draft)
    for party in task.parties.all():
        _copy(party, task=copy)
    for milestone in task.milestones.all():
        twin = _copy(milestone, task=copy)
        for bound in milestone.parties.all():
            _copy(bound, milestone=twin)
        for item in milestone.data_items.all():
            _copy(item, milestone=twin)


def lock_amended(plan: Plan) -> Plan:
    """Give the version that `plan` amends, locked; raises CannotAmend when another amendment came first."""
    amended = Plan.objects.select_for_update().get(amendments=plan)
    if amended.state != Plan.ISSUED:
        raise CannotAmend("原方案已被另一份修订文件代替，请在最新版本上重新修订。")
    return amended


@dataclass(frozen=True)
class Change:
    """One amendment being carried out: the new version, who issues it when, and who is a member that day."""

    plan: Plan
    by: User
    at: dt.datetime
    workdays: Workdays
    memberships: Memberships


def apply(plan: Plan, *, by: User, at: dt.datetime, workdays: Workdays) -> int:
    """Carry the rows of the amended version over to `plan`; gives the rows added for units newly bound."""
    change = Change(plan, by, at, workdays, Memberships(clock.local_date(at)))
    amended = Plan.objects.get(amendments=plan)
    old = {milestone.code: milestone for milestone in openings.milestones_of(amended)}
    new = {milestone.code: milestone for milestone in openings.milestones_of(plan)}
    for code in sorted(old.keys() - new.keys()):
        _revoke(_living(plan, code), change)
    made = sum(_carry_over(change, old[code], new[code]) for code in sorted(old.keys() & new.keys()))
    Plan.objects.filter(pk=amended.pk).update(state=Plan.SUPERSEDED)
    return made


def _living(plan: Plan, code: str) -> list[Obligation]:
    rows = Obligation.objects.filter(series_id=plan.series_id, milestone_code=code, state__in=LIVING)
    return list(rows.select_for_update(of=("self",)).select_related("unit", "milestone"))


def _revoke(rows: list[Obligation], change: Change) -> None:
    for row in rows:
        reason = f"{change.plan} 修订后不再要求"
        moves.move(row, Verb.REVOKE, State.REVOKED, by=change.by, at=change.at, reason=reason)


def _carry_over(change: Change, old: Milestone, new: Milestone) -> int:
    dues = {o.key: o for o in openings.occurrences_of(new, change.plan, change.workdays)}
    added, dropped = _parties_changed(old, new, change.memberships)
    for row in _living(change.plan, new.code):
        if row.occurrence not in dues or row.unit in dropped:
            _revoke([row], change)
        else:
            _amend(row, new, dues[row.occurrence], change, moved=old.limit != new.limit)
    return _open_for(added, new, dues, change)


def _parties_changed(old: Milestone, new: Milestone, memberships: Memberships) -> tuple[set[Unit], set[Unit]]:
    # A group's change alone must not touch open rows, so units are compared only where the parties differ.
    if _parties(old) == _parties(new):
        return set(), set()
    before, after = binding.bound(old, memberships).keys(), binding.bound(new, memberships).keys()
    return set(after - before), set(before - after)


def _parties(milestone: Milestone) -> set[tuple[int | None, int | None]]:
    return {(party.unit_id, party.group_id) for party in milestone.parties.all()}


def _amend(row: Obligation, new: Milestone, occurrence: Occurrence, change: Change, *, moved: bool) -> None:
    changes: dict[str, Any] = {"milestone": new}
    # Where the plan left the limit alone a granted extension stays in force.
    if moved and occurrence.due_on != row.due_on:
        changes |= {"due_on": occurrence.due_on, "cycle_no": row.cycle_no + 1}
    moves.move(row, Verb.AMEND, row.state, by=change.by, at=change.at, reason=f"{change.plan} 修订", **changes)


def _open_for(added: set[Unit], new: Milestone, dues: dict[str, Occurrence], change: Change) -> int:
    opened = Opening.objects.filter(series_id=change.plan.series_id, milestone_code=new.code, occurrence__in=dues)
    made = 0
    for key in opened.values_list("occurrence", flat=True) if added else []:
        due_on = dues[key].due_on
        if due_on is None or due_on >= clock.local_date(change.at):
            rows = [row for row in openings.rows_of(new, dues[key], change.memberships) if row.unit in added]
            made += openings.open_rows(change.plan, rows, change.at)
    return made
