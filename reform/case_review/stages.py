"""The one place that moves a round on: a table of what follows on what, read at a glance."""

from __future__ import annotations

import datetime as dt
from typing import Any

from liaisons.models import User
from reform import rights as reform_rights
from reform.case_review import rights
from reform.models import ReviewRound, Stage
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused

NEXT = {
    Stage.PREPARING: {Stage.SEALED},
    Stage.SEALED: {Stage.DRAWN, Stage.PREPARING},
    Stage.DRAWN: {Stage.SCORING},
    Stage.SCORING: {Stage.FEEDBACK},
    Stage.FEEDBACK: {Stage.PUBLISHED},
    Stage.PUBLISHED: {Stage.ARCHIVED},
    Stage.ARCHIVED: set(),
}


def organised(round_: ReviewRound, by: User) -> ReviewRound:
    """Give the round, its row locked until the transaction ends, for an act of its organiser. Raises Denied."""
    rows = ReviewRound.objects.select_for_update(of=("self",)).select_related("organiser")
    found = rows.get(pk=round_.pk)
    reform_rights.require(rights.organises(by, found))
    return found


def at(round_: ReviewRound, *stages: Stage, what: str) -> None:
    """Raise Refused unless the round is at one of these stages."""
    if round_.stage not in stages:
        raise Refused(f"这次评查现在是“{round_.get_stage_display()}”，不能再{what}。请刷新页面查看最新情况。")


def advance(
    round_: ReviewRound, to: Stage, *, by: User, at: dt.datetime, note: str = "", **changes: Any
) -> ReviewRound:
    """Move a locked round on, set what goes with it and write the audit entry. Raises Refused."""
    if to not in NEXT[Stage(round_.stage)]:
        raise Refused(f"这次评查现在是“{round_.get_stage_display()}”，不能转到“{to.label}”。请刷新页面查看最新情况。")
    before = round_.stage
    round_.stage = to
    for name, value in changes.items():
        setattr(round_, name, value)
    round_.save(update_fields=["stage", *changes])
    kept = {name: getattr(value, "pk", value) for name, value in changes.items() if name != "population"}
    audit.record(
        f"review_round.{to}", by=by, subject=round_, unit_code=round_.organiser.code,
        before={"stage": before}, after={"stage": to} | kept, note=note, at=at,
    )  # fmt: skip
    return round_
