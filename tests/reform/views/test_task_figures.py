"""A task's figures: added up by group and unit from the last filing that stands, each leading to it."""

import datetime as dt

import pytest

from liaisons import roles
from reform import proposals, review, task_figures
from reform.models import DataItem, MilestoneParty, Party, Plan, Proposal
from tests.cast import client_of, department, township
from tests.factories import (
    DataItemFactory,
    GroupFactory,
    MilestoneFactory,
    ObligationFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
)
from tests.reform.filings import JUNE_20, hand_in
from tests.reform.views.bureau import NOON, let_it_be_noon, page, queries

JUNE_24 = dt.date(2022, 6, 24)


@pytest.fixture(autouse=True)
def _noon(db):
    let_it_be_noon()


@pytest.fixture
def task(cast):
    task = TaskFactory(leads=[department()])
    Plan.objects.filter(pk=task.plan_id).update(state=Plan.ISSUED, issued_at=NOON, issued_by=cast.sfj)
    task.refresh_from_db()
    return task


@pytest.fixture
def node(task):
    node = MilestoneFactory(task=task)
    DataItemFactory(milestone=node, code="heads", label="在岗人数", position=1)
    DataItemFactory(milestone=node, code="spent", label="经费", kind=DataItem.AMOUNT, required=False, position=2)
    DataItemFactory(milestone=node, code="office", label="有办公场所", kind=DataItem.YES_NO, required=False, position=3)
    DataItemFactory(milestone=node, code="hung", label="挂牌日期", kind=DataItem.DATE, required=False, position=4)
    return node


def someone(unit):
    return UserFactory(unit=unit, role=roles.LIAISON)


def duty(node, unit=None, **given):
    return ObligationFactory(milestone=node, unit=unit or UnitFactory(township=True), **given)


def sheet(task, chosen=""):
    return task_figures.sheets(task, chosen, JUNE_20)[0]


def test_figures_are_added_up_counted_or_tallied_by_their_kind(task, node):
    for heads, spent, office in (("3", "1.5", "是"), ("4", "2", "是"), ("5", "", "否")):
        row = duty(node)
        hand_in(row, someone(row.unit), heads=heads, spent=spent, office=office, hung="2022-06-01")
    duty(node)
    found = sheet(task)
    assert list(found.total.totals) == ["12", "3.5", "是 2、否 1", "已填 3"]
    assert (found.total.filed, len(found.total.lines)) == (3, 4)


def test_a_unit_of_two_groups_stands_in_the_first_and_the_rest_together(task, node):
    one, two, alone = (UnitFactory(township=True) for _ in range(3))
    groups = [GroupFactory(units=[one]), GroupFactory(units=[one, two])]
    for position, group in enumerate(groups, 1):
        MilestoneParty.objects.create(milestone=node, group=group, role=Party.RESPONSIBLE, position=position)
    for number, unit in enumerate((one, two, alone), 1):
        hand_in(duty(node, unit), someone(unit), heads=str(number))
    found = sheet(task)
    assert [(group.name, group.totals[0]) for group in found.groups] == [
        (groups[0].name, "1"), (groups[1].name, "2"), ("其他单位", "3"),
    ]  # fmt: skip
    assert found.total.totals[0] == "6"


def test_what_was_returned_counts_no_more_until_it_is_filed_again(task, node, cast):
    row = duty(node, township())
    hand_in(row, cast.weifen, heads="3")
    review.send_back(row, by=cast.sfj, reason="人数不明。", mend_by=JUNE_24, at=NOON)
    assert sheet(task).total.totals[0] == ""
    hand_in(row, cast.weifen, JUNE_24, heads="5")
    assert sheet(task).total.totals[0] == "5"


def test_reopened_work_filed_again_is_not_counted_twice(task, node, cast):
    row = duty(node, township())
    hand_in(row, cast.weifen, heads="3")
    review.accept(row, by=cast.sfj, at=NOON)
    asked = proposals.ask(row, Proposal.REOPENING, by=cast.sfj, reason="不实。", until=JUNE_24, at=NOON)
    proposals.decide(asked, by=cast.sfjld, granted=True, at=NOON)
    hand_in(row, cast.weifen, JUNE_24, heads="5")
    assert sheet(task).total.totals[0] == "5"


def test_one_occurrence_is_shown_at_a_time_the_newest_with_figures_first(task, cast):
    node = MilestoneFactory(task=task, yearly=True)
    DataItemFactory(milestone=node, code="heads")
    june = duty(node, township(), occurrence="2022-06", due_on=dt.date(2022, 6, 30))
    duty(node, township(), occurrence="2022-12", due_on=dt.date(2022, 12, 31))
    assert sheet(task).occurrence == "2022-06"
    hand_in(june, cast.weifen, heads="3")
    assert (sheet(task).occurrence, sheet(task).total.totals[0]) == ("2022-06", "3")
    assert (sheet(task, "2022-12").occurrence, sheet(task, "2022-12").total.totals[0]) == ("2022-12", "")
    assert sheet(task, "nonsense").occurrence == "2022-06"


def test_each_number_leads_to_its_filing(task, node, cast):
    row = duty(node, township())
    hand_in(row, cast.weifen, heads="37")
    html = page(cast.sfj, f"/tasks/{task.pk}/figures/")
    assert f'<a href="/obligations/{row.pk}/">37</a>' in html
    assert "待审核" in html
    assert f'href="/tasks/{task.pk}/figures/"' in page(cast.sfj, f"/tasks/{task.pk}/")


def test_a_task_without_figures_says_so(task, cast):
    assert "没有可汇总的数据" in page(cast.sfj, f"/tasks/{task.pk}/figures/")


def test_the_bureau_county_leaders_and_the_lead_read_the_figures_nobody_else(task, node, cast):
    duty(node, township())
    for name in ("sfj", "sfjld", "lingdao", "scj"):
        assert client_of(getattr(cast, name)).get(f"/tasks/{task.pk}/figures/").status_code == 200
    for name in ("admin", "anquan", "audit", "weifen", "weifenld", "pingcha"):
        assert client_of(getattr(cast, name)).get(f"/tasks/{task.pk}/figures/").status_code == 404
    assert f'href="/tasks/{task.pk}/figures/"' not in page(cast.weifen, f"/tasks/{task.pk}/")


def test_a_draft_has_no_figures(cast):
    assert client_of(cast.sfj).get(f"/tasks/{TaskFactory().pk}/figures/").status_code == 404


def test_many_units_ask_as_often_as_one(task, node, cast):
    row = duty(node, township())
    hand_in(row, cast.weifen, heads="3")
    once = queries(cast.sfj, f"/tasks/{task.pk}/figures/")
    for _ in range(5):
        row = duty(node)
        hand_in(row, someone(row.unit), heads="3")
    assert queries(cast.sfj, f"/tasks/{task.pk}/figures/") == once
