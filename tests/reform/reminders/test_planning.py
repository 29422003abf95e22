"""The planner: every step once, whatever happens; nothing useful lost, no burst, a flat number of queries."""

import datetime as dt

import pytest

from liaisons import appointments, roles
from liaisons.letters import sending, watching
from liaisons.models import Appointment, LedgerEntry, Letter, Notice, Person, PlannerState
from reform import moves, proposals
from reform.models import Escalation, Proposal, ReminderStep
from reform.reminders import planning, reconciling, running, sources
from reform.states import State, Verb
from tests.cast import department, gather, township
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory, UserFactory, moment
from tests.races import at_once
from tests.reform.reminders.rules import JUNE, load_calendar, load_rules, report


def june(day, hour=9, minute=0):
    return moment(dt.date(2022, 6, day), hour, minute)


@pytest.fixture
def monthly(cast):
    load_calendar(2022)
    load_rules("monthly")
    return report(cast.weifen.unit)


def run_days(first, last, hours=(9,)):
    for day in range(first, last + 1):
        for hour in hours:
            running.run(june(day, hour))


def told(user):
    return list(Notice.objects.filter(recipient=user).order_by("sent_at").values_list("sent_at__day", flat=True))


def file(row, at):
    row.refresh_from_db()
    moves.move(
        row, Verb.FILE, State.REVIEW, by=None, at=at, first_filed_at=at, first_filed_on=at.date(), last_filed_at=at
    )


def test_a_month_nobody_files_goes_up_step_by_step(monthly, cast):
    run_days(1, 30)
    assert told(cast.weifen) == [1, 14, 17, 21, 22]
    assert told(cast.weifenld) == [22, 24]
    assert told(cast.sfj) == [24]
    assert {e.kind: e.proposed_at for e in Escalation.objects.all()} == {"letter": june(24), "bulletin": june(28)}
    assert not Letter.objects.exclude(status=Letter.SENT).exists()


def test_a_punctual_unit_gets_at_most_three_and_none_after_it_filed(monthly, cast):
    run_days(1, 16)
    file(monthly, june(17, 8, 59))
    run_days(17, 30)
    assert told(cast.weifen) == [1, 14]
    assert told(cast.weifenld) == []
    entry = LedgerEntry.objects.filter(step="r2").first()
    assert entry is None  # filed before it was planned


def test_who_files_between_plan_and_send_is_not_reminded(monthly, cast):
    planning.plan(june(14, 8, 52))
    assert LedgerEntry.objects.get(step="r1").status == LedgerEntry.PLANNED
    file(monthly, june(14, 8, 59))
    sending.send_due(june(14, 9))
    assert LedgerEntry.objects.get(step="r1").reason == "已报送"
    assert Letter.objects.get().status == Letter.CANCELLED
    assert not Notice.objects.exists()


def test_running_twice_writes_nothing_twice(monthly):
    first = running.run(june(14))
    assert (first.planned, running.run(june(14)).planned, planning.plan(june(14, 8, 55))) == (1, 0, 0)
    assert (LedgerEntry.objects.count(), Notice.objects.count()) == (1, 1)


def test_the_clock_set_back_an_hour_sends_nothing_again(monthly):
    running.run(june(14))
    for hour in (8, 9):
        running.run(june(14, hour))
    assert (LedgerEntry.objects.count(), Notice.objects.count()) == (1, 1)


def test_three_days_down_over_the_21st_keep_the_highest_step_and_send_one(monthly, cast):
    run_days(1, 17)
    running.run(june(24))
    assert told(cast.weifen) == [1, 14, 17, 24]  # E1 is still of use; the last call is not
    assert told(cast.weifenld) == [24]
    lines = {(e.recipient.username, e.step): e.reason for e in LedgerEntry.objects.filter(channel="inbox")}
    assert lines["weifen", "r3"] == "系统停运期间已过期"
    assert (lines["weifen", "e1"], lines["weifenld", "e1"], lines["weifenld", "e2"]) == ("", "已由后一步提醒取代", "")


def test_before_the_first_run_nothing_is_written_down_as_missed(monthly):
    running.run(june(24))
    assert set(LedgerEntry.objects.values_list("step", flat=True)) <= {"r3", "e1", "e2"}


def test_a_person_of_three_units_gets_one_letter(cast):
    load_calendar(2022)
    load_rules("monthly")
    milestone = MilestoneFactory(monthly=True)
    units = [UnitFactory(township=True) for _ in range(3)]
    for unit in units:
        report(unit, milestone=milestone)
        cast.weifen.role_grants.create(role=roles.LIAISON.slug, unit=unit, granted_at=june(1))
    running.run(june(14))
    notice = Notice.objects.get(recipient=cast.weifen)
    assert notice.title.startswith("有 3 件事请办理：")
    assert notice.body.count("\n") == 2


def test_a_step_of_the_return_rule_comes_besides_and_stops_with_the_next_filing(monthly, cast):
    load_rules("returned")
    file(monthly, june(15, 10))
    monthly.refresh_from_db()
    moves.move(monthly, Verb.RETURN_FOR_MENDING, State.DOING, by=cast.sfj, at=june(16, 10), reason="补",
               mend_by=dt.date(2022, 6, 21), cycle_no=2)  # fmt: skip
    monthly.submissions.create(number=1, state="returned", saved_at=june(15), saved_by=cast.weifen, reviewed_at=june(16, 10),
                               reviewed_by=cast.sfj, filed_at=june(15), filed_by=cast.weifen, counted_on=june(15).date())  # fmt: skip
    run_days(16, 20)
    assert told(cast.weifen) == [20]  # two working days after the return
    file(monthly, june(20, 16))
    run_days(21, 24)
    assert told(cast.weifen) == [20]


def test_a_due_date_extended_after_a_reminder_begins_a_new_round(monthly, cast):
    run_days(13, 17)
    monthly.refresh_from_db()
    moves.move(monthly, Verb.EXTEND, State.DOING, by=None, at=june(17, 16), due_on=dt.date(2022, 6, 28), cycle_no=2)
    run_days(18, 30)
    rounds = LedgerEntry.objects.filter(recipient=cast.weifen, channel="inbox").order_by("planned_for")
    assert [(e.step, e.cycle_no) for e in rounds if e.cycle_no == 2 and not e.reason] == [
        ("r1", 2), ("r2", 2), ("r3", 2), ("e1", 2),
    ]  # fmt: skip


def test_a_unit_exempted_in_the_middle_of_the_month_hears_no_more(monthly, cast):
    run_days(1, 14)
    monthly.refresh_from_db()
    moves.move(monthly, Verb.EXEMPT, State.EXEMPT, by=None, at=june(15), reason="受灾")
    run_days(15, 30)
    assert told(cast.weifen) == [1, 14]


def test_an_empty_post_goes_onto_the_list_of_calls(monthly, cast):
    cast.weifenld.role_grants.all().delete()
    running.run(june(22))
    post = LedgerEntry.objects.get(step="e1", post="分管领导")
    assert (post.channel, post.addressee, post.recipient, post.status) == (
        "call",
        "分管领导（未确定）",
        None,
        "planned",
    )


def test_a_leader_without_an_account_is_to_be_called(monthly, cast):
    cast.weifenld.role_grants.all().delete()
    person = Person.objects.create(name="高某", phone="138 0000 0001")
    Appointment.objects.create(unit=township(), person=person, post="leader", from_on=JUNE, confirmed_on=JUNE)
    running.run(june(22))
    assert LedgerEntry.objects.get(step="e1", post="分管领导").person == person


def test_the_bureaus_own_and_other_units_people_are_not_mixed(monthly, cast):
    report(department(), milestone=monthly.milestone)
    running.run(june(14))
    assert sorted(Notice.objects.values_list("recipient__username", flat=True)) == ["scj", "weifen"]


def test_what_waits_at_the_bureau_and_what_nobody_touched_is_reminded_of(cast):
    load_calendar(2022)
    load_rules()
    ObligationFactory(unit=township(), filed=True, state=State.REVIEW).submissions.create(
        number=1,
        state="filed",
        saved_at=june(6),
        saved_by=cast.weifen,
        filed_at=june(6),
        filed_by=cast.weifen,
        counted_on=june(6).date(),
    )
    ObligationFactory(unit=township(), milestone=MilestoneFactory(undated=True), due_on=None, state=State.DOING)
    running.run(june(9))
    assert Notice.objects.get(recipient=cast.sfj).title == "有 1 件报送等待审核"
    running.run(june(13))  # sixty days after it was opened, the 12th being a Sunday
    assert Notice.objects.get(recipient=cast.weifen).title.endswith("已有三十天没有进展，请更新")


def test_an_extension_that_waits_is_told_to_who_decides_and_no_more_once_it_is_decided(cast):
    load_calendar(2022)
    load_rules("deciding")
    duty = ObligationFactory(unit=township(), due_on=dt.date(2022, 6, 30), state=State.DOING)
    for day in (6, 7):
        asked = proposals.ask(
            duty, Proposal.EXTENSION, by=cast.weifen, reason="人员调整", until=dt.date(2022, 7, day), at=june(day)
        )
        if day == 6:
            running.run(june(7))
            assert not told(cast.sfjld)
            proposals.decide(asked, by=cast.sfjld, granted=False, note="再想想", at=june(7))
    run_days(8, 9)
    assert [notice.title for notice in Notice.objects.filter(recipient=cast.sfjld)] == [
        f"请决定：蔚汾镇　{duty.name}：延期"
    ]
    proposals.decide(asked, by=cast.sfjld, granted=True, until=dt.date(2022, 7, 7), at=june(10))
    run_days(10, 20)
    assert told(cast.sfjld) == [9]


def test_contacts_that_nobody_confirmed_this_quarter_are_asked_for_until_they_are(cast):
    load_calendar(2022)
    load_rules("contacts")
    march = dt.date(2022, 3, 1)
    person = Person.objects.create(name="蔚汾联络", user=cast.weifen)
    Appointment.objects.create(unit=township(), person=person, post="liaison", from_on=march, confirmed_on=march)
    running.run(moment(dt.date(2022, 4, 11)))  # the fifth working day, counted over 清明
    assert Notice.objects.get().title == "请核对蔚汾镇的联系人"
    appointments.confirm(township(), by=cast.weifen, at=moment(dt.date(2022, 4, 12)))
    for day in (13, 24, 25, 26):
        running.run(moment(dt.date(2022, 4, day)))
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(("day", "count"), [(14, 0), (16, 1)])
def test_next_years_calendar_is_asked_for_from_15_november(cast, day, count):
    load_rules("calendar")
    running.run(moment(dt.date(2022, 11, day)))
    assert Notice.objects.filter(recipient=cast.admin).count() == count


def test_the_daily_check_finds_what_the_planner_did_not_write(monthly):
    planning.plan(june(14, 8, 52))
    LedgerEntry.objects.all().delete()
    assert reconciling.reconcile(june(14, 9, 30)) == 1
    assert (PlannerState.objects.get().missing, LedgerEntry.objects.count()) == (1, 1)
    assert reconciling.reconcile(june(14, 9, 31)) == 0


def test_a_rule_that_cannot_be_read_holds_up_no_other_and_is_made_up_for(monthly, cast, monkeypatch):
    load_rules("dated")
    monkeypatch.setitem(sources.SOURCES, "monthly", lambda _at: iter([{}[0]]))
    ObligationFactory(unit=township(), due_on=JUNE, state=State.DOING)
    running.run(june(14))
    found = watching.health(june(14))
    assert (found.faults, found.is_well) == (("monthly",), False)
    running.run(june(20))
    assert set(LedgerEntry.objects.values_list("rule", flat=True)) == {"dated"}
    monkeypatch.undo()
    running.run(june(20, 10))
    lines = {entry.step: entry.reason for entry in LedgerEntry.objects.filter(rule="monthly")}
    assert lines == {"r1": "系统停运期间已过期", "r2": ""}
    assert watching.health(june(20, 10)).faults == ()


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(monthly):
    assert [entry.step for entry in running.would_plan(june(14))] == ["r1"]
    assert not LedgerEntry.objects.exists()


@pytest.mark.parametrize("units", [2, 12])
def test_planning_asks_a_fixed_number_of_times(cast, units, django_assert_num_queries):
    load_rules()
    milestone = MilestoneFactory(monthly=True)
    for _ in range(units):
        unit = UnitFactory(township=True)
        UserFactory(unit=unit, role=roles.LIAISON)
        report(unit, milestone=milestone)
    planning.plan(june(13))
    with django_assert_num_queries(51):
        planning.plan(june(14))
    assert LedgerEntry.objects.count() == units


def test_a_step_switched_off_is_not_planned(monthly):
    ReminderStep.objects.filter(code="r1").update(enabled=False)
    running.run(june(14))
    assert not LedgerEntry.objects.exists()


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_write_each_line_once():
    cast = gather()
    load_rules("monthly")
    report(cast.weifen.unit)
    at_once(lambda: planning.plan(june(14)), lambda: planning.plan(june(14)))
    assert LedgerEntry.objects.count() == 1
