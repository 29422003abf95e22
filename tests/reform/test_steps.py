"""倒排工期: a unit's own steps."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError

from reform import rights, steps
from reform.models import Obligation, Step
from reform.moves import MoveRefused
from reform.states import LIVING, State
from tests.factories import ObligationFactory, moment
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

TODAY = dt.date(2022, 6, 20)
AT = moment(TODAY, 10)
PLANNED = dt.date(2022, 6, 28)


@pytest.fixture
def duty(cast) -> Obligation:
    return ObligationFactory(unit=cast.weifen.unit)


def lay(duty: Obligation, by, title: str = "形成材料", planned_on: dt.date | None = PLANNED) -> Step:
    return steps.lay(duty, title, planned_on, by=by, at=AT)


def test_a_step_is_laid_ticked_off_unticked_and_taken_away(cast, duty):
    step = lay(duty, cast.weifen, " 形成材料 ")
    assert (step.title, step.planned_on, step.done_on) == ("形成材料", PLANNED, None)

    assert steps.set_done(step, TODAY, by=cast.weifen, at=AT).done_on == TODAY
    assert steps.set_done(step, None, by=cast.weifen, at=AT).done_on is None

    steps.remove(step, by=cast.weifen, at=AT)
    assert not duty.steps.exists()
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["step.lay", "step.done", "step.done", "step.remove"]


def test_everything_twice_is_once(cast, duty):
    step = lay(duty, cast.weifen)
    assert lay(duty, cast.weifen) == step

    steps.set_done(step, TODAY, by=cast.weifen, at=AT)
    steps.set_done(step, TODAY, by=cast.weifen, at=AT)
    steps.remove(step, by=cast.weifen, at=AT)
    with pytest.raises(MoveRefused, match="已经删掉"):
        steps.remove(step, by=cast.weifen, at=AT)
    with pytest.raises(MoveRefused, match="已经删掉"):
        steps.set_done(step, None, by=cast.weifen, at=AT)

    assert AuditEntry.objects.count() == 3


@pytest.mark.parametrize(
    ("title", "planned_on", "field"),
    [
        ("　", PLANNED, "title"), ("长" * 81, PLANNED, "title"), ("写材料", None, "planned_on"),
        ("写材料", dt.date(1900, 1, 1), "planned_on"), ("写材料", dt.date(2122, 1, 1), "planned_on"),
    ],
)  # fmt: skip
def test_a_step_that_says_nothing_is_refused_at_its_field(cast, duty, title, planned_on, field):
    with pytest.raises(Refused) as refused:
        lay(duty, cast.weifen, title, planned_on)
    assert refused.value.field == field
    assert not Step.objects.exists()


def test_nothing_is_done_tomorrow(cast, duty):
    step = lay(duty, cast.weifen)
    with pytest.raises(Refused, match="不能晚于今天"):
        steps.set_done(step, TODAY + dt.timedelta(days=1), by=cast.weifen, at=AT)


def test_thirty_steps_are_enough(cast, duty):
    for number in range(steps.MOST):
        lay(duty, cast.weifen, f"第 {number} 步")
    with pytest.raises(MoveRefused, match="最多列 30 个步骤"):
        lay(duty, cast.weifen, "再一步")


@pytest.mark.parametrize("state", sorted(set(State) - LIVING))
def test_what_is_done_with_gets_no_steps(cast, state):
    duty = ObligationFactory(unit=cast.weifen.unit, state=state, accepted_at=AT if state == State.CLOSED else None)
    with pytest.raises(MoveRefused, match="不再列步骤"):
        lay(duty, cast.weifen)


@pytest.mark.parametrize("who", ["scj", "weifenld", "sfj", "lingdao"])
def test_nobody_else_lays_or_changes_them(cast, duty, who):
    step, other = lay(duty, cast.weifen), getattr(cast, who)
    for act in (
        lambda: lay(duty, other),
        lambda: steps.set_done(step, TODAY, by=other, at=AT),
        lambda: steps.remove(step, by=other, at=AT),
    ):
        with pytest.raises(rights.Denied):
            act()


def test_without_the_trail_no_step_is_laid(cast, duty):
    with no_trail(), pytest.raises(DatabaseError):
        lay(duty, cast.weifen)
    assert not Step.objects.exists()
