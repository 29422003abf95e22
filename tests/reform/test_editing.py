"""Writing drafts of plans and tasks: what is kept, what is refused beside which input, two officers at once."""

import datetime as dt

import pytest

from liaisons.models import User
from reform import editing, editing_milestones, issue, rights
from reform.models import DataItem, Milestone, Plan, Task
from tests.factories import GroupFactory, ObligationFactory, UnitFactory
from tests.reform.drafting import AT, ITEM, MILESTONE, TASK, milestone, party, plan_values, refusal
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
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


def test_a_plan_is_made_as_a_draft_with_a_code_of_the_portals(plan, sfj):
    assert (plan.code, plan.state, plan.version, plan.created_by) == ("xsf-2022-77", Plan.DRAFT, 1, sfj)
    assert AuditEntry.objects.get(action="plan.create").after["issuer"] == "sfj"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"dated_on": dt.date(1900, 1, 1)}, "dated_on"),
        ({"dated_on": dt.date(2023, 4, 15)}, "dated_on"),
        ({"dated_on": dt.date(2099, 1, 1)}, "dated_on"),
        ({"term_ends_on": dt.date(2022, 4, 12)}, "term_ends_on"),
        ({"term_ends_on": dt.date(2028, 1, 1)}, "term_ends_on"),
        ({"term_ends_on": dt.date(2122, 1, 1)}, "term_ends_on"),
    ],
)
def test_dates_no_document_of_the_county_bears(sfj, plan, wrong, field):
    assert refusal(editing.create_plan, by=sfj, **plan_values(document_number="另号", **wrong)) == field
    assert refusal(editing.edit_plan, plan, by=sfj, **plan_values(**wrong)) == field


def test_a_document_number_belongs_to_one_plan(plan, sfj):
    assert refusal(editing.create_plan, by=sfj, **plan_values(title="别的")) == "document_number"
    other = editing.create_plan(by=sfj, **plan_values(document_number="另号"))
    assert refusal(editing.edit_plan, other, by=sfj, **plan_values()) == "document_number"
    editing.edit_plan(other, by=sfj, **plan_values(document_number="另号", title="自己的号不算重复"))


def test_a_form_without_a_number_sent_twice_makes_one_plan(sfj):
    editing.create_plan(by=sfj, **plan_values(document_number=""))
    assert refusal(editing.create_plan, by=sfj, **plan_values(document_number="")) == "title"


def test_a_long_text_stands_in_the_trail_by_its_beginning(sfj, plan):
    editing.edit_plan(plan, by=sfj, **plan_values(text="字" * 10000))
    entry = AuditEntry.objects.get(action="plan.edit")
    assert entry.after["text"] == "字" * 300 + "…（共 10000 字）"
    assert Plan.objects.get().text == "字" * 10000


def test_what_is_issued_is_not_edited(plan, task, sfj):
    one = milestone(task, sfj, [party(UnitFactory())])
    issue.issue(plan, by=sfj, at=AT)
    for verb in (
        lambda: editing.edit_plan(plan, by=sfj, **plan_values()),
        lambda: editing.delete_plan(plan, by=sfj),
        lambda: editing.create_task(plan, parties=[], by=sfj, **TASK | {"quote": "别的"}),
        lambda: editing.edit_task(task, parties=[], by=sfj, **TASK),
        lambda: editing.delete_task(task, by=sfj),
        lambda: milestone(task, sfj, title="别的"),
        lambda: editing_milestones.edit_milestone(one, parties=[], items=[], by=sfj, **MILESTONE),
        lambda: editing_milestones.delete_milestone(one, by=sfj),
    ):
        with pytest.raises(Refused, match="已经下达，不能再改"):
            verb()


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "lingdao", "pingcha"])
def test_only_who_edits_plans_writes_drafts(plan, task, name):
    by = User.objects.get(username=name)
    for verb in (
        lambda: editing.create_plan(by=by, **plan_values(document_number="另号")),
        lambda: editing.edit_plan(plan, by=by, **plan_values()),
        lambda: editing.create_task(plan, parties=[], by=by, **TASK),
        lambda: milestone(task, by),
        lambda: editing.delete_plan(plan, by=by),
    ):
        with pytest.raises(rights.Denied):
            verb()


def test_a_draft_is_thrown_away_with_all_it_holds(plan, task, sfj):
    milestone(task, sfj, [party(UnitFactory())], [ITEM])
    editing.delete_plan(plan, by=sfj)
    assert (Plan.objects.count(), Task.objects.count(), Milestone.objects.count(), DataItem.objects.count()) == (0,) * 4
    assert AuditEntry.objects.get(action="plan.delete").before["code"] == "xsf-2022-77"


def test_a_task_gets_its_code_and_place_and_parties(plan, task, sfj):
    town, group = UnitFactory(township=True), GroupFactory()
    editing.edit_task(task, parties=[party(town, "lead"), party(group)], by=sfj, **TASK)
    assert (task.code, task.position) == ("214", 1)
    assert [(p.role, p.unit or p.group, p.position) for p in task.parties.all()] == [
        ("lead", town, 1), ("responsible", group, 2),
    ]  # fmt: skip
    second = editing.create_task(plan, parties=[], by=sfj, **TASK | {"quote": "另一段"})
    assert (second.code, second.position) == ("214-2", 2)


def test_one_passage_is_one_task(plan, task, sfj):
    assert refusal(editing.create_task, plan, parties=[], by=sfj, **TASK) == "quote"


def test_a_task_deleted_twice_is_deleted_once(task, sfj):
    editing.delete_task(task, by=sfj)
    editing.delete_task(task, by=sfj)
    assert AuditEntry.objects.filter(action="task.delete").count() == 1
    assert refusal(editing.edit_task, task, parties=[], by=sfj, **TASK) is None


def test_two_officers_editing_one_task_do_not_overwrite_each_other(task, sfj, cast):
    seen = editing.stamp_of_task(task)
    edit = {"parties": [party(UnitFactory())], "seen": seen}
    editing.edit_task(task, by=sfj, **edit, **TASK)
    with pytest.raises(Stale):
        editing.edit_task(task, by=cast.sfjld, **edit | {"parties": []}, **TASK)
    assert task.parties.count() == 1
    editing.edit_task(task, by=sfj, **edit, **TASK)  # the same form sent twice
    assert task.parties.count() == 1


def test_what_a_unit_already_owes_something_of_is_not_deleted_and_that_is_said(sfj):
    owed = ObligationFactory().milestone
    for delete, row in (
        (editing.delete_plan, owed.task.plan),
        (editing.delete_task, owed.task),
        (editing_milestones.delete_milestone, owed),
    ):
        Plan.objects.update(state=Plan.DRAFT)
        with pytest.raises(Refused, match="已有单位的承办事项，不能删除"):
            delete(row, by=sfj)
    assert Milestone.objects.filter(pk=owed.pk).exists()
