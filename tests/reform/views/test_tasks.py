"""The pages of a task: read by all, written in drafts, rows of parties without JavaScript."""

import datetime as dt

import pytest

from reform import issue
from reform.models import Task, TaskParty
from reform.states import State
from tests.cast import client_of
from tests.factories import GroupFactory, MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.filling import again, errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is

FRAME = 4
TYPED = {
    "heading_path": "二、任务分工\n\n  （一）深入推进  ", "number": "4.", "title": "机构建设",
    "quote": "6月底前全部组建挂牌。",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def officer(cast):
    return client_of(cast.sfj)


@pytest.fixture
def plan():
    return PlanFactory(text="乡镇综合执法机构要在6月底前全部组建挂牌。")


def row(number, **typed):
    return {f"parties-{number}-{name}": value for name, value in typed.items()}


# ── reading ────────────────────────────────────────────────


def test_a_task_shows_its_words_its_parties_and_its_lights(cast):
    town, other = cast.weifen.unit, UnitFactory(township=True)
    node = MilestoneFactory(task__leads=[cast.sfj.unit], binds=[town, other])
    issue.issue(node.task.plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    node.obligations.filter(unit=other).update(state=State.REVIEW)
    for name in ("weifen", "lingdao", "admin", "pingcha", "sfj"):
        html = client_of(getattr(cast, name)).get(f"/tasks/{node.task_id}/").content.decode()
        assert node.task.quote in html
        assert "牵头单位" in html
        light = (
            f"/obligations/?plan={node.task.plan.code}&amp;task={node.task.code}&amp;node={node.code}.once&amp;light="
        )
        assert f'href="{light}review"' in html
        assert f'href="{light}idle"' in html
    assert client_of(cast.audit).get(f"/tasks/{node.task_id}/").status_code == 404


def test_a_drafts_task_is_read_by_who_writes_it_alone(cast, officer):
    task = TaskFactory()
    assert officer.get(f"/tasks/{task.pk}/").status_code == 200
    assert client_of(cast.weifen).get(f"/tasks/{task.pk}/").status_code == 404


@pytest.mark.parametrize("many", [1, 12])
def test_a_task_costs_the_same_however_many_owe_it(cast, officer, many, django_assert_num_queries):
    task = TaskFactory()
    for _ in range(3):
        MilestoneFactory(task=task, binds=[GroupFactory(units=UnitFactory.create_batch(many))])
    issue.issue(task.plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    with django_assert_num_queries(FRAME + 5 + 3):  # the task with four of its parts; rows, calendar
        officer.get(f"/tasks/{task.pk}/")


# ── writing ────────────────────────────────────────────────


def test_a_task_is_written_with_its_parties(officer, plan):
    town, group = UnitFactory(township=True), GroupFactory()
    address = f"/plans/{plan.pk}/tasks/new/"
    opened = officer.get(address)
    more = again(officer, address, opened, **TYPED | row(0, who=f"u{town.pk}", role="lead") | {"more": "parties"})
    assert list(errors(more)) == []
    assert inputs(more.content.decode())["parties-0-who"] == f"u{town.pk}"
    bureau = {"source": "bureau", "reason": "局务会确定", "decided_on": "2022-04-13", "to_confirm": "on"}
    answer = again(officer, address, more, **row(1, who=f"g{group.pk}", quote="各乡镇", **bureau))
    task = Task.objects.get()
    assert answer["Location"] == f"/tasks/{task.pk}/milestones/new/"
    assert (task.code, task.number, task.heading_path) == ("214", "4", ["二、任务分工", "（一）深入推进"])
    assert [(p.role, p.unit or p.group, p.source, p.quote, p.confirmed) for p in task.parties.all()] == [
        ("lead", town, "plan", "", True), ("responsible", group, "bureau", "各乡镇", False),
    ]  # fmt: skip


def test_rows_are_added_as_often_as_wanted_and_keep_what_was_typed(officer, plan):
    address = f"/plans/{plan.pk}/tasks/new/"
    page = officer.get(address)
    for number in range(4):
        page = again(officer, address, page, **TYPED | row(number, quote=f"称谓{number}") | {"more": "parties"})
    shown = inputs(page.content.decode())
    assert [shown[f"parties-{number}-quote"] for number in range(5)] == ["称谓0", "称谓1", "称谓2", "称谓3", ""]
    assert shown["quote"] == TYPED["quote"]
    assert not Task.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请填写名称。"),
        ({"title": "长" * 10000}, "最多 60 个字，现在有 10000 个。"),
        ({"quote": "长" * 20001}, "最多 20000 个字，现在有 20001 个。"),
        ({"heading_path": "一\n二\n三\n四\n五"}, "标题最多 4 级，一行一级。"),
        (row(0, quote="各乡镇"), "请选择单位或群组。"),
        (row(0, who="u999999"), "请在列表里选择。"),
        (row(0, who="drop table"), "请在列表里选择。"),
        (row(0, source="bureau"), "由县司法局确定的，请写明理由。"),
        (row(0, source="bureau"), "由县司法局确定的，请填写确定的日期。"),
        ({"parties-TOTAL_FORMS": "x"}, "表单不完整，请重新打开这一页再填。"),
        ({"parties-TOTAL_FORMS": "5000"}, "最多 60 行。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(officer, plan, wrong, said):
    answer = send(officer, f"/plans/{plan.pk}/tasks/new/", **TYPED | wrong)
    assert said in list(errors(answer))
    kept = inputs(answer.content.decode())
    assert {name: kept[name] for name in TYPED} == {name: (TYPED | wrong)[name] for name in TYPED}
    assert not Task.objects.exists()


def test_the_same_unit_twice_in_one_role_is_a_slip(officer, plan):
    town = UnitFactory(township=True)
    address = f"/plans/{plan.pk}/tasks/new/"
    page = again(officer, address, officer.get(address), **TYPED | row(0, who=f"u{town.pk}") | {"more": "parties"})
    answer = again(officer, address, page, **row(1, who=f"u{town.pk}"))
    assert "上面已有同一个单位或群组。" in list(errors(answer))
    again(officer, address, answer, **row(1, role="lead"))
    assert TaskParty.objects.count() == 2


def test_a_ticked_row_goes_even_when_it_is_wrong(officer, plan):
    town = UnitFactory(township=True)
    address = f"/plans/{plan.pk}/tasks/new/"
    page = again(officer, address, officer.get(address), **TYPED | row(0, who=f"u{town.pk}") | {"more": "parties"})
    again(officer, address, page, **row(1, quote="写错了", DELETE="on"))
    assert TaskParty.objects.get().unit == town


def test_words_that_are_not_the_plans_are_kept_with_a_warning(officer, plan):
    answer = send(officer, f"/plans/{plan.pk}/tasks/new/", **TYPED | {"quote": "方案里没有的话"})
    assert messages(officer.get(answer["Location"]))[0] == (
        "已保存，但这段原文在方案全文里找不到，请核对是否逐字摘录。"
    )
    assert Task.objects.get().quote == "方案里没有的话"


def test_one_passage_sent_twice_is_one_task(officer, plan):
    send(officer, f"/plans/{plan.pk}/tasks/new/", **TYPED)
    answer = send(officer, f"/plans/{plan.pk}/tasks/new/", **TYPED)
    assert "这段原文已经是一项任务，一段原文只建一项任务。" in list(errors(answer))
    assert Task.objects.count() == 1


def test_the_form_shows_the_task_and_changes_nothing_when_sent_as_it_is(officer, plan):
    closed = UnitFactory(closed_on=dt.date(2022, 5, 1))
    task = TaskFactory(plan=plan, leads=[UnitFactory(), closed])
    before = [(p.role, p.unit, p.confirmed) for p in task.parties.all()]
    send(officer, f"/tasks/{task.pk}/edit/")
    again_read = Task.objects.get()
    assert (again_read.title, again_read.heading_path, again_read.position) == (
        task.title, task.heading_path, task.position,
    )  # fmt: skip
    assert [(p.role, p.unit, p.confirmed) for p in again_read.parties.all()] == before


def test_two_officers_at_one_task_do_not_overwrite_each_other(officer, cast, plan):
    task = TaskFactory(plan=plan)
    address = f"/tasks/{task.pk}/edit/"
    opened = officer.get(address)
    send(client_of(cast.sfjld), address, **row(0, who=f"u{UnitFactory().pk}"))
    answer = again(officer, address, opened, title="后到的名称")
    assert "这项任务在您打开之后被别人改过" in "".join(errors(answer))
    assert (Task.objects.get().title, TaskParty.objects.count()) == (task.title, 1)
    again(officer, address, answer)
    assert (Task.objects.get().title, TaskParty.objects.count()) == ("后到的名称", 0)


def test_a_task_that_somebody_deleted_meanwhile(officer, plan):
    task = TaskFactory(plan=plan)
    officer.post(f"/tasks/{task.pk}/delete/")
    assert officer.get(f"/tasks/{task.pk}/edit/").status_code == 404
    assert officer.post(f"/tasks/{task.pk}/delete/").status_code == 404


@pytest.mark.parametrize("units", [2, 40])
def test_the_form_costs_the_same_however_many_units_there_are(officer, plan, units, django_assert_num_queries):
    task = TaskFactory(plan=plan, leads=UnitFactory.create_batch(units // 2))
    UnitFactory.create_batch(units // 2)
    with django_assert_num_queries(FRAME + 3 + 2 + 2):  # task, parties, no milestones; units, groups; mark
        officer.get(f"/tasks/{task.pk}/edit/")
