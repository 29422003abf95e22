"""Writing a draft: plans, tasks, milestones, whom they bind, what they ask for. What is issued is never edited.

Every verb locks the draft, so that two officers write one after the other; with `seen`, the mark of what the form
showed, the later one is told instead of overwriting the earlier.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, models, transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import codes, rights, terms
from reform.models import Milestone, Obligation, Plan, Task, TaskParty
from xingxian_portal.foundation import audit, clock, stamps
from xingxian_portal.foundation.refusal import Refused

LONGEST_IN_TRAIL = 300
Values = dict[str, Any]


def drafting(plan_id: int, by: User) -> Plan:
    """Give the draft, locked until the transaction ends. Raises Refused when it is issued, rights.Denied."""
    rights.require(by.may(Permission.EDIT_PLANS))
    plan = Plan.objects.select_for_update(of=("self",)).select_related("amends").get(pk=plan_id)
    if not plan.is_draft:
        raise Refused(f"{plan}已经下达，不能再改。需要变动的，请另起一份修订稿。")
    return plan


def plain(values: Values) -> Values:
    """Give values as the trail keeps them: rows by their code, long texts by their beginning."""
    return {name: _plain(value) for name, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return getattr(value, "code", value.pk)
    if isinstance(value, str) and len(value) > LONGEST_IN_TRAIL:
        return f"{value[:LONGEST_IN_TRAIL]}…（共 {len(value)} 字）"
    if isinstance(value, list):
        return [plain(row) if isinstance(row, dict) else _plain(row) for row in value]
    return value


def put(row: Any, values: Values) -> Values:
    """Set the values on a row and save it; gives what they were before."""
    before = {name: getattr(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return before


# ── plans ──────────────────────────────────────────────────


def stamp_of_plan(plan: Plan) -> str:
    """Give the mark of what a form on this plan shows."""
    return stamps.stamp(plan)


@transaction.atomic
def create_plan(*, by: User, at: dt.datetime | None = None, **values: Any) -> Plan:
    """Make a draft. Raises Refused, rights.Denied."""
    rights.require(by.may(Permission.EDIT_PLANS))
    at = at or clock.now()
    _require_plan(values, at)
    taken = set(Plan.objects.values_list("code", flat=True))
    code = codes.plan_code(values.get("document_number", ""), values["title"], taken)
    try:
        with transaction.atomic():
            plan = Plan.objects.create(code=code, created_by=by, **values)
    except IntegrityError as error:
        raise Refused("刚刚有人录入了同一文号的方案，请先查看方案列表。", "document_number") from error
    audit.record("plan.create", by=by, subject=plan, after=plain(values), at=at)
    return plan


@transaction.atomic
def edit_plan(plan: Plan, *, by: User, seen: str | None = None, at: dt.datetime | None = None, **values: Any) -> Plan:
    """Change a draft's own data. Raises Refused, Stale, rights.Denied."""
    plan, at = drafting(plan.pk, by), at or clock.now()
    _require_plan(values, at, besides=plan)
    mark = stamp_of_plan(plan)
    try:
        with transaction.atomic():
            before = put(plan, values)
    except IntegrityError as error:
        raise Refused("刚刚有人录入了同一文号的方案，请先查看方案列表。", "document_number") from error
    stamps.check(seen, mark, stamp_of_plan(plan), "这个方案")
    audit.record("plan.edit", by=by, subject=plan, before=plain(before), after=plain(values), at=at)
    return plan


def _require_plan(values: Values, at: dt.datetime, besides: Plan | None = None) -> None:
    terms.require_date(values["dated_on"], clock.local_date(at))
    terms.require_end(values["dated_on"], values["term_ends_on"])
    if besides and besides.amends and values["dated_on"] < besides.amends.dated_on:
        raise Refused(f"修订文件的日期早于原方案的日期 {besides.amends.dated_on}。", "dated_on")
    others = Plan.objects.exclude(pk=besides.pk if besides else 0)
    if number := values.get("document_number"):
        if others.filter(document_number=number).exists():
            raise Refused(f"发文字号“{number}”已有方案使用。", "document_number")
    elif others.filter(title=values["title"], dated_on=values["dated_on"], document_number="").exists():
        raise Refused("已有同名、同一天的方案，请先查看方案列表。", "title")


@transaction.atomic
def delete_plan(plan: Plan, *, by: User, at: dt.datetime | None = None) -> None:
    """Throw a draft away with all that belongs to it. Raises Refused, rights.Denied."""
    plan = drafting(plan.pk, by)
    require_no_duty(task__plan=plan)
    before = plain({"code": plan.code, "title": plan.title, "document_number": plan.document_number})
    audit.record("plan.delete", by=by, subject=plan, before=before, at=at)
    plan.delete()


def require_no_duty(**where: Any) -> None:
    """Raise Refused where a unit already owes something of these milestones: that is ended on the duty itself."""
    if Obligation.objects.filter(milestone__in=Milestone.objects.filter(**where)).exists():
        raise Refused("已有单位的承办事项，不能删除；不再办理的，请在承办事项上提出撤销。")


# ── tasks ──────────────────────────────────────────────────


def stamp_of_task(task: Task) -> str:
    """Give the mark of what a form on this task shows."""
    return stamps.stamp(task, task.parties.all())


@transaction.atomic
def create_task(
    plan: Plan, *, parties: Sequence[Values], by: User, code: str = "", at: dt.datetime | None = None, **values: Any
) -> Task:
    """Add a task to a draft, with who leads, answers for and supports it; its code is made from its place.

    Raises Refused, rights.Denied.
    """
    plan = drafting(plan.pk, by)
    _require_task(plan, values)
    code = code or codes.task_code(values["heading_path"], values["number"], task_codes(plan))
    position = values.pop("position", None) or next_position(plan.tasks.all())
    task = Task.objects.create(plan=plan, code=code, position=position, **values)
    replace_parties(TaskParty, {"task": task}, parties)
    audit.record("task.create", by=by, subject=task, after=plain(values | {"parties": list(parties)}), at=at)
    return task


@transaction.atomic
def edit_task(
    task: Task,
    *,
    parties: Sequence[Values],
    by: User,
    seen: str | None = None,
    at: dt.datetime | None = None,
    **values: Any,
) -> Task:
    """Change a task of a draft; its code stays. Raises Refused, Stale, rights.Denied."""
    plan = drafting(task.plan_id, by)
    task = current(plan.tasks.all(), task, "这项任务")
    _require_task(plan, values, besides=task)
    mark = stamp_of_task(task)
    before = put(task, values)
    replace_parties(TaskParty, {"task": task}, parties)
    stamps.check(seen, mark, stamp_of_task(task), "这项任务")
    after = plain(values | {"parties": list(parties)})
    audit.record("task.edit", by=by, subject=task, before=plain(before), after=after, at=at)
    return task


@transaction.atomic
def delete_task(task: Task, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a task with its milestones out of a draft; one that is gone already is no fault. Raises Refused, Denied."""
    plan = drafting(task.plan_id, by)
    for found in plan.tasks.filter(pk=task.pk):
        require_no_duty(task=found)
        audit.record("task.delete", by=by, subject=found, before={"code": found.code, "title": found.title}, at=at)
        found.delete()


def _require_task(plan: Plan, values: Values, besides: Task | None = None) -> None:
    others = plan.tasks.exclude(pk=besides.pk if besides else 0)
    if others.filter(quote=values["quote"]).exists():
        raise Refused("这段原文已经是一项任务，一段原文只建一项任务。", "quote")


def task_codes(plan: Plan) -> set[str]:
    """Give every task code that any version of the plan uses."""
    return set(Task.objects.filter(plan__in=versions(plan)).values_list("code", flat=True))


def versions(plan: Plan) -> models.QuerySet[Plan]:
    """Give all versions of the plan."""
    series = models.Q(pk=plan.series_id) | models.Q(first_version=plan.series_id)
    return Plan.objects.filter(series)


def next_position(rows: models.QuerySet[Any]) -> int:
    """Give the place behind the last of the rows."""
    return (rows.aggregate(last=models.Max("position"))["last"] or 0) + 1


def current(rows: models.QuerySet[Any], row: Any, what: str) -> Any:
    """Give the row as it stands now; raises Refused when somebody deleted it."""
    found = rows.filter(pk=row.pk).first()
    if found is None:
        raise Refused(f"{what}刚刚被别人删去了。")
    return found


def replace_parties(model: Any, owner: Values, parties: Sequence[Values]) -> None:
    """Let exactly these parties stand, in this order."""
    model.objects.filter(**owner).delete()
    model.objects.bulk_create([model(**owner, **party, position=place) for place, party in enumerate(parties, 1)])
