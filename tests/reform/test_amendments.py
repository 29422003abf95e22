"""The draft of an amended plan: a copy under the next version, and what it may say."""

import pytest

from reform import amendments, issue
from reform.models import Plan
from tests.cast import gather
from tests.factories import (
    DataItemFactory,
    MilestoneFactory,
    TaskFactory,
    UnitFactory,
)
from tests.reform.amended_plans import (
    AMENDED,
    ISSUED,
    day,
    drafted,
    issued,
    milestone_of,
    person,
    set_limit,
)
from xingxian_portal.foundation.audit import AuditEntry


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory()


def test_the_draft_is_a_copy_under_the_next_version(task, town):
    task.plan.__class__.objects.update(dates_that_bind_nobody=[{"words": "2022年"}], text="全文")
    milestone = MilestoneFactory(task=task, binds=[town])
    DataItemFactory(milestone=milestone, choices=["甲", "乙"])
    plan = issued(task)
    draft = drafted(plan)
    assert (draft.version, draft.amends, draft.first_version, draft.state) == (2, plan, plan, Plan.DRAFT)
    assert (draft.code, draft.text, draft.dates_that_bind_nobody) == (
        f"{plan.code}-v2", "全文", [{"words": "2022年"}],
    )  # fmt: skip
    twin = milestone_of(draft, milestone.code)
    assert twin.pk != milestone.pk
    assert [party.unit for party in twin.parties.all()] == [town]
    assert [item.choices for item in twin.data_items.all()] == [["甲", "乙"]]
    assert [t.quote for t in draft.tasks.all()] == [task.quote]
    assert AuditEntry.objects.filter(action="plan.draft_amendment", subject_key=draft.pk).exists()


def test_the_third_version_counts_on_from_the_first(task, town):
    MilestoneFactory(task=task, binds=[town])
    plan = issued(task)
    second = drafted(plan)
    issue.issue(second, by=person("sfj"), at=AMENDED)
    third = drafted(Plan.objects.get(pk=second.pk), "样例发〔2022〕100号")
    assert (third.version, third.first_version, third.code) == (3, plan, f"{plan.code}-v3")


def test_what_cannot_be_amended(task, town):
    MilestoneFactory(task=task, binds=[town])
    gather()
    with pytest.raises(amendments.CannotAmend, match="只能修订已印发"):
        drafted(task.plan)
    issue.issue(task.plan, by=person("sfj"), at=ISSUED)
    for number, dated_on, field in (
        ("新号", day(4, 12), "dated_on"),
        (task.plan.document_number, day(6, 20), "document_number"),
    ):
        with pytest.raises(amendments.CannotAmend) as refused:
            drafted(task.plan, number, dated_on)
        assert refused.value.field == field
    drafted(task.plan)
    with pytest.raises(amendments.CannotAmend, match="已有一份未下达的修订稿"):
        drafted(task.plan, "样例发〔2022〕100号")


def test_what_the_amendment_leaves_alone_may_be_dated_before_it(task, town):
    MilestoneFactory(task=task, code="a", due_on=day(4, 30), binds=[town])
    MilestoneFactory(task=task, code="b", binds=[town])
    plan = issued(task)
    draft = drafted(plan)
    assert issue.problems(draft, AMENDED) == []
    set_limit("b", due_on=day(6, 19))(draft)
    assert [text.partition("”")[2] for text in issue.problems(draft, AMENDED)] == [
        "的期限 2022-06-19 早于方案的成文日期 2022-06-20。"
    ]


def test_a_milestone_that_recurs_otherwise_is_another_milestone(task, town):
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    draft = drafted(issued(task))
    set_limit("a", kind="yearly", day=None, months=[6])(draft)
    assert "请删去这个节点" in issue.problems(draft, AMENDED)[0]


def test_a_second_amendment_that_comes_too_late_is_refused(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    draft = drafted(plan)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.SUPERSEDED)
    assert "已被另一份文件修订" in issue.problems(Plan.objects.get(pk=draft.pk), AMENDED)[0]
    with pytest.raises(amendments.CannotAmend, match="已被另一份文件修订"):
        issue.issue(draft, by=person("sfj"), at=AMENDED)
