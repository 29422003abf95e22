"""An amended plan: what stays, what moves, what goes, what comes; closed rows are never touched."""

import datetime as dt

import pytest
from django.db import transaction

from liaisons import groups
from liaisons.models import User
from reform import amendments, issue, moves, openings
from reform.changes import changes
from reform.models import DataItem, Milestone, Move, Obligation, Plan, Submission, SubmissionValue
from reform.states import State, Verb
from tests.cast import gather
from tests.factories import (
    DataItemFactory,
    GroupFactory,
    MilestoneFactory,
    TaskFactory,
    UnitFactory,
    moment,
)
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import Workdays

ISSUED = moment(dt.date(2022, 4, 13), 15)
JUNE_20 = dt.date(2022, 6, 20)
AMENDED = moment(JUNE_20, 10)


def day(month, number):
    return dt.date(2022, month, number)


def person(username):
    return User.objects.get(username=username)


@pytest.fixture
def town(db):
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory()


def issued(task):
    gather()
    issue.issue(task.plan, by=person("sfj"), at=ISSUED)
    return Plan.objects.get(pk=task.plan_id)


def drafted(plan, number="样例发〔2022〕99号", dated_on=JUNE_20):
    return amendments.draft_amendment(plan, document_number=number, dated_on=dated_on, by=person("sfj"))


def milestone_of(plan, code):
    return Milestone.objects.get(task__plan=plan, code=code)


def amended(plan, *edits, at=AMENDED):
    """Draft the next version, let each edit change it, bring it into force; give what the preview said it would do."""
    draft = drafted(plan)
    for edit in edits:
        edit(draft)
    draft = Plan.objects.get(pk=draft.pk)
    openings.open_occurrences(at)
    draft.issued_at = at
    shown = changes(draft, plan, at, Workdays.load())
    issue.issue(draft, by=person("sfj"), at=at)
    return shown


def counts(shown):
    return {
        "kept": len(shown.kept), "moved": len(shown.moved), "dropped": len(shown.dropped),
        "revived": len(shown.revived), "added": len(shown.added), "closed": shown.closed,
    }  # fmt: skip


def said(**some):
    return {"kept": 0, "moved": 0, "dropped": 0, "revived": 0, "added": 0, "closed": 0} | some


def set_limit(code, **values):
    return lambda plan: Milestone.objects.filter(task__plan=plan, code=code).update(**values)


def bind(code, *units):
    def edit(plan):
        milestone = milestone_of(plan, code)
        milestone.parties.all().delete()
        for position, unit in enumerate(units, 1):
            kind = "group" if hasattr(unit, "follows") else "unit"
            milestone.parties.create(**{kind: unit}, role="responsible", position=position)

    return edit


def close(row):
    Obligation.objects.filter(pk=row.pk).update(state=State.CLOSED, accepted_at=ISSUED)


# ── the draft ──────────────────────────────────────────────


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


# ── what becomes of the rows ───────────────────────────────


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


# ── what is added ──────────────────────────────────────────


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


def test_a_second_amendment_that_comes_too_late_is_refused(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    plan = issued(task)
    draft = drafted(plan)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.SUPERSEDED)
    assert "已被另一份文件修订" in issue.problems(Plan.objects.get(pk=draft.pk), AMENDED)[0]
    with pytest.raises(amendments.CannotAmend, match="已被另一份文件修订"):
        issue.issue(draft, by=person("sfj"), at=AMENDED)


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
