"""Which rows there are and when: with the issue, with each month, after any downtime the same."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaisons import groups, units
from liaisons.models import User
from reform import issue, jobs, openings
from reform.models import Move, Obligation, Opening, Plan
from reform.states import State, Verb
from tests.cast import gather
from tests.factories import GroupFactory, MilestoneFactory, TaskFactory, UnitFactory, moment
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.workdays import CalendarDay

ISSUED = moment(dt.date(2022, 4, 13), 15)
END_OF_YEAR = moment(dt.date(2022, 12, 31), 12)


def day(month, number):
    return dt.date(2022, month, number)


@pytest.fixture
def town():
    return UnitFactory(township=True)


@pytest.fixture
def task(db):
    return TaskFactory()


def issued(task, at=ISSUED):
    issue.issue(task.plan, by=gather().sfj, at=at)
    return Plan.objects.get(pk=task.plan_id)


def person(username):
    return User.objects.get(username=username)


def rows():
    """Give every row there is, as what must not depend on when the job ran."""
    return list(Obligation.objects.order_by("milestone_code", "occurrence", "unit__code").values_list(
        "milestone_code", "occurrence", "unit__code", "role", "state", "due_on", "first_due_on", "opened_at",
    ))  # fmt: skip


def months():
    return list(Obligation.objects.order_by("occurrence").values_list("occurrence", "due_on"))


def opened_on():
    return {o.occurrence: (o.opened_at.astimezone(ISSUED.tzinfo).date()) for o in Obligation.objects.all()}


def test_dated_and_yearly_rows_exist_from_the_issue(task, town):
    MilestoneFactory(task=task, code="a", binds=[town])
    MilestoneFactory(task=task, code="b", yearly=True, binds=[town])
    issued(task)
    assert [(code, key, due) for code, key, _, _, _, due, _, _ in rows()] == [
        ("a", "once", day(6, 30)), ("b", "2022-06", day(6, 30)), ("b", "2022-12", day(12, 31)),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "state"),
    [("undated", State.AWAITING), ("monthly", State.DOING), ("yearly", State.AWAITING), ("continuous", State.ONGOING)],
)
def test_each_kind_begins_in_its_state(task, town, kind, state):
    MilestoneFactory(task=task, binds=[town], **{kind: True})
    issued(task)
    assert set(Obligation.objects.values_list("state", flat=True)) == {state}


def test_the_first_month_opens_on_issue_and_a_later_one_on_its_first_working_day(task, town):
    CalendarDay.objects.create(date=day(6, 1), kind=CalendarDay.OFF)
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    assert months() == [("2022-04", day(4, 21))]
    openings.open_occurrences(moment(day(5, 1)))  # a Sunday
    assert len(months()) == 1
    openings.open_occurrences(moment(day(5, 2), 0))
    openings.open_occurrences(moment(day(6, 1)))
    assert months() == [("2022-04", day(4, 21)), ("2022-05", day(5, 21))]
    openings.open_occurrences(moment(day(6, 2), 0))
    assert opened_on() == {"2022-04": day(4, 13), "2022-05": day(5, 2), "2022-06": day(6, 2)}


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (moment(day(4, 21), 23, 59), ("2022-04", day(4, 21))),
        (moment(day(4, 22), 0), ("2022-05", day(5, 21))),
        (moment(day(6, 20)), ("2022-06", day(6, 21))),
    ],
)
def test_a_plan_issued_later_than_its_date_asks_for_no_report_on_the_time_before(task, town, at, first):
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task, at)
    assert months() == [first]


def test_the_term_ends_the_reports(task, town):
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    openings.open_occurrences(moment(dt.date(2024, 1, 1)))
    assert [key for key, _ in months()] == [f"2022-{month:02}" for month in range(4, 13)]


def test_the_thirty_first_is_the_last_day_of_a_shorter_month(task, town):
    MilestoneFactory(task=task, monthly=True, day=31, binds=[town])
    issued(task)
    openings.open_occurrences(moment(day(6, 1)))
    assert [due for _, due in months()] == [day(4, 30), day(5, 31), day(6, 30)]


def test_who_is_bound_is_fixed_at_the_opening(task, town):
    group = GroupFactory(units=[town])
    late = UnitFactory(township=True)
    MilestoneFactory(task=task, monthly=True, binds=[group])
    issued(task)
    groups.join(group, late, on=day(4, 14), by=person("admin"))
    openings.open_occurrences(moment(day(4, 30)))
    assert Obligation.objects.count() == 1
    openings.open_occurrences(moment(day(5, 5)))
    assert set(Obligation.objects.filter(occurrence="2022-05").values_list("unit", flat=True)) == {town.pk, late.pk}


def test_a_month_missed_opens_with_the_members_of_its_own_day(task, town):
    group, left = GroupFactory(units=[town]), UnitFactory(township=True)
    MilestoneFactory(task=task, monthly=True, binds=[group])
    issued(task)
    member = groups.join(group, left, on=day(4, 20), by=person("admin"))
    groups.leave(member, on=day(6, 10), by=person("admin"))
    openings.open_occurrences(moment(day(7, 15)))
    owing = {key: Obligation.objects.filter(occurrence=key).count() for key in ("2022-05", "2022-06", "2022-07")}
    assert owing == {"2022-05": 2, "2022-06": 2, "2022-07": 1}


def test_a_merged_unit_named_by_the_plan_is_followed_by_its_successor(task, town):
    other = UnitFactory(township=True)
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    units.close(town, on=day(4, 20), into=other, by=person("admin"), at=moment(day(4, 20)))
    openings.open_occurrences(moment(day(5, 5)))
    assert Obligation.objects.get(occurrence="2022-05").unit == other


def test_bound_twice_a_unit_owes_once_in_the_stronger_role(task, town):
    milestone = MilestoneFactory(task=task, binds=[GroupFactory(units=[town]), town])
    milestone.parties.filter(unit=town).update(role="lead")
    issued(task)
    assert Obligation.objects.get().role == "lead"


def test_each_row_has_its_first_move_and_each_occurrence_its_entry(task, town):
    other = UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", binds=[town, other])
    issued(task)
    move = Move.objects.filter(obligation__unit=town).get()
    assert (move.verb, move.from_state, move.to_state, move.at) == (Verb.OPEN, "", State.AWAITING, ISSUED)
    assert (move.due_on, move.by.username) == (day(6, 30), "sfj")
    entry = AuditEntry.objects.get(action="obligation.open")
    assert entry.after["units"] == [town.code, other.code]
    assert Opening.objects.get().opened_at == ISSUED


def test_the_second_run_makes_nothing_and_says_so(task, town):
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    assert openings.open_occurrences(moment(day(6, 5))) == 2
    entries = AuditEntry.objects.count()
    assert openings.open_occurrences(moment(day(6, 5))) == 0
    assert AuditEntry.objects.count() == entries


def test_drafts_and_superseded_versions_open_nothing(task, town):
    MilestoneFactory(task=task, monthly=True, binds=[town])
    assert openings.open_occurrences(END_OF_YEAR) == 0
    plan = issued(task)
    Plan.objects.filter(pk=plan.pk).update(state=Plan.SUPERSEDED)
    assert openings.open_occurrences(END_OF_YEAR) == 0


def test_the_job_takes_the_moment_and_runs_at_the_present_without_one(task, town):
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    jobs.open_occurrences("2022-05-05T08:00:00+08:00")
    assert [key for key, _ in months()] == ["2022-04", "2022-05"]
    jobs.open_occurrences()
    assert [key for key, _ in months()][-1] == "2022-12"


def undone(act):
    """Give what `act` gives and undo what it did."""
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


@given(days=st.lists(st.integers(min_value=0, max_value=262), max_size=6))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_runs_after_any_downtime_leave_the_same_rows(year, days):
    def run():
        for number in days:
            openings.open_occurrences(ISSUED + dt.timedelta(days=number))
        openings.open_occurrences(END_OF_YEAR)
        return rows()

    def once():
        openings.open_occurrences(END_OF_YEAR)
        return rows()

    assert undone(run) == undone(once)


@pytest.fixture
def year(task, town):
    """A plan in force whose group of units changes through the year."""
    group, other = GroupFactory(units=[town]), UnitFactory(township=True)
    MilestoneFactory(task=task, code="a", monthly=True, binds=[group])
    MilestoneFactory(task=task, code="b", yearly=True, binds=[group])
    issued(task)
    member = groups.join(group, other, on=day(5, 10), by=person("admin"))
    groups.leave(member, on=day(9, 10), by=person("admin"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_make_each_row_once():
    task, town = TaskFactory(), UnitFactory(township=True)
    MilestoneFactory(task=task, monthly=True, binds=[town])
    issued(task)
    made = at_once(lambda: openings.open_occurrences(END_OF_YEAR), lambda: openings.open_occurrences(END_OF_YEAR))
    assert sorted(made) == [0, 8]
    assert Obligation.objects.count() == Opening.objects.count() == Move.objects.count() == 9
