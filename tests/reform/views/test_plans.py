"""The pages of plans: the shelves, one document, its draft."""

import datetime as dt

import pytest

from reform import issue
from reform.models import Plan
from tests.cast import client_of
from tests.factories import (
    DataItemFactory,
    GroupFactory,
    MilestoneFactory,
    PlanFactory,
    TaskFactory,
    UnitFactory,
    moment,
)
from tests.filling import again, errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is

FRAME = 4  # business time, session, account with unread notices, role grants
ISSUED = moment(dt.date(2022, 4, 13))
TYPED = {
    "title": "关于开展样例行动的方案", "document_number": "兴司发〔2022〕30号", "dated_on": "2022-06-20",
    "term_ends_on": "2022-12-31", "text": "各单位要在8月底前完成。",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def officer(cast):
    return client_of(cast.sfj)


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def in_force(cast, **plan):
    task = TaskFactory(plan__title="现行的方案", **{f"plan__{name}": value for name, value in plan.items()})
    MilestoneFactory(task=task, binds=[cast.weifen.unit])
    issue.issue(task.plan, by=cast.sfj, at=ISSUED)
    return Plan.objects.get(pk=task.plan_id)


# ── the shelves ────────────────────────────────────────────


def test_without_a_plan_the_list_says_what_to_do(officer, cast):
    assert "还没有方案" in page(officer, "/plans/")
    assert "还没有下达的方案" in page(client_of(cast.weifen), "/plans/")


def test_each_shelf_holds_its_own(officer, cast):
    PlanFactory(title="未完的方案")
    in_force(cast)
    order = TaskFactory(plan=PlanFactory(order=True, title="一件交办"))
    MilestoneFactory(task=order, binds=[cast.weifen.unit])
    issue.issue(order.plan, by=cast.sfj, at=ISSUED)
    titles = ["未完的方案", "现行的方案", "一件交办"]

    def on(shelf):
        html = page(officer, f"/plans/?shelf={shelf}")
        return [title for title in titles if title in html]

    assert (on(""), on("drafts"), on("plans"), on("orders"), on("former")) == (
        titles,
        titles[:1],
        titles[1:2],
        titles[2:],
        [],
    )
    assert on("nonsense") == titles


def test_drafts_are_seen_by_who_writes_them_alone(cast):
    draft = PlanFactory(title="未完的方案")
    for name in ("weifen", "lingdao", "admin", "anquan", "pingcha"):
        client = client_of(getattr(cast, name))
        assert "未完的方案" not in page(client, "/plans/") + page(client, "/plans/?shelf=drafts")
        assert client.get(f"/plans/{draft.pk}/").status_code == 404
    assert client_of(cast.sfjld).get(f"/plans/{draft.pk}/").status_code == 200


@pytest.mark.parametrize("plans", [1, 12])
def test_the_list_costs_two_queries_however_long(officer, cast, plans, django_assert_num_queries):
    for number in range(plans):
        in_force(cast, document_number=f"号{number}")
    with django_assert_num_queries(FRAME + 2):
        assert page(officer, "/plans/").count("0/1") == plans


# ── one document ───────────────────────────────────────────


def test_a_plan_is_the_countys_document(cast):
    plan = in_force(cast, text="各单位要在规定期限前完成这项工作，并报县司法局。")
    for name in ("weifen", "lingdao", "admin", "anquan", "pingcha"):
        html = page(client_of(getattr(cast, name)), f"/plans/{plan.pk}/")
        assert "2022年6月30日前" in html
        assert "蔚汾镇" in html
        assert "预览与下达" not in html
        assert "修订" not in html.partition("<main")[2].partition("<aside>")[0]


def test_it_says_who_issued_it_when_and_how_far_it_has_come(officer, cast):
    plan = in_force(cast)
    html = page(officer, f"/plans/{plan.pk}/")
    assert "司法科员　2022年4月13日 09:00" in html
    assert "销号 0/1" in html


@pytest.mark.parametrize("many", [1, 6])
def test_a_document_costs_the_same_however_long(officer, cast, many, django_assert_num_queries):
    plan = PlanFactory()
    for _ in range(many):
        task = TaskFactory(plan=plan, quote=f"原文{_}", leads=[UnitFactory()])
        for _ in range(many):
            DataItemFactory(milestone=MilestoneFactory(task=task, binds=[GroupFactory(units=[UnitFactory()])]))
    issue.issue(plan, by=cast.sfj, at=ISSUED)
    # plan; late joiners: openings, rows, three of memberships, calendar, milestones; sections: tasks and four of
    # their parts, progress; versions
    with django_assert_num_queries(FRAME + 1 + 9 + 6 + 1):
        assert page(officer, f"/plans/{plan.pk}/").count('class="plan-task"') == many


def test_words_that_are_not_the_plans_are_marked(officer, cast):
    plan = in_force(cast, text="完全不同的全文。")
    assert page(officer, f"/plans/{plan.pk}/").count("在方案全文里找不到") == 2


# ── the draft's document ───────────────────────────────────


def test_a_plan_is_written(officer, cast):
    answer = send(officer, "/plans/new/", **TYPED)
    plan = Plan.objects.get()
    assert answer["Location"] == f"/plans/{plan.pk}/"
    assert (plan.document_number, plan.code, plan.issuer, plan.created_by) == (
        "兴司发〔2022〕30号", "xsf-2022-30", cast.sfj.unit, cast.sfj,
    )  # fmt: skip
    assert "没有任务不能下达" in page(officer, f"/plans/{plan.pk}/")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "请填写标题。"),
        ({"title": "长" * 10000}, "最多 200 个字，现在有 10000 个。"),
        ({"title": "带\0字符"}, "有无法识别的字符，请删去后再试。"),
        ({"dated_on": "2022-02-30"}, "请填写日历上有的日期，如 2022-06-30。"),
        ({"dated_on": "1900-01-01"}, "日期应在 2000 年到 2099 年之间。"),
        ({"dated_on": "2122-01-01"}, "日期应在 2000 年到 2099 年之间。"),
        ({"dated_on": "2023-07-01", "term_ends_on": "2023-12-31"}, "成文日期最迟到 2023-06-21（一年以内）。"),
        ({"term_ends_on": "2022-06-19"}, "期限 2022-06-19 早于方案的成文日期 2022-06-20。"),
        ({"term_ends_on": "2028-01-01"}, "期限最迟到 2027-12-31（成文之年起 5 年）。"),
        ({"document_number": "样例发〔2022〕1号"}, "发文字号“样例发〔2022〕1号”已有方案使用。"),
        ({"issuer": "999999"}, "请在列表里选择一个现有的单位。"),
        ({"issuer": ""}, "请选择发文单位。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_input_and_nothing_typed_is_lost(officer, wrong, said):
    PlanFactory(document_number="样例发〔2022〕1号")
    answer = send(officer, "/plans/new/", **TYPED | wrong)
    assert answer.status_code == 200
    assert said in list(errors(answer))
    kept = inputs(answer.content.decode())
    assert {name: kept[name] for name in TYPED} == {name: (TYPED | wrong)[name] for name in TYPED}
    assert Plan.objects.count() == 1


def test_a_text_of_ten_thousand_characters_is_a_plans_text(officer):
    send(officer, "/plans/new/", **TYPED | {"text": "字" * 10000})
    assert Plan.objects.get().text == "字" * 10000


def test_two_officers_at_one_draft_do_not_overwrite_each_other(officer, cast):
    draft = PlanFactory(dated_on=TODAY)
    address = f"/plans/{draft.pk}/edit/"
    opened = officer.get(address)
    send(client_of(cast.sfjld), address, title="先到的标题")
    answer = again(officer, address, opened, title="后到的标题")
    assert "这个方案在您打开之后被别人改过" in "".join(errors(answer))
    assert inputs(answer.content.decode())["title"] == "后到的标题"
    assert Plan.objects.get().title == "先到的标题"
    again(officer, address, answer)
    assert Plan.objects.get().title == "后到的标题"


def test_a_draft_is_deleted_and_a_plan_in_force_is_not(officer, cast):
    draft, plan = PlanFactory(), in_force(cast)
    officer.post(f"/plans/{draft.pk}/delete/")
    assert not Plan.objects.filter(pk=draft.pk).exists()
    assert officer.post(f"/plans/{draft.pk}/delete/").status_code == 404
    officer.post(f"/plans/{plan.pk}/delete/")
    assert Plan.objects.filter(pk=plan.pk).exists()


def test_who_wants_to_edit_what_is_issued_is_told_the_way(officer, cast):
    plan = in_force(cast)
    task, node = plan.tasks.get(), plan.tasks.get().milestones.get()
    for address in (
        f"/plans/{plan.pk}/edit/", f"/plans/{plan.pk}/tasks/new/", f"/tasks/{task.pk}/edit/",
        f"/tasks/{task.pk}/milestones/new/", f"/milestones/{node.pk}/edit/", f"/orders/{plan.pk}/edit/",
    ):  # fmt: skip
        answer = officer.get(address, follow=True)
        assert messages(answer) == [f"{plan}已经下达，不能再改。需要变动的，请另起一份修订稿。"]
