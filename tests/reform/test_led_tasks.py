"""What a lead sees of its tasks, also once the plan was amended."""

import datetime as dt

import pytest

from reform import led_tasks, monthly_lines
from reform.models import Obligation, Plan
from tests.factories import MilestoneFactory, ObligationFactory, TaskFactory, UnitFactory, UserFactory
from tests.reform.amended_plans import ISSUED, amended, close, issued, set_limit

TODAY = dt.date(2022, 6, 20)


@pytest.fixture
def lead(db):
    return UnitFactory(short_name="牵头局")


def roll(lead) -> tuple[int, int]:
    (_, rolled), *others = led_tasks.rolls(list(led_tasks.led_by(lead)), lead, TODAY)
    assert not others
    return rolled.done, rolled.bound


def test_what_was_closed_before_an_amendment_still_counts_as_done(lead):
    town, task = UnitFactory(township=True), TaskFactory(leads=[lead])
    MilestoneFactory(task=task, code="a", binds=[lead, UnitFactory(township=True), town])
    MilestoneFactory(task=task, code="c", continuous=True, binds=[town])
    plan = issued(task)
    close(Obligation.objects.get(unit=town, milestone_code="a"))
    assert roll(lead) == (1, 2)
    amended(plan, set_limit("a", title="新的名称"))
    assert roll(lead) == (1, 2)
    (new,) = led_tasks.led_by(lead)
    first, last = led_tasks.nodes(new, lead, TODAY)
    assert [one.obligation.unit for one in first.lit if one.light == "closed"] == [town]
    assert (first.name, len(first.lit), first.milestone.task, last.name) == ("新的名称", 2, new, last.milestone.title)


def test_another_plan_with_the_same_codes_is_another_matter(lead):
    for closed in (True, False):
        milestone = MilestoneFactory(task=TaskFactory(leads=[lead]), code="a")
        ObligationFactory(milestone=milestone, closed=closed)
    Plan.objects.update(state=Plan.ISSUED, issued_at=ISSUED, issued_by=UserFactory())
    rolls = led_tasks.rolls(list(led_tasks.led_by(lead)), lead, TODAY)
    assert sorted((one.done, one.bound) for _, one in rolls) == [(0, 1), (1, 1)]


def test_a_lead_that_closed_its_own_share_before_an_amendment_is_asked_for_no_summary(lead):
    task = TaskFactory(leads=[lead])
    MilestoneFactory(task=task, code="a", binds=[lead, UnitFactory(township=True)])
    MilestoneFactory(task=TaskFactory(plan=task.plan), code="m", monthly=True, binds=[lead])
    plan = issued(task)
    close(Obligation.objects.get(unit=lead, milestone_code="a"))
    amended(plan)
    rows = Obligation.objects.select_related("series", "unit", "milestone__task__plan")
    assert monthly_lines.wanted(rows.filter(milestone_code="m").first()) == []
