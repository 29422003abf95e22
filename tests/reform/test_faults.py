"""What keeps a plan from being issued, and what is only doubtful."""

import datetime as dt

import pytest

from liaisons import groups, units
from reform import issue
from reform.faults import cautions, faults, stands_in
from reform.models import Obligation, Plan
from tests.cast import gather
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.reform.amended_plans import AMENDED, day, drafted, issued, set_limit

AT = moment(dt.date(2022, 4, 13), 15)


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory(plan__text="各单位要在规定期限前完成这项工作，并报县司法局。")


def why_not(plan, at=AT):
    with pytest.raises(issue.CannotIssue) as refused:
        issue.issue(plan, by=gather().sfj, at=at)
    assert not Obligation.objects.exists()
    assert Plan.objects.get(pk=plan.pk).is_draft
    return refused.value.problems


def test_a_plan_needs_tasks_and_milestones(db):
    assert why_not(PlanFactory()) == ["方案里还没有任务，请先添加任务。"]


def test_a_plan_without_milestones_would_make_nothing(task):
    assert why_not(task.plan) == ["方案里还没有时间节点，下达后不会产生任何承办事项。"]


def test_a_plan_is_not_issued_before_its_date(task, town):
    MilestoneFactory(task=task, binds=[town])
    assert why_not(task.plan, moment(dt.date(2022, 4, 12))) == ["方案的成文日期 2022-04-13 还没有到，不能提前下达。"]


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (dt.date(2022, 4, 12), "早于方案的成文日期 2022-04-13。"),
        (dt.date(1900, 1, 1), "早于方案的成文日期 2022-04-13。"),
        (dt.date(2023, 1, 1), "晚于方案的期限 2022-12-31。"),
        (dt.date(2122, 1, 1), "晚于方案的期限 2022-12-31。"),
    ],
)
def test_a_milestone_lies_between_the_plans_date_and_the_end_of_its_term(task, town, due, words):
    milestone = MilestoneFactory(task=task, due_on=due, binds=[town])
    name = f"“二、（一）{task.number}.{milestone.title}”"
    assert why_not(task.plan) == [f"{name}的期限 {due} {words}"]
    assert [fault.milestone for fault in faults(task.plan, AT)] == [milestone]


@pytest.mark.parametrize("due", [dt.date(2022, 4, 13), dt.date(2022, 12, 31)])
def test_the_days_at_both_ends_are_good(task, town, due, cast):
    MilestoneFactory(task=task, due_on=due, binds=[town])
    assert issue.issue(task.plan, by=cast.sfj, at=AT) == 1


def test_somebody_must_be_bound(task, town):
    MilestoneFactory(task=task)
    assert why_not(task.plan)[0].endswith("没有选受约束的单位。")


def test_a_group_that_contains_nobody_is_refused_even_beside_others(task, town):
    empty = GroupFactory(name="空群组")
    MilestoneFactory(task=task, binds=[town, empty])
    assert why_not(task.plan)[0].endswith("所选的“空群组”里一个单位也没有。")


def test_a_group_whose_members_have_all_left_contains_nobody(task, town):
    group = GroupFactory(name="空群组", units=[town])
    MilestoneFactory(task=task, binds=[group])
    groups.leave(group.memberships.get(), on=dt.date(2022, 4, 13), by=gather().admin)
    assert faults(task.plan, moment(dt.date(2022, 4, 12)))[1:] == []
    assert [fault.text.partition("”所")[2] for fault in faults(task.plan, AT)] == ["选的“空群组”里一个单位也没有。"]


def test_a_dissolved_unit_is_nobody(task, town):
    MilestoneFactory(task=task, binds=[town])
    units.close(town, on=dt.date(2022, 4, 1), by=gather().admin, at=AT)
    assert faults(task.plan, AT)[0].text.endswith(f"所选的“{town}”已撤销。")


def test_a_yearly_milestone_needs_its_months(task, town):
    MilestoneFactory(task=task, yearly=True, months=[], binds=[town])
    assert why_not(task.plan)[0].endswith("没有填写月份。")


def test_no_two_milestones_of_a_plan_share_a_code(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=TaskFactory(plan=task.plan), code="a", binds=[town])
    assert why_not(task.plan) == ["有 2 个时间节点用了同一个编码 a，请删去重复的再添加。"]


def test_all_that_is_wrong_is_said_at_once(task, town):
    MilestoneFactory(task=task)
    MilestoneFactory(task=task, due_on=dt.date(2023, 1, 1), binds=[town])
    assert len(why_not(task.plan)) == 2


def test_what_is_only_doubtful_is_said_and_forbids_nothing(task, town, cast):
    idle = TaskFactory(plan=task.plan)
    past = MilestoneFactory(task=task, due_on=dt.date(2022, 4, 30), quote="规定期限前完成", binds=[town])
    odd = MilestoneFactory(task=task, quote="方案里没有的话", binds=[town])
    later = moment(dt.date(2022, 5, 5))
    assert [(c.milestone or c.task) for c in cautions(task.plan, later)] == [idle, past, odd]
    assert issue.issue(task.plan, by=cast.sfj, at=later) == 2


def test_a_day_that_an_amendment_moves_into_the_past_is_doubtful_one_that_it_leaves_is_not(task, town):
    for code, due in (("a", day(4, 30)), ("b", day(6, 30))):
        MilestoneFactory(task=task, code=code, due_on=due, binds=[town])
    draft = drafted(issued(task), dated_on=day(5, 1))
    set_limit("b", due_on=day(6, 10))(draft)
    (caution,) = cautions(Plan.objects.get(pk=draft.pk), AMENDED)
    assert (caution.milestone.code, "的期限 2022-06-10 已过" in caution.text) == ("b", True)


def test_line_breaks_of_the_printer_are_no_doubt(task, town):
    Plan.objects.update(text="各单位要在规定期\n限前完成 这项工作。")
    MilestoneFactory(task=task, quote="在规定期限前\n完成这项工作", binds=[town])
    assert cautions(Plan.objects.get(), AT) == []


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("甲……丙", True),
        ("甲…丙", True),
        ("丙……甲", False),
        ("甲……甲", False),
        ("……乙", True),
        ("", True),
        ("丁", False),
    ],
)
def test_words_that_leave_something_out_are_looked_for_piece_by_piece(quote, stands):
    assert stands_in(quote, "甲，乙，\n丙。") is stands


def test_a_recurring_duty_that_never_falls_due_is_doubtful(task, town):
    MilestoneFactory(task=task, yearly=True, months=[3], quote="完成这项工作", binds=[town])
    assert [caution.text.partition("”")[2] for caution in cautions(task.plan, AT)] == [
        "在方案期限（至 2022-12-31）以内一次也不会到期。"
    ]
