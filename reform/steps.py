"""Steps that a unit lays under an obligation for itself (倒排工期): planned day, done day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from reform import moves, rights
from reform.models import Obligation, Step
from reform.states import LIVING
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

MOST = 30
LONGEST_TITLE = 80
FARTHEST = dt.timedelta(days=366 * 2)


def _own(obligation_id: int, by: User) -> Obligation:
    obligation = moves.locked(obligation_id)
    rights.require(rights.files_for(by, obligation.unit))
    return obligation


@transaction.atomic
def lay(
    obligation: Obligation, title: str, planned_on: dt.date | None, *, by: User, at: dt.datetime | None = None
) -> Step:
    """Add a step; the same step laid twice stays one.

    Raises Refused with the field ("title", "planned_on"), MoveRefused when there are too many or the duty is done
    with, rights.Denied.
    """
    at = at or clock.now()
    obligation = _own(obligation.pk, by)
    if obligation.state not in LIVING:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，不再列步骤。")
    title = title.strip()
    _check(title, planned_on, clock.local_date(at))
    assert planned_on
    if there := obligation.steps.filter(title=title, planned_on=planned_on).first():
        return there
    if obligation.steps.count() >= MOST:
        raise moves.MoveRefused(f"一个事项最多列 {MOST} 个步骤。")
    step = Step.objects.create(obligation=obligation, title=title, planned_on=planned_on)
    after = {"title": title, "planned_on": planned_on}
    audit.record("step.lay", by=by, subject=step, unit_code=obligation.unit.code, after=after, at=at)
    return step


def _check(title: str, planned_on: dt.date | None, today: dt.date) -> None:
    if not title:
        raise Refused("请写明这一步做什么。", "title")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"一步最多 {LONGEST_TITLE} 字，现有 {len(title)} 字。", "title")
    if planned_on is None:
        raise Refused("请填写计划完成日期。", "planned_on")
    if not today - FARTHEST <= planned_on <= today + FARTHEST:
        raise Refused("计划日期应在前后两年以内。", "planned_on")


@transaction.atomic
def set_done(step: Step, done_on: dt.date | None, *, by: User, at: dt.datetime | None = None) -> Step:
    """Tick a step off on a day that has come, or untick it with None; raises Refused, MoveRefused, rights.Denied."""
    at = at or clock.now()
    obligation, step = _still_there(step, by)
    if done_on and done_on > clock.local_date(at):
        raise Refused("完成日期不能晚于今天。", "done_on")
    if step.done_on == done_on:
        return step
    before, step.done_on = step.done_on, done_on
    step.save(update_fields=["done_on"])
    audit.record(
        "step.done", by=by, subject=step, unit_code=obligation.unit.code,
        before={"done_on": before}, after={"done_on": done_on}, at=at,
    )  # fmt: skip
    return step


@transaction.atomic
def remove(step: Step, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a step away; raises MoveRefused when it is gone already, rights.Denied."""
    obligation, step = _still_there(step, by)
    before = {"title": step.title, "planned_on": step.planned_on, "done_on": step.done_on}
    audit.record("step.remove", by=by, subject=step, unit_code=obligation.unit.code, before=before, at=at)
    step.delete()


def _still_there(step: Step, by: User) -> tuple[Obligation, Step]:
    obligation = _own(step.obligation_id, by)
    found = obligation.steps.filter(pk=step.pk).first()
    if found is None:
        raise moves.MoveRefused("这一步已经删掉了，没有重复办理。")
    return obligation, found
