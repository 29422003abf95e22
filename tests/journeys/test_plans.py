"""A plan in the browser from its document to the duties it makes, with and without JavaScript; its pages accessible."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from reform import amendments, issue
from reform.models import DataItem, Milestone, Obligation, Plan, Task
from tests.cast import gather
from tests.factories import DataItemFactory, GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from tests.journeys.walking import faults, log_in, overflow, violations
from xingxian_portal.foundation import clock

SIZES = [(1440, 900), (390, 844)]
JUNE = dt.date(2022, 6, 20)
PAGES = {
    "sfj": [
        "/plans/", "/plans/?shelf=former", "/plans/new/", "/plans/{plan}/", "/plans/{plan}/amend/", "/plans/{plan}/term/",
        "/plans/{draft}/", "/plans/{draft}/edit/", "/plans/{draft}/preview/", "/plans/{draft}/tasks/new/", "/tasks/{task}/",
        "/tasks/{node_task}/edit/", "/tasks/{node_task}/milestones/new/", "/milestones/{node}/edit/", "/orders/new/",
        "/units/", "/groups/", "/groups/{group}/",
    ],
    "admin": [
        "/units/", "/units/new/", "/units/{unit}/", "/units/{unit}/edit/", "/units/{unit}/aliases/", "/units/{unit}/merge/",
        "/units/{unit}/dissolve/", "/groups/", "/groups/new/", "/groups/{group}/", "/groups/{follower}/",
        "/groups/{group}/edit/", "/groups/{group}/aliases/", "/groups/{group}/members/{member}/leave/",
    ],
}  # fmt: skip


@pytest.fixture
def places(db) -> dict[str, int]:
    """A plan in force, an amendment of it with something wrong, groups, and where each is found."""
    people = gather()
    clock.start_demo(moment(JUNE, 8, 30))
    unit = people.weifen.unit
    assert unit
    group = GroupFactory(name="各乡镇人民政府", units=[unit, *UnitFactory.create_batch(5, township=True)])
    task = TaskFactory(leads=[people.sfj.unit], plan__text="各单位要在规定期限前完成这项工作，并报县司法局。")
    DataItemFactory(milestone=MilestoneFactory(task=task, binds=[group]))
    MilestoneFactory(task=task, monthly=True, binds=[group])
    MilestoneFactory(task=task, yearly=True, confirmed=False, binds=[unit])
    issue.issue(task.plan, by=people.sfj, at=moment(dt.date(2022, 4, 13)))
    draft = amendments.draft_amendment(task.plan, document_number="样例发〔2022〕99号", dated_on=JUNE, by=people.sfj)
    node = Milestone.objects.filter(task__plan=draft).earliest("position")
    Milestone.objects.filter(pk=node.pk).update(due_on=dt.date(2022, 6, 1), quote="方案里没有的话")
    Milestone.objects.filter(task__plan=draft, kind="yearly").delete()
    return {
        "plan": task.plan_id, "draft": draft.pk, "task": task.pk, "node_task": node.task_id, "node": node.pk,
        "unit": unit.pk, "group": group.pk, "follower": GroupFactory(follows=group).pk,
        "member": group.memberships.get(unit=unit).pk,
    }  # fmt: skip


@pytest.mark.screens
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_plans_and_units_are_accessible_and_fit(new_page, places, size, who):
    page = new_page(*size)
    log_in(page, who)
    assert faults(page, [address.format(**places) for address in PAGES[who]]) == {}


def test_a_form_with_mistakes_is_accessible_too(new_page, places):
    page = new_page(390, 844)
    log_in(page, "sfj")
    page.goto("/tasks/{node_task}/milestones/new/".format(**places))
    page.fill("[name=items-0-measure]", "人")
    page.get_by_role("button", name="保存", exact=True).last.click()
    expect(page.get_by_text("有需要修改的地方，已填的内容都还在。")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)


@pytest.fixture
def county(db) -> None:
    """The bureau, a township in its group, and nothing to do yet."""
    people = gather()
    clock.start_demo(moment(JUNE, 8, 30))
    GroupFactory(name="各乡镇人民政府", units=[people.weifen.unit, UnitFactory(township=True, short_name="样例乡")])


def write_plan(page: Page) -> None:
    page.goto("/plans/new/")
    page.fill("[name=title]", "关于开展样例行动的实施方案")
    page.fill("[name=document_number]", "兴司发〔2022〕30号")
    page.fill("[name=text]", "各乡镇要在8月底前完成组建，并于每月21日前报告。")
    page.get_by_role("button", name="建立草稿").click()
    page.get_by_role("link", name="添加任务").first.click()
    page.fill("[name=heading_path]", "二、任务分工")
    page.fill("[name=number]", "1")
    page.fill("[name=title]", "组建机构")
    page.fill("[name=quote]", "各乡镇要在8月底前完成组建，并于每月21日前报告。")
    page.select_option("[name=parties-0-who]", label="各乡镇人民政府")
    page.get_by_role("button", name="保存并添加节点").click()


def write_dated(page: Page) -> None:
    page.fill("[name=quote]", "8月底前完成组建")
    page.fill("[name=title]", "组建挂牌")
    page.fill("[name=due_on]", "2022-08-31")
    page.fill("[name=items-0-label]", "在岗人数")
    page.locator("#items button", has_text="再加一行").click()
    page.fill("[name=items-1-label]", "持证人数")
    page.get_by_role("button", name="保存并再添加一个").click()


def write_monthly(page: Page) -> None:
    page.fill("[name=quote]", "每月21日前报告")
    page.fill("[name=title]", "每月报告")
    page.get_by_label("每月", exact=True).check()
    page.fill("[name=day]", "21")
    page.get_by_role("button", name="保存", exact=True).last.click()


@pytest.mark.parametrize(("size", "scripts"), [(SIZES[0], True), (SIZES[1], False)])
def test_a_plan_is_written_previewed_and_issued(new_page, county, size, scripts):
    page = new_page(*size, java_script_enabled=scripts)
    log_in(page, "sfj")
    write_plan(page)
    write_dated(page)
    write_monthly(page)
    page.get_by_role("link", name="预览与下达").click()
    expect(page.get_by_text("2022年8月31日（星期三）")).to_be_visible()
    page.get_by_role("button", name="下达").click()
    expect(page.get_by_text("已下达，产生 4 项承办事项。")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="下达").click()
    expect(page.get_by_text("已经下达过，没有重复产生任何事项。")).to_be_visible()
    assert (Plan.objects.count(), Task.objects.count(), Obligation.objects.count()) == (1, 1, 4)
    assert sorted(DataItem.objects.values_list("label", flat=True)) == ["在岗人数", "持证人数"]


def test_only_what_the_chosen_kind_asks_for_is_shown(new_page, places):
    page = new_page()
    log_in(page, "sfj")
    page.goto("/tasks/{node_task}/milestones/new/".format(**places))
    asked = {"一次，有期限": "due_on", "每月": "day", "每年的若干月份": "months", "持续": "", "一次，未定期限": ""}
    for kind, name in asked.items():
        page.get_by_label(kind, exact=True).check()
        shown = [other for other in ("due_on", "day", "months") if page.locator(f"[name={other}]").first.is_visible()]
        assert shown == ([name] if name else [])


def test_an_enter_key_saves_instead_of_adding_a_row(new_page, places):
    page = new_page()
    log_in(page, "sfj")
    page.goto("/milestones/{node}/edit/".format(**places))
    page.fill("[name=due_on]", "2022-07-31")
    page.fill("[name=quote]", "在规定期限前完成这项工作")
    page.locator("[name=title]").press("Enter")
    expect(page).to_have_url(re.compile(f"#task-{places['node_task']}$"))
    assert Milestone.objects.get(pk=places["node"]).due_on == dt.date(2022, 7, 31)
