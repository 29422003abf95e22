"""What pages show of plans: who reads which, numbers that leave out what no rate counts, progress by light."""

import datetime as dt

import pytest

from reform import issue, plan_reading
from reform.lights import Light
from reform.models import Obligation, Plan
from reform.states import State
from tests.factories import MilestoneFactory, TaskFactory, UnitFactory, moment
from xingxian_portal.foundation import clock

ISSUED = moment(dt.date(2022, 4, 13))


@pytest.fixture(autouse=True)
def _june():
    with clock.held_at(moment(dt.date(2022, 6, 20))):
        yield


@pytest.fixture
def plan(cast):
    """A plan in force: a dated duty of three units, one of them closed, one revoked; and a continuous one."""
    task, units = TaskFactory(), UnitFactory.create_batch(3)
    MilestoneFactory(task=task, code="a", binds=units)
    MilestoneFactory(task=task, code="b", continuous=True, binds=units)
    issue.issue(task.plan, by=cast.sfj, at=ISSUED)
    first, second, _ = Obligation.objects.filter(milestone_code="a").order_by("pk").values_list("pk", flat=True)
    Obligation.objects.filter(pk=first).update(state=State.CLOSED, accepted_at=ISSUED)
    Obligation.objects.filter(pk=second).update(state=State.REVOKED)
    return Plan.objects.get()


def test_the_list_counts_what_a_rate_counts(plan, cast):
    row = plan_reading.listed(cast.weifen, "").get()
    assert (row.task_count, row.milestone_count, row.closed, row.owed) == (1, 2, 1, 2)


def test_the_auditor_and_strangers_read_no_plan(plan, cast):
    assert not plan_reading.listed(cast.audit, "").exists()


def test_a_draft_is_listed_for_who_writes_it(cast):
    TaskFactory()
    assert [plan_reading.listed(user, "drafts").count() for user in (cast.sfj, cast.sfjld, cast.weifen)] == [1, 1, 0]


def test_tasks_stand_under_their_headings_in_order(cast):
    plan = TaskFactory(position=3, heading_path=["三、工作要求"], title="丙").plan
    TaskFactory(plan=plan, position=1, heading_path=["二、任务分工"], title="甲")
    TaskFactory(plan=plan, position=2, heading_path=["二、任务分工"], title="乙")
    found = [
        (section.headings, [entry.task.title for entry in section.entries]) for section in plan_reading.sections(plan)
    ]
    assert found == [(["二、任务分工"], ["甲", "乙"]), (["三、工作要求"], ["丙"])]


def test_a_node_says_how_many_are_closed(plan):
    nodes = plan_reading.sections(plan)[0].entries[0].nodes
    assert [(node.closed, node.owed) for node in nodes] == [(1, 2), (0, 0)]


def test_a_node_is_unconfirmed_when_it_or_one_it_binds_is(plan):
    def unconfirmed():
        return [node.unconfirmed for node in plan_reading.sections(plan)[0].entries[0].nodes]

    assert unconfirmed() == [False, False]
    plan.tasks.get().milestones.get(code="a").parties.update(confirmed=False)
    plan.tasks.get().milestones.filter(code="b").update(confirmed=False)
    assert unconfirmed() == [True, True]


def test_a_tasks_occurrences_tell_their_lights_and_where_the_rows_are(plan):
    task = plan_reading.with_parts(plan.tasks.select_related("plan")).get()
    first = plan_reading.rounds(task)[0]
    assert (first.name, first.due_on, first.total) == ("一次", dt.date(2022, 6, 30), 3)
    assert {tally.light: tally.number for tally in first.tallies} == {
        Light.CLOSED: 1, Light.EXCUSED: 1, Light.IDLE: 1,
    }  # fmt: skip
    assert first.tallies[0].query == f"plan={plan.code}&task={task.code}&node=a.once&light={first.tallies[0].light}"
