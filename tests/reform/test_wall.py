"""挂图作战 cell by cell: who has one, with which light, today, on past days and on days to come."""

import datetime as dt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reform import amendments, issue, late_joining, moves, openings, wall, wall_rows
from reform.lights import Light
from reform.models import Obligation
from reform.states import MOVES, State, Verb
from reform.wall_source import Source
from tests.factories import MilestoneFactory, PlanFactory, TaskFactory, UnitFactory, moment
from tests.reform.walls import TODAY, cells, close, county, day, file, grid, lead, lights

pytestmark = pytest.mark.django_db

MONTHS = [f"2022-{month:02}" for month in range(4, 13)]


@pytest.fixture
def here():
    return county()


def test_a_unit_has_a_cell_where_it_is_bound_and_nowhere_else(here):
    owed = {(code, *key) for code, *key in cells(grid()) if not cells(grid())[code, *key].rollup}

    towns, departments = {here.fen.code, here.wa.code}, {"scj", "czj"}
    expected = {
        *((unit, "set-up", "once") for unit in towns),
        *((unit, "register", month) for unit in towns for month in ("2022-06", "2022-12")),
        *((unit, "coach", "once") for unit in towns | {"sfj"}),
        *((unit, "list", "once") for unit in towns | {"scj"}),
        ("scj", "rules", "once"),
        *((unit, "report", month) for unit in towns | departments for month in MONTHS),
        *((unit, "always", "once") for unit in towns | {"czj"}),
    }
    assert owed == expected


def test_the_nodes_stand_in_date_order_then_the_undated_and_at_the_end_the_continuous(here):
    columns = grid().columns

    assert [(column.milestone.code, column.part) for column in columns if column.part != "dated"] == [
        ("coach", "undated"), ("rules", "undated"), ("always", "continuous"),
    ]  # fmt: skip
    dates = [column.due_on for column in columns if column.due_on]
    assert dates == sorted(dates)
    assert len(dates) == 9 + 4
    assert [column.part for column in columns[: len(dates)]] == ["dated"] * len(dates)


def test_departments_stand_before_townships_each_in_official_order(here):
    assert [(line.section, line.unit.code) for line in grid().lines] == [
        ("县直部门", "sfj"), ("县直部门", "scj"), ("县直部门", "czj"),
        ("乡镇人民政府", "141123100"), ("乡镇人民政府", "141123102"),
    ]  # fmt: skip


def test_a_month_that_is_not_open_yet_is_an_idle_cell_without_a_row_for_the_units_bound_now(here):
    # Nothing has opened May to December here: the job has not run.
    december = cells(grid())[here.fen.code, "report", "2022-12"]

    assert (december.light, december.pk, december.facts.due_on) == (Light.IDLE, None, day(12, 21))


def test_who_joins_a_group_gets_cells_of_later_months_only(here):
    late = UnitFactory(township=True, code="141123103")
    here.townships.memberships.create(unit=late, joined_on=day(6, 1))
    openings.open_occurrences(moment(day(6, 20)))

    months = {key[2] for key in cells(grid()) if key[0] == late.code and key[1] == "report"}
    assert months == {"2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11", "2022-12"}
    assert not {key for key in cells(grid()) if key[0] == late.code and key[1] != "report"}


def test_who_gets_the_open_ones_later_has_a_cell_from_that_day_on(here):
    late = UnitFactory(township=True, code="141123103")
    here.townships.memberships.create(unit=late, joined_on=day(6, 1))
    late_joining.give(here.plan, late, by=here.officer, at=moment(day(6, 10)))

    assert (late.code, "set-up", "once") in cells(grid())
    assert (late.code, "set-up", "once") not in cells(grid(day(6, 9)))


def test_a_lead_that_is_not_bound_has_a_roll_up_of_those_who_are(here):
    close(here.row(here.fen, "set-up"), day(6, 1))

    rollup = cells(grid())["sfj", "set-up", "once"]
    assert (rollup.rollup, rollup.light, rollup.pk, rollup.counts) == ((1, 2), Light.IDLE, None, False)


def test_a_lead_that_is_bound_owes_its_own_share_and_has_no_roll_up(here):
    coach = cells(grid())["sfj", "coach", "once"]
    assert coach.rollup is None
    assert coach.pk == here.row(here.bureau, "coach").pk


def test_a_task_without_a_lead_has_no_roll_up(here):
    assert not {key for key, cell in cells(grid()).items() if cell.rollup and key[1] in {"list", "rules", "report"}}


def test_a_roll_up_shows_the_worst_light_and_leaves_out_what_is_excused(here):
    lead(here.row(here.fen, "set-up"), Verb.EXEMPT, State.EXEMPT, day(6, 1))
    rollup = cells(grid(day(7, 1), day(7, 1)))["sfj", "set-up", "once"]
    assert (rollup.rollup, rollup.light) == ((0, 1), Light.OVERDUE)

    lead(here.row(here.wa, "set-up"), Verb.EXEMPT, State.EXEMPT, day(6, 1))
    rollup = cells(grid())["sfj", "set-up", "once"]
    assert (rollup.rollup, rollup.light) == ((0, 0), Light.EXCUSED)


def test_a_roll_up_stands_outside_the_tally_of_its_unit(here):
    line = next(line for line in grid().lines if line.unit.code == "sfj")
    assert (line.closed, line.owed) == (0, 1)


def test_a_tally_counts_what_can_be_closed_and_is_not_excused(here):
    close(here.row(here.fen, "list"), day(4, 20))
    lead(here.row(here.fen, "coach"), Verb.EXEMPT, State.EXEMPT, day(6, 1))

    line = next(line for line in grid().lines if line.unit == here.fen)
    assert (line.closed, line.owed) == (1, 1 + 1 + 2 + 9)


@pytest.mark.parametrize(("filed_on", "expected"), [(day(4, 21), "doing"), (day(4, 22), "overdue"), (None, "overdue")])
def test_a_continuous_duty_is_lit_by_the_last_due_report(here, filed_on, expected):
    if filed_on:
        file(here.row(here.fen, "report", "2022-04"), filed_on)

    always = cells(grid(day(5, 10), day(5, 10)))[here.fen.code, "always", "once"]
    assert (always.light.value, always.facts.due_on) == (expected, None)


def test_a_report_lights_the_continuous_duties_only_when_its_day_has_passed(here):
    assert lights(grid(day(4, 21), day(4, 21)), "always")[here.fen.code] == "doing"
    assert lights(grid(day(4, 22), day(4, 22)), "always")[here.fen.code] == "overdue"


def test_the_bureau_marks_a_continuous_duty_as_lagging_or_ended(here):
    lead(here.row(here.fen, "always"), Verb.MARK_LAGGING, State.LAGGING, day(5, 1))
    lead(here.row(here.wa, "always"), Verb.MARK_ENDED, State.ENDED, day(5, 2))

    assert lights(grid(), "always") == {here.fen.code: "soon", here.wa.code: "closed", "czj": "overdue"}


def test_before_the_issue_all_is_idle_and_nothing_leads_anywhere(here):
    before = grid(day(4, 12))

    assert {cell.light for cell in before.cells if not cell.rollup} == {Light.IDLE}
    assert {cell.pk for cell in before.cells} == {None}
    assert set(cells(before)) == set(cells(grid()))
    assert not before.is_issued


def test_a_past_day_shows_what_was_so_at_its_end(here):
    row = here.row(here.fen, "list")
    lead(row, Verb.SIGN_FOR, State.DOING, day(4, 14))
    file(row, day(5, 2))
    lead(row, Verb.RETURN_FOR_MENDING, State.DOING, day(5, 5), mend_by=day(5, 9))
    close(row, day(5, 20))

    days = [(4, 13), (4, 14), (4, 27), (4, 30), (5, 1), (5, 2), (5, 4), (5, 5), (5, 9), (5, 10), (5, 20)]
    seen = [lights(grid(day(*on)), "list")[here.fen.code] for on in days]
    assert seen == [
        "idle", "doing", "soon", "soon", "overdue", "review", "review", "soon", "soon", "overdue", "late-closed",
    ]  # fmt: skip


def test_midnight_belongs_to_the_day_that_begins(here):
    row = here.row(here.fen, "set-up")
    with transaction.atomic():
        moves.move(moves.locked(row.pk), Verb.SIGN_FOR, State.DOING, by=None, at=moment(day(5, 2), 0))

    assert lights(grid(day(5, 1)), "set-up")[here.fen.code] == "idle"
    assert lights(grid(day(5, 2)), "set-up")[here.fen.code] == "doing"


def test_an_extension_counts_from_the_decision(here):
    lead(here.row(here.fen, "list"), Verb.EXTEND, State.AWAITING, day(5, 10), due_on=day(7, 31))

    before, after = cells(grid(day(5, 9))), cells(grid(day(5, 10)))
    key = (here.fen.code, "list", "once")
    assert (before[key].light, before[key].facts.due_on) == (Light.OVERDUE, day(4, 30))
    assert (after[key].light, after[key].facts.due_on, after[key].column.due_on) == (
        Light.IDLE, day(7, 31), day(4, 30),
    )  # fmt: skip


def test_an_undated_duty_keeps_its_place_when_the_bureau_sets_a_date_for_it(here):
    lead(here.row(here.market, "rules"), Verb.SET_DATE, State.AWAITING, day(6, 1), due_on=day(6, 10))

    rules = cells(grid())["scj", "rules", "once"]
    assert (rules.light, rules.column.part, rules.facts.due_on) == (Light.OVERDUE, "undated", day(6, 10))


def test_a_day_to_come_shows_what_will_be_if_nothing_more_is_filed(here):
    file(here.row(here.fen, "set-up"), day(6, 18))

    july = grid(day(7, 22))
    assert lights(july, "set-up") == {here.fen.code: "review", here.wa.code: "overdue"}
    # July is not open today; it will have been opened and passed by then.
    report = cells(july)[here.fen.code, "report", "2022-07"]
    assert (report.light, report.pk, report.days) == (Light.OVERDUE, None, -1)
    assert cells(july)[here.fen.code, "report", "2022-08"].light == Light.IDLE
    assert cells(july)[here.fen.code, "always", "once"].light == Light.OVERDUE


def test_a_month_that_opens_on_a_day_to_come_is_being_worked_on_then(here):
    assert cells(grid(day(7, 1)))[here.fen.code, "report", "2022-07"].light == Light.DOING
    assert cells(grid(day(6, 30)))[here.fen.code, "report", "2022-07"].light == Light.IDLE


def test_the_line_of_the_day_stands_before_the_first_node_that_has_not_passed(here):
    dates = [column.due_on for column in grid().columns]
    assert dates[grid().today_place] == day(6, 21)
    assert dates[grid(day(6, 21), day(6, 21)).today_place] == day(6, 21)
    assert dates[grid(day(6, 22), day(6, 22)).today_place] == day(6, 30)


def amended(here, change):
    """Amend the plan on 1 June; `change` edits the draft."""
    draft = amendments.draft_amendment(
        here.plan, document_number="样例发〔2022〕2号", dated_on=day(6, 1), by=here.officer
    )
    change(draft)
    issue.issue(draft, by=here.officer, at=moment(day(6, 1), 15))


def test_a_dropped_node_keeps_its_column_with_its_rows(here):
    close(here.row(here.fen, "list"), day(4, 20))
    amended(here, lambda draft: draft.tasks.get(code="free").milestones.get(code="list").delete())

    assert lights(grid(), "list") == {here.fen.code: "closed", here.wa.code: "excused", "scj": "excused"}
    column = next(column for column in grid().columns if column.milestone.code == "list")
    assert column.due_on == day(4, 30)
    assert lights(grid(day(5, 31)), "list")[here.wa.code] == "overdue"


def test_a_moved_date_moves_the_column_from_the_day_of_the_amendment(here):
    def later(draft):
        draft.tasks.get(code="led").milestones.filter(code="set-up").update(due_on=day(8, 31))

    amended(here, later)
    column_of = lambda found: next(c for c in found.columns if c.milestone.code == "set-up")  # noqa: E731 - read twice
    assert column_of(grid()).due_on == day(8, 31)
    assert column_of(grid(day(5, 31))).due_on == day(6, 30)
    assert cells(grid())[here.fen.code, "set-up", "once"].facts.due_on == day(8, 31)


def test_what_an_amendment_adds_for_every_month_does_not_reach_back(here):
    def more(draft):
        MilestoneFactory(task=draft.tasks.get(code="free"), code="extra", monthly=True, day=10, binds=[here.market])

    amended(here, more)
    extra = {key[2] for key in cells(grid()) if key[1] == "extra"}
    assert extra == {f"2022-{month:02}" for month in range(6, 13)}
    assert not {key for key in cells(grid(day(5, 31))) if key[1] == "extra"}


def test_a_merged_unit_keeps_what_it_closed_and_hands_on_the_rest(here):
    close(here.row(here.fen, "list"), day(4, 20))
    here.fen.closed_on, here.fen.successor = day(6, 1), here.market
    here.fen.save()
    row = here.row(here.fen, "set-up")
    lead(row, Verb.TRANSFER, State.AWAITING, day(6, 1), unit=here.market, original_unit=here.fen)

    assert (here.fen.code, "list", "once") in cells(grid())
    assert cells(grid())["scj", "set-up", "once"].pk == row.pk
    assert cells(grid(day(5, 31)))[here.fen.code, "set-up", "once"].pk == row.pk
    # Months not opened yet are the living units' alone.
    assert (here.fen.code, "report", "2022-12") not in cells(grid())


def test_the_newest_plan_is_shown_unless_another_is_asked_for(here):
    order = PlanFactory(order=True, code="order", dated_on=day(6, 2))
    MilestoneFactory(task=TaskFactory(plan=order), code="once-only", binds=[here.finance])
    issue.issue(order, by=here.officer, at=moment(day(6, 2)))

    assert grid().plan.code == "plan"
    assert [key[1] for key in cells(grid(plan="order"))] == ["once-only"]
    assert grid(plan="no-such-plan").plan.code == "plan"


def test_without_an_issued_plan_there_is_no_wall():
    county(issued=False)
    assert Source.read() is None


def test_a_change_of_a_name_a_group_or_the_calendar_is_seen_at_once(here):
    first = grid()
    here.fen.short_name = "新名镇"
    here.fen.save()
    assert {cell.unit.short_name for cell in grid().cells} > {"新名镇"}
    assert grid() is not first
    again = grid()
    here.nodes["set-up"].parties.update(confirmed=False)
    assert grid() is not again


def test_nothing_changed_gives_the_very_same_wall_without_reading_the_rows(here, django_assert_num_queries):
    first = grid()
    with django_assert_num_queries(1):
        assert grid() is first


def test_making_the_wall_takes_two_queries_with_one_row_and_with_many(here, django_assert_num_queries):
    single = PlanFactory(order=True, code="single")
    MilestoneFactory(task=TaskFactory(plan=single), binds=[here.finance])
    issue.issue(single, by=here.officer, at=moment(day(6, 2)))
    for code, rows in (("single", 1), ("plan", 41)):
        for on in (TODAY, day(6, 10)):
            with django_assert_num_queries(2):
                found = grid(on, plan=code)
            assert sum(1 for cell in found.cells if not cell.rollup) >= rows


def _changes(verb, to, at):
    """Give what a verb would set besides the state."""
    changes = {"accepted_at": at if to == State.CLOSED else None}
    if to == State.REVIEW:
        changes |= {"first_filed_on": at.date(), "first_filed_at": at, "last_filed_at": at}
    if verb == Verb.RETURN_AS_UNFILED:
        changes |= {"first_filed_on": None, "first_filed_at": None}
    if verb == Verb.RETURN_FOR_MENDING:
        changes |= {"mend_by": at.date() + dt.timedelta(days=5)}
    if verb == Verb.EXTEND:
        changes |= {"due_on": at.date() + dt.timedelta(days=20)}
    return changes


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 3)), max_size=20))
def test_any_past_day_reads_from_the_moves_what_the_rows_said_then(here, drawn):
    with transaction.atomic():
        on, said = day(6, 25), {}
        for pick, choice, later in drawn:
            if later:
                said[on] = _by_rows(on)
                on += dt.timedelta(days=later)
            rows = Obligation.objects.order_by("pk")
            _move_somehow(rows[pick % len(rows)], choice, on)
        said[on] = _by_rows(on)

        assert {past: _by_moves(past) for past in said} == said
        transaction.set_rollback(True)


def _move_somehow(row, choice, on):
    possible = [
        (verb, to) for verb, rule in MOVES.items() if row.state in rule.origins for to in rule.to or [row.state]
    ]
    if possible:
        verb, to = possible[choice % len(possible)]
        lead(row, verb, to, on, **_changes(verb, to, moment(on, 11)))


def _by_rows(on):
    source = Source.read()
    return wall.build(source.ground, wall_rows.now(source.series), on, on)


def _by_moves(on):
    source = Source.read()
    return wall.build(source.ground, wall_rows.at_the_end_of(on, source.series), on, on)
