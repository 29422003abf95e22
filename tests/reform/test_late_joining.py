"""补下发: a late joiner gets what is open, and only when somebody asks."""

import datetime as dt

import pytest

from liaisons import groups
from liaisons.models import User
from reform import issue, late_joining, openings, rights
from reform.models import Obligation
from reform.states import State
from tests.cast import gather
from tests.factories import GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 6, 20), 10)


@pytest.fixture
def late(db):
    """A township that joined on 15 June, when five rows of its group had been made."""
    gather()
    town, task = UnitFactory(township=True), TaskFactory()
    group, late = GroupFactory(units=[town]), UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", due_on=dt.date(2022, 4, 30), binds=[group])
    MilestoneFactory(task=task, code="b", due_on=AT.date(), binds=[group])
    MilestoneFactory(task=task, code="c", undated=True, binds=[group])
    MilestoneFactory(task=task, code="d", monthly=True, binds=[group])
    issue.issue(task.plan, by=User.objects.get(username="sfj"), at=moment(dt.date(2022, 4, 13)))
    openings.open_occurrences(AT)
    groups.join(group, late, on=dt.date(2022, 6, 15), by=User.objects.get(username="admin"))
    return task.plan, late


def give(plan, unit, by="sfj"):
    return late_joining.give(plan, unit, by=User.objects.get(username=by), at=AT)


def test_nothing_is_given_unasked(late):
    openings.open_occurrences(AT)
    assert not Obligation.objects.filter(unit=late[1]).exists()
    rows = late_joining.missing(late[0], AT.date())[late[1]]
    assert [(row.milestone.code, row.occurrence.key) for row in rows] == [
        ("b", "once"),
        ("c", "once"),
        ("d", "2022-06"),
    ]


def test_what_is_open_and_not_yet_due_is_given_once(late):
    assert give(*late) == 3
    assert give(*late) == 0
    rows = Obligation.objects.filter(unit=late[1]).order_by("milestone_code")
    assert list(rows.values_list("milestone_code", "state", "opened_at")) == [
        ("b", State.AWAITING, AT), ("c", State.AWAITING, AT), ("d", State.DOING, AT),
    ]  # fmt: skip
    assert rows[0].moves.get().by.username == "sfj"
    assert late_joining.missing(late[0], AT.date()) == {}


def test_what_was_revoked_is_not_given_back(late):
    give(*late)
    Obligation.objects.filter(unit=late[1]).update(state=State.REVOKED)
    assert late_joining.missing(late[0], AT.date()) == {}


def test_a_unit_that_is_not_bound_gets_nothing(late):
    assert give(late[0], UnitFactory(township=True)) == 0


def test_a_draft_gives_nothing(late):
    with pytest.raises(Refused):
        give(TaskFactory().plan, late[1])


@pytest.mark.parametrize("name", ["admin", "weifen", "lingdao"])
def test_only_the_bureau_gives(late, name):
    with pytest.raises(rights.Denied):
        give(*late, by=name)


def test_the_comparison_asks_no_query_for_each_row(late, django_assert_num_queries):
    with django_assert_num_queries(9):
        late_joining.missing(late[0], AT.date())
