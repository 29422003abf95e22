"""What keeps a plan from being issued, and what an officer should look at before issuing it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import prefetch_related_objects

from liaisons.membership import Memberships
from reform import binding, deadlines, openings
from reform.models import Milestone, Plan, Task
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

WHAT_RETURNS = {
    deadlines.DATED: "一次", deadlines.UNDATED: "一次", deadlines.MONTHLY: "每月",
    deadlines.YEARLY: "每年", deadlines.CONTINUOUS: "持续",
}  # fmt: skip


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, in the user's words, and where to mend it: a milestone, a task, or the plan itself."""

    text: str
    milestone: Milestone | None = None
    task: Task | None = None


def faults(plan: Plan, at: dt.datetime | None = None) -> list[Fault]:
    """Give every reason why the plan cannot be issued at `at`, none if it can."""
    day = clock.local_date(at or clock.now())
    milestones = openings.milestones_of(plan)
    prefetch_related_objects(milestones, "parties__unit", "parties__group")
    found = [Fault(text) for text in _of_plan(plan, milestones, day)]
    memberships, amended = Memberships(day), _amended(plan)
    for milestone in milestones:
        texts = [*_of_parties(milestone, memberships), *_of_dates(milestone, plan, amended.get(milestone.code))]
        found += [Fault(f"“{_name(milestone)}”{text}", milestone, milestone.task) for text in texts]
    return found


def _name(milestone: Milestone) -> str:
    return f"{milestone.task.place}{milestone.title}"


def _amended(plan: Plan) -> dict[str, Milestone]:
    return {m.code: m for m in Milestone.objects.filter(task__plan=plan.amends_id)} if plan.amends_id else {}


def _of_plan(plan: Plan, milestones: list[Milestone], day: dt.date) -> Iterator[str]:
    if not plan.tasks.exists():
        yield "方案里还没有任务，请先添加任务。"
    elif not milestones:
        yield "方案里还没有时间节点，下达后不会产生任何承办事项。"
    if day < plan.dated_on:
        yield f"方案的成文日期 {plan.dated_on} 还没有到，不能提前下达。"
    for code, times in Counter(milestone.code for milestone in milestones).items():
        if times > 1:
            yield f"有 {times} 个时间节点用了同一个编码 {code}，请删去重复的再添加。"
    if plan.amends and plan.amends.state != Plan.ISSUED:
        yield "原方案已被另一份文件修订，这份修订稿不能下达，请在最新版本上重新修订。"


def _of_parties(milestone: Milestone, memberships: Memberships) -> Iterator[str]:
    parties = milestone.parties.all()
    if not parties:
        yield "没有选受约束的单位。"
    for party in parties:
        if not binding.units_of(party, memberships):
            yield f"所选的“{party.unit or party.group}”{'已撤销' if party.unit_id else '里一个单位也没有'}。"


def _of_dates(milestone: Milestone, plan: Plan, before: Milestone | None) -> Iterator[str]:
    due = milestone.due_on
    if due and due < plan.dated_on and _is_new_limit(milestone, before):
        yield f"的期限 {due} 早于方案的成文日期 {plan.dated_on}。"
    if due and due > plan.term_ends_on:
        yield f"的期限 {due} 晚于方案的期限 {plan.term_ends_on}。"
    if milestone.kind == deadlines.YEARLY and not milestone.months:
        yield "没有填写月份。"
    if before and WHAT_RETURNS[before.kind] != WHAT_RETURNS[milestone.kind]:
        yield f"由“{before.get_kind_display()}”改成了“{milestone.get_kind_display()}”，请删去这个节点，重新添加一个。"


def _is_new_limit(milestone: Milestone, before: Milestone | None) -> bool:
    # What an amendment leaves alone was dated by the version before it.
    return before is None or before.limit != milestone.limit


def cautions(plan: Plan, at: dt.datetime | None = None) -> list[Fault]:
    """Give what does not forbid the issue but is probably a slip."""
    day = clock.local_date(at or clock.now())
    milestones, workdays = openings.milestones_of(plan), Workdays.load()
    with_milestones = {milestone.task_id for milestone in milestones}
    found = [
        Fault(f"任务“{task}”没有时间节点，不会产生承办事项。", task=task)
        for task in plan.tasks.all() if task.pk not in with_milestones
    ]  # fmt: skip
    amended = _amended(plan)
    for milestone in milestones:
        texts = _doubts(milestone, plan, day, workdays, is_new=_is_new_limit(milestone, amended.get(milestone.code)))
        found += [Fault(f"“{_name(milestone)}”{text}", milestone, milestone.task) for text in texts]
    return found


def _doubts(milestone: Milestone, plan: Plan, day: dt.date, workdays: Workdays, *, is_new: bool) -> Iterator[str]:
    if milestone.due_on and milestone.due_on < day and is_new:
        yield f"的期限 {milestone.due_on} 已过，下达后立即逾期。"
    if milestone.kind in deadlines.RECURRING and not openings.occurrences_of(milestone, plan, workdays):
        yield f"在方案期限（至 {plan.term_ends_on}）以内一次也不会到期。"
    if not stands_in(milestone.quote, plan.text):
        yield "摘的原文在方案全文里找不到，请核对。"


def stands_in(quote: str, text: str) -> bool:
    """Say whether the words stand in the plan's text, line breaks and blanks aside; true when there is no text.

    Words that leave something out (……) are looked for piece by piece, in their order.
    """
    rest = "".join(text.split())
    for piece in filter(None, "".join(quote.split()).split("…")) if rest else []:
        _, found, rest = rest.partition(piece)
        if not found:
            return False
    return True
