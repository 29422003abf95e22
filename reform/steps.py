"""Steps that a unit lays under an obligation for itself (倒排工期): planned day, done day."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from reform import moves, rights
from reform.models import Obligation, Step
from xingxian_portal.foundation import audit

MOST = 30


def _own(obligation_id: int, by: User) -> Obligation:
    obligation = moves.locked(obligation_id)
    rights.require(rights.files_for(by, obligation.unit))
    return obligation


@transaction.atomic
def lay(obligation: Obligation, title: str, planned_on: dt.date, *, by: User) -> Step:
    """Add a step; raises MoveRefused when there are too many, rights.Denied."""
    obligation = _own(obligation.pk, by)
    if obligation.steps.count() >= MOST:
        raise moves.MoveRefused(f"一个事项最多列 {MOST} 个步骤。")
    step = Step.objects.create(obligation=obligation, title=title.strip(), planned_on=planned_on)
    audit.record("step.lay", by=by, subject=step, unit_code=obligation.unit.code, after={"planned_on": planned_on})
    return step


@transaction.atomic
def set_done(step: Step, done_on: dt.date | None, *, by: User) -> Step:
    """Tick a step off on a day, or untick it with None."""
    obligation = _own(step.obligation_id, by)
    before, step.done_on = step.done_on, done_on
    step.save(update_fields=["done_on"])
    audit.record(
        "step.done", by=by, subject=step, unit_code=obligation.unit.code,
        before={"done_on": before}, after={"done_on": done_on},
    )  # fmt: skip
    return step


@transaction.atomic
def remove(step: Step, *, by: User) -> None:
    """Take a step away."""
    obligation = _own(step.obligation_id, by)
    audit.record("step.remove", by=by, subject=step, unit_code=obligation.unit.code, before={"title": step.title})
    step.delete()
