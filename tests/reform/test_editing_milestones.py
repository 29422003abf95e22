"""Writing a draft's milestones: what a kind keeps, what is refused beside which input, codes, two officers at once."""

import datetime as dt

import pytest

from reform import amendments, deadlines, editing, editing_milestones, issue
from reform.models import Milestone, Obligation
from tests.cast import gather
from tests.factories import MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.races import at_once
from tests.reform.drafting import AT, ITEM, MILESTONE, TASK, milestone, party, plan_values, refusal
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused, Stale


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.held_at(AT):
        yield


@pytest.fixture
def sfj(cast):
    return cast.sfj


@pytest.fixture
def plan(sfj):
    return editing.create_plan(by=sfj, **plan_values())


@pytest.fixture
def task(plan, sfj):
    return editing.create_task(plan, parties=[], by=sfj, **TASK)


def test_a_milestone_is_made_with_what_hangs_on_it(task, sfj):
    town = UnitFactory(township=True)
    decided = {"source": "bureau", "reason": "局务会决定", "decided_on": AT.date(), "confirmed": False}
    one = milestone(task, sfj, [party(town, **decided)], [ITEM, ITEM | {"label": "在岗 人数"}])
    assert (one.code, one.short_title, one.due_on) == ("214-1", "组建挂牌", dt.date(2022, 6, 30))
    bound = one.parties.get()
    assert (bound.unit, bound.source, bound.reason, bound.confirmed) == (town, "bureau", "局务会决定", False)
    assert [(item.code, item.position) for item in one.data_items.all()] == [("zgrs", 1), ("zg-rs", 2)]


@pytest.mark.parametrize(
    ("kind", "kept"),
    [
        (deadlines.DATED, (dt.date(2022, 6, 30), None, [])),
        (deadlines.UNDATED, (None, None, [])),
        (deadlines.MONTHLY, (None, 21, [])),
        (deadlines.YEARLY, (None, None, [6, 12])),
        (deadlines.CONTINUOUS, (None, None, [])),
    ],
)
def test_a_kind_keeps_only_what_it_asks_for(task, sfj, kind, kept):
    one = milestone(task, sfj, kind=kind, day=21, months=[12, 6])
    assert (one.due_on, one.day, one.months) == kept


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"due_on": None}, "due_on"),
        ({"due_on": dt.date(2022, 4, 12)}, "due_on"),
        ({"due_on": dt.date(2023, 1, 1)}, "due_on"),
        ({"due_on": dt.date(2122, 1, 1)}, "due_on"),
        ({"kind": deadlines.MONTHLY}, "day"),
        ({"kind": deadlines.YEARLY}, "months"),
        ({"kind": deadlines.MONTHLY, "day": 21, "deliverable": Milestone.CASE_REVIEW}, "deliverable"),
        ({"kind": deadlines.CONTINUOUS, "deliverable": Milestone.LIAISON}, "deliverable"),
    ],
)
def test_a_limit_that_means_nothing_is_refused_beside_its_input(task, sfj, wrong, field):
    with pytest.raises(Refused) as refused:
        milestone(task, sfj, **wrong)
    assert refused.value.field == field
    one = milestone(task, sfj)
    values = MILESTONE | wrong
    assert refusal(editing_milestones.edit_milestone, one, parties=[], items=[], by=sfj, **values) == field


def test_one_name_is_one_milestone_of_a_task(task, sfj):
    milestone(task, sfj)
    with pytest.raises(Refused) as refused:
        milestone(task, sfj)
    assert refused.value.field == "title"


def test_an_item_keeps_its_code_under_a_new_label(task, sfj):
    one = milestone(task, sfj, items=[ITEM])
    items = [ITEM | {"label": "新的"}, ITEM | {"code": "zgrs", "label": "在编在岗人数"}, ITEM | {"code": "forged"}]
    editing_milestones.edit_milestone(one, parties=[], items=items, by=sfj, **MILESTONE)
    assert [(item.label, item.code) for item in one.data_items.all()] == [
        ("新的", "xd"), ("在编在岗人数", "zgrs"), ("在岗人数", "zgrs-2"),
    ]  # fmt: skip


def test_two_officers_editing_one_milestone_do_not_overwrite_each_other(task, sfj, cast):
    one = milestone(task, sfj, items=[ITEM])
    seen = editing_milestones.stamp_of_milestone(one)
    edit = {"parties": [], "items": [ITEM | {"code": "zgrs", "required": False}], "seen": seen}
    editing_milestones.edit_milestone(one, by=sfj, **edit, **MILESTONE)
    with pytest.raises(Stale):
        editing_milestones.edit_milestone(one, by=cast.sfjld, **edit | {"items": []}, **MILESTONE)
    assert not one.data_items.get().required


def test_a_code_once_used_in_any_version_is_not_used_again(sfj):
    gone = MilestoneFactory(task=TaskFactory(code="214"), code="214-1", binds=[UnitFactory()])
    MilestoneFactory(task=gone.task, code="214-2", binds=[UnitFactory()])
    plan = gone.task.plan
    issue.issue(plan, by=sfj, at=AT)
    draft = amendments.draft_amendment(plan, document_number="另号", dated_on=AT.date(), by=sfj)
    editing_milestones.delete_milestone(Milestone.objects.get(task__plan=draft, code="214-1"), by=sfj)
    new = milestone(draft.tasks.get(), sfj, [party(UnitFactory())])
    assert new.code == "214-3"
    issue.issue(draft, by=sfj, at=AT)
    assert Obligation.objects.filter(milestone_code="214-3").count() == 1


def test_an_amendment_may_move_a_milestone_but_not_turn_it_into_another_kind(sfj):
    old = MilestoneFactory(undated=True, binds=[UnitFactory()])
    issue.issue(old.task.plan, by=sfj, at=AT)
    draft = amendments.draft_amendment(old.task.plan, document_number="另号", dated_on=AT.date(), by=sfj)
    twin = Milestone.objects.get(task__plan=draft)
    edit = {"parties": [], "items": [], "by": sfj}
    editing_milestones.edit_milestone(twin, **edit, **MILESTONE)
    monthly = MILESTONE | {"kind": deadlines.MONTHLY, "day": 21}
    assert refusal(editing_milestones.edit_milestone, twin, **edit, **monthly) == "kind"


def test_an_amendment_keeps_a_date_before_its_own(sfj):
    old = MilestoneFactory(due_on=AT.date(), binds=[UnitFactory()])
    issue.issue(old.task.plan, by=sfj, at=AT)
    later = moment(dt.date(2022, 6, 20))
    with clock.held_at(later):
        draft = amendments.draft_amendment(old.task.plan, document_number="另号", dated_on=later.date(), by=sfj)
        twin = Milestone.objects.get(task__plan=draft)
        values = MILESTONE | {"due_on": AT.date(), "title": "新名称"}
        editing_milestones.edit_milestone(twin, parties=[], items=[], by=sfj, **values)
        values["due_on"] = dt.date(2022, 6, 1)
        assert refusal(editing_milestones.edit_milestone, twin, parties=[], items=[], by=sfj, **values) == "due_on"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_draft_edited_while_it_is_issued_is_edited_before_or_not_at_all():
    people, unit = gather(), UnitFactory()
    plan = PlanFactory()
    one = MilestoneFactory(task=TaskFactory(plan=plan), due_on=dt.date(2022, 6, 30), binds=[unit])
    values = MILESTONE | {"due_on": dt.date(2022, 7, 31)}
    done = at_once(
        lambda: issue.issue(plan, by=people.sfj, at=AT),
        lambda: editing_milestones.edit_milestone(one, parties=[party(unit)], items=[], by=people.sfjld, **values),
    )
    assert done[0] == 1
    due_on = Obligation.objects.get().due_on
    assert due_on == Milestone.objects.get().due_on
    assert isinstance(done[1], Refused) == (due_on == dt.date(2022, 6, 30))
