"""What an amended plan adds, and whom it lets go."""

import datetime as dt

import pytest
from django.db import transaction

from liaisons import groups
from reform import issue, moves
from reform.models import DataItem, Obligation, Submission, SubmissionValue
from reform.states import State, Verb
from tests.factories import (
    DataItemFactory,
    GroupFactory,
    MilestoneFactory,
    TaskFactory,
    UnitFactory,
    moment,
)
from tests.races import at_once
from tests.reform.amended_plans import (
    AMENDED,
    ISSUED,
    amended,
    bind,
    counts,
    day,
    drafted,
    issued,
    milestone_of,
    person,
    said,
)


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory()


def test_an_added_milestone_is_issued_to_its_units(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    amended(plan, lambda draft: MilestoneFactory(task=draft.tasks.get(), code="b", due_on=day(9, 30), binds=[town]))
    row = Obligation.objects.get(milestone_code="b")
    assert (row.series, row.due_on, row.opened_at) == (plan, day(9, 30), AMENDED)


@pytest.mark.parametrize(
    ("at", "first"), [(AMENDED, ("2022-06", AMENDED)), (moment(day(6, 22)), ("2022-07", moment(day(6, 22))))]
)
def test_an_added_monthly_report_begins_with_the_amendment(task, town, at, first):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    amended(plan, lambda draft: MilestoneFactory(task=draft.tasks.get(), code="b", monthly=True, binds=[town]), at=at)
    assert list(Obligation.objects.filter(milestone_code="b").values_list("occurrence", "opened_at")) == [first]
    assert not Obligation.objects.filter(milestone_code="b", occurrence__lt=first[0]).exists()


def test_a_unit_newly_bound_gets_what_is_open_and_not_yet_due(task, town):
    new = UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    MilestoneFactory(task=task, code="b", due_on=day(4, 30), binds=[town])
    MilestoneFactory(task=task, code="c", undated=True, binds=[town])
    plan = issued(task)
    shown = amended(plan, *(bind(code, town, new) for code in "abc"))
    assert counts(shown) == said(kept=5, added=2)
    rows = Obligation.objects.filter(unit=new).order_by("milestone_code")
    assert list(rows.values_list("milestone_code", "occurrence")) == [("a", "2022-06"), ("c", "once")]


def test_a_unit_no_longer_bound_is_let_go(task, town):
    gone = UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", binds=[town, gone])
    plan = issued(task)
    assert counts(amended(plan, bind("a", town))) == said(kept=1, dropped=1)
    assert Obligation.objects.get(unit=gone).state == State.REVOKED


def test_a_unit_bound_again_gets_its_revoked_row_back(task, town):
    gone = UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", binds=[town, gone])
    plan = issued(task)
    amended(plan, bind("a", town))
    second = plan.amendments.get()
    draft = drafted(second, "样例发〔2022〕100号")
    bind("a", town, gone)(draft)
    issue.issue(draft, by=person("sfj"), at=AMENDED + dt.timedelta(days=1))
    row = Obligation.objects.get(unit=gone)
    assert (row.state, row.due_on, row.moves.last().verb) == (State.DOING, day(6, 30), Verb.REOPEN)


def test_a_change_of_a_group_alone_touches_no_open_row(task, town):
    group, other = GroupFactory(units=[town]), UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", binds=[group])
    plan = issued(task)
    groups.join(group, other, on=day(5, 1), by=person("admin"))
    groups.leave(group.memberships.get(unit=town), on=day(5, 1), by=person("admin"))
    assert counts(amended(plan)) == said(kept=1)
    assert Obligation.objects.get().unit == town


def test_who_left_a_group_stays_bound_when_only_others_are_added(task, town):
    group, other = GroupFactory(units=[town, UnitFactory(township=True)]), UnitFactory()
    MilestoneFactory(task=task, code="a", binds=[group])
    plan = issued(task)
    groups.leave(group.memberships.get(unit=town), on=day(5, 1), by=person("admin"))
    assert counts(amended(plan, bind("a", group, other))) == said(kept=2, added=1)


def test_who_left_a_group_is_let_go_when_the_plan_drops_the_group(task, town):
    group, other = GroupFactory(units=[town]), UnitFactory()
    MilestoneFactory(task=task, code="a", binds=[group])
    plan = issued(task)
    groups.leave(group.memberships.get(unit=town), on=day(5, 1), by=person("admin"))
    assert counts(amended(plan, bind("a", other))) == said(dropped=1, added=1)


def test_a_new_role_is_shown_on_the_open_row(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    amended(plan, lambda draft: milestone_of(draft, "a").parties.update(role="supporting"))
    assert Obligation.objects.get().role == "supporting"


def test_what_a_unit_has_typed_stays_in_its_form(task, town):
    old = DataItemFactory(milestone=MilestoneFactory(task=task, code="a", binds=[town]), code="people")
    plan = issued(task)
    by = person("weifen")
    rows = [
        Submission.objects.create(
            obligation=Obligation.objects.get(), number=number, state=state, saved_at=ISSUED, saved_by=by
        )
        for number, state in enumerate([Submission.RETURNED, Submission.DRAFT], 1)
    ]
    for row in rows:
        SubmissionValue.objects.create(submission=row, item=old, text="12", number=12)
    amended(plan)
    new = DataItem.objects.get(milestone__task__plan__amends=plan)
    assert [value.item for value in SubmissionValue.objects.order_by("submission__number")] == [old, new]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_is_accepted_while_the_amendment_is_issued_stays_closed_or_is_amended_never_both():
    task, town = TaskFactory(), UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=task, code="b", binds=[town])
    plan = issued(task)
    Obligation.objects.update(state=State.REVIEW)
    draft = drafted(plan)
    milestone_of(draft, "a").delete()

    def accept():
        with transaction.atomic():
            row = moves.locked(Obligation.objects.get(milestone_code="a").pk)
            if row.state == State.REVIEW:
                moves.move(row, Verb.ACCEPT, State.CLOSED, by=person("sfj"), at=AMENDED, accepted_at=AMENDED)

    done = at_once(accept, lambda: issue.issue(draft, by=person("sfjld"), at=AMENDED))
    assert done == [None, 0]
    last = Obligation.objects.get(milestone_code="a")
    assert last.state in {State.CLOSED, State.REVOKED}
    assert [move.verb for move in last.moves.all()] == [
        Verb.OPEN, Verb.ACCEPT if last.state == State.CLOSED else Verb.REVOKE,
    ]  # fmt: skip
