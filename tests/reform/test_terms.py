"""A plan's term, and what opens when it is extended."""

import datetime as dt

import pytest

from reform import issue, openings, rights, terms
from reform.models import Obligation, Plan
from tests.factories import MilestoneFactory, TaskFactory, UnitFactory, moment
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2023, 2, 10))


@pytest.fixture
def plan(cast):
    task, town = TaskFactory(), UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    MilestoneFactory(task=task, code="b", yearly=True, binds=[town])
    issue.issue(task.plan, by=cast.sfj, at=moment(dt.date(2022, 4, 13)))
    openings.open_occurrences(AT)
    return task.plan


def keys(code):
    return sorted(Obligation.objects.filter(milestone_code=code).values_list("occurrence", flat=True))


def test_rows_beyond_the_term_open_with_the_extension(plan, cast):
    assert (keys("a")[-1], keys("b")[-1]) == ("2022-12", "2022-12")
    assert terms.extend(plan, dt.date(2023, 12, 31), reason="接续实施", by=cast.sfj, at=AT) == 3
    assert keys("a")[-2:] == ["2022-12", "2023-02"]
    assert Obligation.objects.get(occurrence="2023-02").opened_at == AT
    assert keys("b")[-2:] == ["2023-06", "2023-12"]
    entry = AuditEntry.objects.get(action="plan.extend")
    assert (entry.before, entry.after, entry.note) == (
        {"term_ends_on": "2022-12-31"}, {"term_ends_on": "2023-12-31"}, "接续实施",
    )  # fmt: skip


@pytest.mark.parametrize(
    "until", [dt.date(2022, 12, 31), dt.date(2021, 1, 1), dt.date(2028, 1, 1), dt.date(2122, 1, 1)]
)
def test_a_term_ends_later_than_before_and_within_five_years(plan, cast, until):
    with pytest.raises(Refused) as refused:
        terms.extend(plan, until, reason="接续实施", by=cast.sfj, at=AT)
    assert refused.value.field == "term_ends_on"
    assert Plan.objects.get().term_ends_on == dt.date(2022, 12, 31)


def test_a_draft_is_edited_instead(cast):
    with pytest.raises(Refused, match="草稿请直接编辑"):
        terms.extend(TaskFactory().plan, dt.date(2023, 12, 31), reason="接续实施", by=cast.sfj, at=AT)


def test_only_who_edits_plans_extends_one(plan, cast):
    with pytest.raises(rights.Denied):
        terms.extend(plan, dt.date(2023, 12, 31), reason="接续实施", by=cast.admin, at=AT)
