"""交办: one form, one order, however often it is sent."""

import datetime as dt
from dataclasses import replace

import pytest

from reform import deadlines, issue, orders, rights
from reform.models import Obligation, Plan
from tests.cast import bureau, gather, township
from tests.factories import moment
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused, Stale

AT = moment(dt.date(2022, 6, 20), 10)
TOKEN = "0123456789ab"


@pytest.fixture(autouse=True)
def _on_the_day():
    with clock.held_at(AT):
        yield


@pytest.fixture
def order(cast):
    return some_order()


def some_order():
    bound = {"role": "responsible", "unit": township(), "source": "bureau", "reason": "局务会", "decided_on": AT.date()}
    item = {"code": "", "label": "在岗人数", "kind": "count", "measure": "人", "choices": [], "required": True}
    return orders.Order("报送执法人员名册", "按照县领导批示。", bureau(), dt.date(2022, 7, 8), [bound], [item])


def test_an_order_is_a_plan_of_its_own_with_one_task_and_one_milestone(order, cast):
    plan = orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT)
    assert (plan.kind, plan.code, plan.document_number, plan.title) == (Plan.ORDER, f"jb-{TOKEN}", "", order.title)
    assert (plan.dated_on, plan.term_ends_on) == (AT.date(), dt.date(2022, 12, 31))
    one = orders.milestone_of(plan)
    assert (one.kind, one.due_on, one.quote, one.short_title) == (
        deadlines.DATED, dt.date(2022, 7, 8), "按照县领导批示。", "报送执法人员名册"[:8],
    )  # fmt: skip
    assert one.data_items.get().label == "在岗人数"
    assert issue.issue(plan, by=cast.sfj, at=AT) == 1
    assert Obligation.objects.get().due_on == dt.date(2022, 7, 8)


def test_an_order_may_have_no_date(order, cast):
    plan = orders.draft_order(replace(order, due_on=None), token=TOKEN, by=cast.sfj, at=AT)
    assert orders.milestone_of(plan).kind == deadlines.UNDATED


def test_two_orders_have_different_milestones(order, cast):
    one, other = (orders.draft_order(order, token=token, by=cast.sfj, at=AT) for token in (TOKEN, "f" * 12))
    assert orders.milestone_of(one).code != orders.milestone_of(other).code


def test_a_form_sent_twice_is_one_order(order, cast):
    first = orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT)
    assert orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT) == first
    issue.issue(first, by=cast.sfj, at=AT)
    assert orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT).state == Plan.ISSUED
    assert AuditEntry.objects.filter(action="order.create").count() == 1


@pytest.mark.parametrize("token", ["", "x" * 12, "0123456789ab\n", "0123456789abc"])
def test_a_form_not_of_the_portals_making_is_refused(order, cast, token):
    with pytest.raises(Refused):
        orders.draft_order(order, token=token, by=cast.sfj, at=AT)


@pytest.mark.parametrize("due", [dt.date(2022, 6, 19), dt.date(1900, 1, 1), dt.date(2122, 1, 1)])
def test_an_order_is_not_due_before_it_is_given_nor_in_another_age(order, cast, due):
    with pytest.raises(Refused) as refused:
        orders.draft_order(replace(order, due_on=due), token=TOKEN, by=cast.sfj, at=AT)
    assert refused.value.field == "due_on"
    assert not Plan.objects.exists()


def test_an_order_due_next_year_runs_until_then(order, cast):
    plan = orders.draft_order(replace(order, due_on=dt.date(2023, 3, 1)), token=TOKEN, by=cast.sfj, at=AT)
    assert plan.term_ends_on == dt.date(2023, 12, 31)


def test_a_draft_order_is_revised_as_a_whole(order, cast):
    plan = orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT)
    seen = orders.stamp_of_order(plan)
    other = replace(order, title="另一件事", due_on=None, items=[])
    orders.revise_order(plan, other, by=cast.sfj, seen=seen)
    one = orders.milestone_of(plan)
    assert (one.task.plan.title, one.task.title, one.title, one.kind) == ("另一件事",) * 3 + (deadlines.UNDATED,)
    assert not one.data_items.exists()
    with pytest.raises(Stale):
        orders.revise_order(plan, order, by=cast.sfjld, seen=seen)
    assert orders.milestone_of(plan).title == "另一件事"


def test_an_order_given_is_not_revised(order, cast):
    plan = orders.draft_order(order, token=TOKEN, by=cast.sfj, at=AT)
    issue.issue(plan, by=cast.sfj, at=AT)
    with pytest.raises(Refused, match="已经下达"):
        orders.revise_order(plan, order, by=cast.sfj)


@pytest.mark.parametrize("name", ["admin", "weifen", "lingdao", "audit"])
def test_only_the_bureau_gives_orders(order, cast, name):
    with pytest.raises(rights.Denied):
        orders.draft_order(order, token=TOKEN, by=getattr(cast, name), at=AT)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_double_click_makes_one_order():
    people = gather()
    order = some_order()
    done = at_once(*[lambda: orders.draft_order(order, token=TOKEN, by=people.sfj, at=AT)] * 2)
    assert done[0] == done[1] == Plan.objects.get()
