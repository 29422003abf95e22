"""The one form of a 交办."""

import datetime as dt

import pytest

from reform.models import Milestone, Obligation, Plan
from tests.cast import client_of
from tests.factories import GroupFactory, UnitFactory
from tests.filling import again, errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is

FRAME = 4
TYPED = {"title": "报送执法人员名册", "basis": "按照县领导批示，请报名册。", "due_on": "2022-07-08"}


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def officer(cast):
    return client_of(cast.sfj)


@pytest.fixture
def town(cast):
    return cast.weifen.unit


def test_an_order_is_written_previewed_and_issued(officer, town):
    answer = send(officer, "/orders/new/", **TYPED, townships=[town.pk])
    plan = Plan.objects.get()
    assert answer["Location"] == f"/plans/{plan.pk}/preview/"
    html = officer.get(answer["Location"]).content.decode()
    assert "蔚汾镇" in html
    seen = html.partition('name="seen" value="')[2].partition('"')[0]
    answer = officer.post(f"/plans/{plan.pk}/issue/", {"seen": seen}, follow=True)
    assert messages(answer) == ["已下达，产生 1 项承办事项。"]
    row = Obligation.objects.get()
    assert (row.unit, row.due_on, row.milestone.title) == (town, dt.date(2022, 7, 8), "报送执法人员名册")


def test_an_order_is_given_at_once(officer, cast):
    group = GroupFactory(units=[cast.weifen.unit, UnitFactory(township=True)])
    data = {"items-0-label": "在岗人数", "items-0-measure": "人"}
    answer = send(officer, "/orders/new/", **TYPED | data, groups=[group.pk], departments=[cast.scj.unit.pk], issue="1")
    assert messages(officer.get(answer["Location"])) == ["已下达，产生 3 项承办事项。"]
    assert Milestone.objects.get().data_items.get().label == "在岗人数"


def test_a_double_click_gives_one_order(officer, town):
    page = officer.get("/orders/new/")
    typed = TYPED | {"townships": [town.pk], "issue": "1"}
    first, second = (again(officer, "/orders/new/", page, **typed) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert messages(officer.get(second["Location"])) == [
        "已下达，产生 1 项承办事项。", "已经下达过，没有重复产生任何事项。",
    ]  # fmt: skip
    assert (Plan.objects.count(), Obligation.objects.count()) == (1, 1)


def test_a_row_more_keeps_the_token(officer, town):
    page = officer.get("/orders/new/")
    more = again(officer, "/orders/new/", page, **TYPED, townships=[town.pk], more="items")
    before, after = (inputs(shown.content.decode()) for shown in (page, more))
    assert after["token"] == before["token"]
    assert (after["title"], after["townships"]) == (TYPED["title"], [str(town.pk)])
    assert list(errors(more)) == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"townships": None}, "请至少勾选一个单位或群组。"),
        ({"townships": ["999999"]}, "请在列表里勾选现有的单位。"),
        ({"title": ""}, "请填写交办什么。"),
        ({"basis": ""}, "请填写依据和要求。"),
        ({"due_on": "2022-06-19"}, "期限 2022-06-19 早于方案的成文日期 2022-06-20。"),
        ({"due_on": "2028-01-01"}, "期限最迟到 2027-12-31。"),
        ({"due_on": "2122-01-01"}, "日期应在 2000 年到 2099 年之间。"),
        ({"token": "假的"}, "这张表单已失效，请重新打开“新建交办”再填。"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(officer, town, wrong, said):
    answer = send(officer, "/orders/new/", **TYPED | {"townships": [town.pk]} | wrong)
    assert answer.status_code == 200
    assert said in list(errors(answer))
    kept = inputs(answer.content.decode())
    assert {name: kept[name] for name in TYPED} == {name: (TYPED | wrong)[name] for name in TYPED}
    assert not Plan.objects.exists()


def test_a_group_that_contains_nobody_is_told_before_anything_is_given(officer):
    group = GroupFactory(name="空群组")
    answer = send(officer, "/orders/new/", **TYPED, groups=[group.pk], issue="1")
    page = officer.get(answer["Location"])
    assert messages(page) == ["还有 1 个问题，没有下达。"]
    assert "里一个单位也没有" in page.content.decode()
    assert not Obligation.objects.exists()


def test_an_order_is_revised_until_it_is_given(officer, town, cast):
    send(officer, "/orders/new/", **TYPED, townships=[town.pk])
    plan = Plan.objects.get()
    address = f"/orders/{plan.pk}/edit/"
    opened = officer.get(address)
    assert inputs(opened.content.decode())["townships"] == [str(town.pk)]
    answer = again(officer, address, opened, due_on="", departments=[cast.scj.unit.pk])
    assert answer["Location"] == f"/plans/{plan.pk}/preview/"
    node = Milestone.objects.get()
    assert (node.kind, [party.unit for party in node.parties.all()]) == ("undated", [town, cast.scj.unit])
    answer = again(client_of(cast.sfjld), address, opened, title="后到的")
    assert "这件交办在您打开之后被别人改过" in "".join(errors(answer))


def test_a_plan_is_no_order(officer):
    send(officer, "/plans/new/", title="方案", document_number="号")
    plan = Plan.objects.get()
    assert officer.get(f"/orders/{plan.pk}/edit/")["Location"] == f"/plans/{plan.pk}/edit/"


@pytest.mark.parametrize("units", [1, 30])
def test_the_form_costs_the_same_however_many_units_there_are(officer, units, django_assert_num_queries):
    GroupFactory.create_batch(units, units=UnitFactory.create_batch(units))
    with django_assert_num_queries(FRAME + 1 + 3):  # the bureau; issuers, units, groups
        officer.get("/orders/new/")
