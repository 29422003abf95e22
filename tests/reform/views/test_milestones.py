"""The form of a milestone: its limit, whom it binds, what it asks for."""

import datetime as dt

import pytest

from reform.models import DataItem, Milestone, Plan
from tests.cast import client_of
from tests.factories import DataItemFactory, GroupFactory, MilestoneFactory, TaskFactory, UnitFactory
from tests.filling import again, errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is

FRAME = 4
TYPED = {"title": "组建挂牌", "quote": "6月底前全部组建挂牌", "kind": "dated", "due_on": "2022-06-30"}


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def officer(cast):
    return client_of(cast.sfj)


@pytest.fixture
def task(cast):
    return TaskFactory(leads=[cast.weifen.unit], plan__text="乡镇综合执法机构要在6月底前全部组建挂牌。")


def address_of(task):
    return f"/tasks/{task.pk}/milestones/new/"


def item(number, **typed):
    return {f"items-{number}-{name}": value for name, value in typed.items()}


def test_a_new_milestone_begins_with_the_tasks_parties(officer, task, cast):
    answer = send(officer, address_of(task), **TYPED)
    assert answer["Location"] == f"/plans/{task.plan_id}/#task-{task.pk}"
    node = Milestone.objects.get()
    assert (node.code, node.title, node.short_title, node.due_on, node.deliverable) == (
        f"{task.code}-1", "组建挂牌", "组建挂牌", dt.date(2022, 6, 30), "submission",
    )  # fmt: skip
    assert [(party.unit, party.role) for party in node.parties.all()] == [(cast.weifen.unit, "lead")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"kind": "undated"}, ("undated", None, None, [])),
        ({"kind": "monthly", "day": "21"}, ("monthly", None, 21, [])),
        ({"kind": "yearly", "months": ["12", "6"]}, ("yearly", None, None, [6, 12])),
        ({"kind": "continuous"}, ("continuous", None, None, [])),
    ],
)
def test_each_kind_of_limit_is_written(officer, task, typed, kept):
    send(officer, address_of(task), **TYPED | typed)
    node = Milestone.objects.get()
    assert (node.kind, node.due_on, node.day, node.months) == kept


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"kind": None}, "请选择怎样到期。"),
        ({"kind": "weekly"}, "请选择怎样到期。"),
        ({"due_on": ""}, "请填写期限。"),
        ({"due_on": "2022-02-30"}, "请填写日历上有的日期，如 2022-06-30。"),
        ({"due_on": "1900-01-01"}, "日期应在 2000 年到 2099 年之间。"),
        ({"due_on": "2122-01-01"}, "日期应在 2000 年到 2099 年之间。"),
        ({"due_on": "2022-04-12"}, "期限 2022-04-12 早于方案的成文日期 2022-04-13。"),
        ({"due_on": "2023-01-01"}, "期限 2023-01-01 晚于方案的期限 2022-12-31。确需更晚的，请先改方案的期限。"),
        ({"kind": "monthly"}, "请填写每月几日前。"),
        ({"kind": "monthly", "day": "32"}, "请填写 1 到 31 的整数。"),
        ({"kind": "monthly", "day": "0"}, "请填写 1 到 31 的整数。"),
        ({"kind": "monthly", "day": "二十一"}, "请填写 1 到 31 的整数。"),
        ({"kind": "yearly"}, "请勾选月份。"),
        ({"kind": "yearly", "months": ["13"]}, "请在 1 到 12 月里勾选。"),
        (
            {"kind": "monthly", "day": "21", "deliverable": "liaison"},
            "定期的和持续的节点以报送办结，不能以其他方式办结。",
        ),
        ({"title": "长" * 10000}, "最多 60 个字，现在有 10000 个。"),
        ({"short_title": "九个字的名称太长了"}, "最多 8 个字，现在有 9 个。"),
        (item(0, measure="人"), "请填写名称。"),
        (item(0, label="等次", kind="choice", choices="优秀"), "“选择”类的数据项请至少写两个可选值。"),
        (item(0, label="等次", kind="choice", choices="长" * 41 + "、短"), "每个可选值最多 40 个字。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_input_and_nothing_typed_is_lost(officer, task, wrong, said):
    answer = send(officer, address_of(task), **TYPED | wrong)
    assert answer.status_code == 200
    assert said in list(errors(answer))
    kept = inputs(answer.content.decode())
    for name, value in (TYPED | wrong).items():
        if name not in {"kind", "months"}:
            assert kept[name] == value
    assert not Milestone.objects.exists()


def test_ten_thousand_characters_are_a_quote(officer, task):
    send(officer, address_of(task), **TYPED | {"quote": "字" * 10000})
    assert len(Milestone.objects.get().quote) == 10000


def test_words_that_are_not_the_plans_are_kept_with_a_warning(officer, task):
    answer = send(officer, address_of(task), **TYPED | {"quote": "七月底前"})
    assert messages(officer.get(answer["Location"]))[0].startswith("已保存，但这段原文在方案全文里找不到")


def test_data_items_are_written_with_a_row_more(officer, task):
    address = address_of(task)
    first = item(0, label="在岗人数", measure="人", required="on")
    page = again(officer, address, officer.get(address), **TYPED | first | {"more": "items"})
    assert list(errors(page)) == []
    again(officer, address, page, **item(1, label="等次", kind="choice", choices="优秀、合格，不合格、合格"))
    assert [(i.label, i.code, i.required, i.choices) for i in DataItem.objects.order_by("position")] == [
        ("在岗人数", "zgrs", True, []), ("等次", "dc", False, ["优秀", "合格", "不合格"]),
    ]  # fmt: skip


def test_two_items_of_one_name_are_a_slip(officer, task):
    address = address_of(task)
    page = again(officer, address, officer.get(address), **TYPED | item(0, label="人数") | {"more": "items"})
    answer = again(officer, address, page, **item(1, label="人数"))
    assert "上面已有同名的数据项。" in list(errors(answer))


def test_one_after_another(officer, task):
    answer = send(officer, address_of(task), **TYPED, another="1")
    assert answer["Location"] == address_of(task)


def test_a_form_sent_twice_makes_one_milestone(officer, task):
    send(officer, address_of(task), **TYPED)
    answer = send(officer, address_of(task), **TYPED)
    assert "这项任务下已有同名的时间节点，请换一个名称。" in list(errors(answer))
    assert Milestone.objects.count() == 1


def test_the_form_shows_the_milestone_and_changes_nothing_when_sent_as_it_is(officer, task):
    node = MilestoneFactory(
        task=task, yearly=True, needs_cosign=True, confirmed=False, note="说明", binds=[GroupFactory()]
    )
    DataItemFactory(milestone=node, kind="choice", choices=["甲", "乙"], confirmed=False)
    fields = [
        "title",
        "short_title",
        "quote",
        "kind",
        "months",
        "needs_cosign",
        "confirmed",
        "note",
        "position",
        "code",
    ]

    def facts():
        row = Milestone.objects.get()
        items = row.data_items.values_list("code", "label", "kind", "choices", "required", "confirmed")
        return [getattr(row, f) for f in fields], list(items), list(row.parties.values_list("group", "role", "source"))

    before = facts()
    answer = send(officer, f"/milestones/{node.pk}/edit/")
    assert answer.status_code == 302
    assert facts() == before


def test_two_officers_at_one_milestone_do_not_overwrite_each_other(officer, cast, task):
    node = MilestoneFactory(task=task, binds=[UnitFactory()])
    address = f"/milestones/{node.pk}/edit/"
    opened = officer.get(address)
    send(client_of(cast.sfjld), address, due_on="2022-08-31")
    answer = again(officer, address, opened, due_on="2022-09-30", title="后到的名称")
    assert "这个时间节点在您打开之后被别人改过" in "".join(errors(answer))
    shown = inputs(answer.content.decode())
    assert (shown["due_on"], shown["title"]) == ("2022-09-30", "后到的名称")
    assert Milestone.objects.get().due_on == dt.date(2022, 8, 31)
    again(officer, address, answer)
    assert Milestone.objects.get().due_on == dt.date(2022, 9, 30)


def test_a_milestone_is_deleted_from_a_draft_alone(officer, task, cast):
    node = MilestoneFactory(task=task)
    for name in ("weifen", "admin", "lingdao"):
        assert client_of(getattr(cast, name)).post(f"/milestones/{node.pk}/delete/").status_code == 404
    officer.post(f"/milestones/{node.pk}/delete/")
    assert not Milestone.objects.exists()
    kept = MilestoneFactory(binds=[UnitFactory()])
    Plan.objects.filter(pk=kept.task.plan_id).update(
        state=Plan.ISSUED, issued_at="2022-04-13T00:00Z", issued_by=cast.sfj
    )
    answer = officer.post(f"/milestones/{kept.pk}/delete/", follow=True)
    assert "已经下达，不能再改" in messages(answer)[-1]
    assert Milestone.objects.exists()


@pytest.mark.parametrize("units", [2, 40])
def test_the_form_costs_the_same_however_many_units_there_are(officer, task, units, django_assert_num_queries):
    node = MilestoneFactory(task=task, binds=UnitFactory.create_batch(units))
    for _ in range(units // 2):
        DataItemFactory(milestone=node)
    with django_assert_num_queries(FRAME + 3 + 2 + 3):  # milestone, parties, items; units, groups; mark
        officer.get(f"/milestones/{node.pk}/edit/")
