"""Writing drafts: what is kept, what is refused beside which input, two officers at once."""

import datetime as dt

import pytest

from liaisons.models import User
from reform import amendments, deadlines, editing, editing_milestones, issue, rights
from reform.models import DataItem, Milestone, Obligation, Plan, Task
from tests.cast import bureau, gather
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused, Stale

AT = moment(dt.date(2022, 4, 13), 15)
TASK = {"number": "4", "heading_path": ["二、任务分工", "（一）深入推进"], "title": "机构建设", "quote": "6月底前组建"}
MILESTONE = {
    "title": "组建挂牌", "short_title": "", "quote": "6月底前组建", "kind": deadlines.DATED,
    "due_on": dt.date(2022, 6, 30), "day": None, "months": [], "deliverable": Milestone.SUBMISSION,
}  # fmt: skip
ITEM = {"code": "", "label": "在岗人数", "kind": DataItem.COUNT, "measure": "人", "choices": [], "required": True}


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


def plan_values(**some):
    return {
        "document_number": "兴司发〔2022〕77号", "title": "样例方案", "issuer": bureau(), "dated_on": AT.date(),
        "term_ends_on": dt.date(2022, 12, 31), "text": "全文",
    } | some  # fmt: skip


def party(of, role="responsible", **some):
    kind = "group" if hasattr(of, "follows") else "unit"
    return {"role": role, kind: of, "source": "plan", "quote": "", "reason": "", "decided_on": None} | some


def milestone(task, by, parties=(), items=(), **some):
    return editing_milestones.create_milestone(task, parties=parties, items=items, by=by, **MILESTONE | some)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.field


# ── plans ──────────────────────────────────────────────────


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


# ── tasks ──────────────────────────────────────────────────


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


# ── milestones ─────────────────────────────────────────────


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
