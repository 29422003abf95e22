"""What an amended plan does to the rows there are; closed rows are never touched."""

import datetime as dt

import pytest

from liaisons import roles
from reform import drafts, filing, issue, month_figures, openings, review
from reform.models import Move, Obligation, Plan
from reform.states import State, Verb
from tests.factories import (
    DataItemFactory,
    MilestoneFactory,
    TaskFactory,
    UnitFactory,
    UserFactory,
    moment,
)
from tests.reform.amended_plans import (
    AMENDED,
    amended,
    close,
    counts,
    day,
    drafted,
    issued,
    milestone_of,
    person,
    said,
    set_limit,
)
from tests.reform.filings import hand_in


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory()


def test_unchanged_rows_stay_and_say_nothing(task, town):
    old = MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    moves_before = Move.objects.count()
    assert counts(amended(plan)) == said(kept=1)
    row = Obligation.objects.get()
    assert row.milestone == milestone_of(plan.amendments.get(), "a") != old
    assert (row.state, row.due_on, Move.objects.count()) == (State.AWAITING, day(6, 30), moves_before)
    assert Plan.objects.get(pk=plan.pk).state == Plan.SUPERSEDED


def test_a_new_date_moves_the_rows_and_keeps_the_first(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    assert counts(amended(plan, set_limit("a", due_on=day(7, 31)))) == said(moved=1)
    row = Obligation.objects.get()
    assert (row.due_on, row.first_due_on, row.cycle_no, row.state) == (day(7, 31), day(6, 30), 2, State.AWAITING)
    move = row.moves.last()
    assert (move.verb, move.due_on, move.by, move.at) == (Verb.AMEND, day(7, 31), person("sfj"), AMENDED)
    assert move.reason == "样例发〔2022〕99号修订"


def test_a_new_date_lifts_an_earlier_mending_date(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    Obligation.objects.update(mend_by=day(7, 5), state=State.DOING)
    amended(plan, set_limit("a", due_on=day(7, 31)))
    assert Obligation.objects.get().mend_by == day(7, 31)


def test_an_undated_duty_gets_its_first_date(task, town):
    MilestoneFactory(task=task, code="a", undated=True, binds=[town])
    plan = issued(task)
    amended(plan, set_limit("a", kind="dated", due_on=day(7, 31)))
    row = Obligation.objects.get()
    assert (row.due_on, row.first_due_on) == (day(7, 31), day(7, 31))


def test_a_granted_extension_stays_where_the_plan_left_the_date_alone(task, town):
    MilestoneFactory(task=task, code="a", yearly=True, months=[6, 12], binds=[town])
    plan = issued(task)
    Obligation.objects.filter(occurrence="2022-06").update(due_on=day(7, 15))
    shown = amended(plan, set_limit("a", months=[6, 9, 12]))
    assert counts(shown) == said(kept=2)
    assert list(Obligation.objects.order_by("occurrence").values_list("occurrence", "due_on")) == [
        ("2022-06", day(7, 15)), ("2022-09", day(9, 30)), ("2022-12", day(12, 31)),
    ]  # fmt: skip


def test_what_was_dropped_is_revoked_with_the_reason(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=task, code="b", binds=[town])
    plan = issued(task)
    shown = amended(plan, lambda draft: milestone_of(draft, "a").delete())
    assert counts(shown) == said(kept=1, dropped=1)
    row = Obligation.objects.get(milestone_code="a")
    assert (row.state, row.moves.last().reason) == (State.REVOKED, "样例发〔2022〕99号修订后不再要求")


@pytest.mark.parametrize("ended", [State.ENDED, State.REVOKED, State.EXEMPT])
def test_what_is_over_is_never_touched(task, town, ended):
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=task, code="b", binds=[town])
    plan = issued(task)
    Obligation.objects.filter(milestone_code="a").update(state=ended)
    before = Move.objects.count()
    shown = amended(plan, set_limit("a", due_on=day(7, 31)))
    assert counts(shown) == said(kept=1, closed=1)
    row = Obligation.objects.get(milestone_code="a")
    assert (row.state, row.due_on, Move.objects.count()) == (ended, day(6, 30), before)


def test_a_closed_row_keeps_the_words_it_was_closed_under(task, town):
    old = MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    close(Obligation.objects.get())
    assert counts(amended(plan, set_limit("a", due_on=day(7, 31)))) == said(closed=1)
    row = Obligation.objects.get()
    assert (row.milestone, row.due_on, row.state) == (old, day(6, 30), State.CLOSED)


def test_a_closed_row_is_not_revoked_with_its_milestone(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=task, code="b", binds=[town])
    plan = issued(task)
    close(Obligation.objects.get(milestone_code="a"))
    assert counts(amended(plan, lambda draft: milestone_of(draft, "a").delete())) == said(kept=1, closed=1)
    assert Obligation.objects.get(milestone_code="a").state == State.CLOSED


def test_a_month_already_due_keeps_its_date_when_the_day_changes(task, town):
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    plan = issued(task)
    shown = amended(plan, set_limit("a", day=25))
    assert counts(shown) == said(kept=2, moved=1)
    assert list(Obligation.objects.order_by("occurrence").values_list("occurrence", "due_on")) == [
        ("2022-04", day(4, 21)), ("2022-05", day(5, 21)), ("2022-06", day(6, 25)),
    ]  # fmt: skip


def test_an_overdue_month_is_not_forgiven_by_a_day_before_the_plan_began(task, town):
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    plan = issued(task)
    amended(plan, set_limit("a", day=10))
    assert Obligation.objects.get(occurrence="2022-04").state == State.DOING


def test_a_month_that_is_no_longer_asked_for_is_revoked_if_it_is_still_to_come(task, town):
    MilestoneFactory(task=task, code="a", yearly=True, months=[4, 6, 12], binds=[town])
    plan = issued(task)
    shown = amended(plan, set_limit("a", months=[6]))
    assert counts(shown) == said(kept=2, dropped=1)
    assert dict(Obligation.objects.values_list("occurrence", "state")) == {
        "2022-04": State.AWAITING, "2022-06": State.AWAITING, "2022-12": State.REVOKED,
    }  # fmt: skip


def test_a_longer_term_opens_what_lies_beyond_the_old_one(task, town):
    MilestoneFactory(task=task, code="a", yearly=True, months=[6, 12], binds=[town])
    MilestoneFactory(task=task, code="b", monthly=True, binds=[town])
    plan = issued(task)
    amended(plan, lambda draft: Plan.objects.filter(pk=draft.pk).update(term_ends_on=dt.date(2023, 6, 30)))
    keys = Obligation.objects.filter(milestone_code="a").order_by("occurrence").values_list("occurrence", flat=True)
    assert list(keys) == ["2022-06", "2022-12", "2023-06"]
    openings.open_occurrences(moment(dt.date(2023, 2, 1)))
    assert Obligation.objects.filter(milestone_code="b", occurrence="2023-02").count() == 1


def test_a_month_missed_while_the_portal_was_down_opens_before_the_amendment(task, town):
    MilestoneFactory(task=task, code="a", monthly=True, binds=[town])
    plan = issued(task)
    draft = drafted(plan)
    issue.issue(draft, by=person("sfj"), at=AMENDED)
    assert sorted(Obligation.objects.values_list("occurrence", flat=True)) == ["2022-04", "2022-05", "2022-06"]


@pytest.fixture
def returned(task, town):
    """Give 蔚汾's filing of three people, returned for mending before the plan is amended."""
    item = DataItemFactory(milestone=MilestoneFactory(task=task, code="a", binds=[town]), code="n", label="人数")
    plan = issued(task)
    filer = UserFactory(unit=town, role=roles.LIAISON)
    row = Obligation.objects.get()
    hand_in(row, filer, day(6, 1), n="3")
    review.send_back(row, by=person("sfj"), reason="人数不对", mend_by=day(6, 25), at=moment(day(6, 2)))
    return plan, filer, item


def test_a_figure_mended_after_the_plan_was_amended_stands_once(returned, town):
    plan, filer, old = returned
    amended(plan)
    filed = hand_in(Obligation.objects.get(), filer, day(6, 21), n="4")
    assert [(value.text, value.item.code, value.item == old) for value in filed.values.all()] == [("4", "n", False)]
    (figure,) = month_figures.data_filed_in_period(town, day(5, 22), day(6, 21))
    assert (figure.label, figure.value) == ("人数", "4")


@pytest.mark.parametrize("change", [{"kind": "text"}, {"code": "other", "required": False}])
def test_what_was_typed_for_an_item_that_is_another_now_keeps_nothing_from_being_filed(returned, change):
    plan, filer, _ = returned
    row = Obligation.objects.get()
    drafts.save(row, by=filer, text="已改。", values={"n": "三人"}, at=moment(day(6, 3)))
    amended(plan, lambda draft: milestone_of(draft, "a").data_items.update(**change))
    filing.file(row, by=filer, at=moment(day(6, 21)))
    filed = row.submissions.get(state="filed")
    assert list(filed.values.values_list("text", "number")) == ([("三人", None)] if "kind" in change else [])
