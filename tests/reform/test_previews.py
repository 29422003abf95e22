"""The preview: what it foresees is what the issue makes, and it writes nothing."""

import datetime as dt

import pytest

from liaisons import groups
from reform import issue, openings, previews
from reform.models import Obligation, Opening
from tests.factories import GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from xingxian_portal.foundation.workdays import CalendarDay

AT = moment(dt.date(2022, 6, 20), 10)
END = moment(dt.date(2022, 12, 31), 12)


@pytest.fixture
def plan(db):
    """A draft of 13 April with a milestone of every kind for a group of two."""
    task, group = TaskFactory(), GroupFactory(units=UnitFactory.create_batch(2, township=True))
    for kind in ({}, {"undated": True}, {"monthly": True}, {"yearly": True}, {"continuous": True}):
        MilestoneFactory(task=task, binds=[group], **kind)
    return task.plan


def rows_of(lines):
    return {
        (line.milestone.code, line.occurrence.key, unit.pk, line.occurrence.due_on)
        for line in lines for unit in line.units
    }  # fmt: skip


def made():
    return set(Obligation.objects.values_list("milestone_code", "occurrence", "unit", "due_on"))


def test_what_it_foresees_is_made_at_once_and_through_the_year(plan, cast):
    foreseen = previews.preview(plan, AT)
    assert not Opening.objects.exists()
    assert issue.issue(plan, by=cast.sfj, at=AT) == foreseen.now
    assert made() == rows_of(line for line in foreseen.lines if line.opens_now)
    openings.open_occurrences(END)
    assert made() == rows_of(foreseen.lines)
    assert len(made()) == foreseen.now + foreseen.later


def test_it_leaves_the_draft_a_draft(plan):
    previews.preview(plan, AT)
    assert (plan.issued_at, plan.is_draft) == (None, True)


def test_it_foresees_no_report_on_the_time_before_the_issue(plan):
    monthly = [line for line in previews.preview(plan, AT).lines if line.milestone.kind == "monthly"]
    assert (monthly[0].name, monthly[0].opens_now, monthly[1].opens_at) == (
        "2022年6月", True, moment(dt.date(2022, 7, 1), 0),
    )  # fmt: skip


def test_it_marks_dates_on_rest_days_and_years_nobody_checked(plan):
    CalendarDay.objects.create(date=dt.date(2022, 6, 30), kind=CalendarDay.OFF)
    lines = previews.preview(plan, AT).lines
    dated = next(line for line in lines if line.milestone.kind == "dated")
    undated = next(line for line in lines if line.milestone.kind == "undated")
    assert (dated.on_rest_day, dated.unchecked) == (True, True)
    assert (undated.on_rest_day, undated.unchecked) == (False, False)


def test_its_groups_are_those_of_the_day(plan, cast):
    group = plan.tasks.get().milestones.first().parties.get().group
    groups.join(group, UnitFactory(), on=dt.date(2022, 6, 21), by=cast.admin)
    assert previews.preview(plan, AT).units == 2
    assert previews.preview(plan, AT + dt.timedelta(days=1)).units == 3


def test_a_plan_with_a_fault_cannot_be_issued(plan):
    assert previews.preview(plan, AT).can_be_issued
    MilestoneFactory(task=plan.tasks.get())
    assert not previews.preview(plan, AT).can_be_issued
