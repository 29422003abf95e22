"""Issuing: what it makes, what keeps a plan from it, and that a second time makes nothing."""

import datetime as dt

import pytest

from reform import issue, rights
from reform.models import Obligation, Plan
from tests.cast import gather
from tests.factories import MilestoneFactory, TaskFactory, UnitFactory, moment
from tests.races import at_once
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 4, 13), 15)


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory(plan__text="各单位要在规定期限前完成这项工作，并报县司法局。")


def why_not(plan, at=AT):
    with pytest.raises(issue.CannotIssue) as refused:
        issue.issue(plan, by=gather().sfj, at=at)
    assert not Obligation.objects.exists()
    assert Plan.objects.get(pk=plan.pk).is_draft
    return refused.value.problems


def test_a_plan_is_issued_by_an_officer_at_a_moment(task, town, cast):
    MilestoneFactory(task=task, binds=[town])
    assert issue.issue(task.plan, by=cast.sfj, at=AT) == 1
    plan = Plan.objects.get()
    assert (plan.state, plan.issued_by, plan.issued_at) == (Plan.ISSUED, cast.sfj, AT)
    entry = AuditEntry.objects.get(action="plan.issue")
    assert (entry.actor_id, entry.business_at, entry.after) == (cast.sfj.pk, AT, {"version": 1, "rows": 1})


def test_issuing_twice_makes_nothing_twice(task, town, cast):
    MilestoneFactory(task=task, binds=[town])
    issue.issue(task.plan, by=cast.sfj, at=AT)
    entries = AuditEntry.objects.count()
    assert issue.issue(task.plan, by=cast.sfjld, at=AT) is None
    assert (Obligation.objects.count(), AuditEntry.objects.count()) == (1, entries)
    assert Plan.objects.get().issued_by == cast.sfj


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "weifenld", "lingdao", "pingcha"])
def test_only_who_edits_plans_may_issue_one(task, town, cast, name):
    MilestoneFactory(task=task, binds=[town])
    with pytest.raises(rights.Denied):
        issue.issue(task.plan, by=getattr(cast, name), at=AT)


def test_a_plan_whose_issue_cannot_be_written_down_is_not_issued(task, town, cast, monkeypatch):
    MilestoneFactory(task=task, binds=[town])

    def broken(action, **_):
        raise RuntimeError(action)

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        issue.issue(task.plan, by=cast.sfj, at=AT)
    assert Plan.objects.get().is_draft
    assert not Obligation.objects.exists()


def test_what_was_edited_after_its_preview_is_not_issued(task, town, cast):
    milestone = MilestoneFactory(task=task, binds=[town])
    seen = issue.stamp_of_draft(task.plan)
    milestone.parties.update(quote="各乡镇")
    with pytest.raises(Refused, match="预览之后有改动"):
        issue.issue(task.plan, by=cast.sfj, seen=seen, at=AT)
    assert not Obligation.objects.exists()
    assert issue.issue(task.plan, by=cast.sfj, seen=issue.stamp_of_draft(task.plan), at=AT) == 1
    assert issue.issue(task.plan, by=cast.sfj, seen=seen, at=AT) is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_issuing_at_once_make_each_row_once():
    task, people = TaskFactory(), gather()
    MilestoneFactory(task=task, binds=[UnitFactory(township=True), UnitFactory(township=True)])
    made = at_once(
        lambda: issue.issue(task.plan, by=people.sfj, at=AT), lambda: issue.issue(task.plan, by=people.sfjld, at=AT)
    )
    assert sorted(made, key=str) == [2, None]
    assert Obligation.objects.count() == 2
    assert AuditEntry.objects.filter(action="plan.issue").count() == 1
