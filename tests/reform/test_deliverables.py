"""What is done elsewhere in the portal closes its duty by itself, on the day it was done, or not at all."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError

from liaisons import appointments
from liaisons.models import Appointment
from reform import drafts, filing
from reform.lights import Day, Facts, Light
from reform.models import Milestone, Obligation, Submission
from reform.states import OPEN, State, Verb
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.reform.breaking import no_trail
from xingxian_portal.foundation.workdays import Workdays

DUE = dt.date(2022, 4, 15)
ON_TIME = moment(dt.date(2022, 4, 14), 10)


def owed(unit, deliverable=Milestone.LIAISON, **given) -> Obligation:
    milestone = MilestoneFactory(deliverable=deliverable, due_on=DUE)
    return ObligationFactory(milestone=milestone, unit=unit, **given)


def name(cast, *posts: str, at=ON_TIME, unit=None) -> None:
    for post in posts:
        appointments.appoint(unit or cast.weifen.unit, post, name="样例", phone="138 0000 0001", by=cast.sfj, at=at)


def now(row: Obligation) -> Obligation:
    return Obligation.objects.get(pk=row.pk)


@pytest.mark.parametrize("state", sorted(OPEN))
def test_naming_both_closes_the_duty_on_that_day(cast, state):
    row = owed(cast.weifen.unit, state=state)
    name(cast, "leader")
    assert now(row).state == state
    name(cast, "liaison")

    closed = now(row)
    assert (closed.state, closed.first_filed_on, closed.first_filed_at, closed.accepted_at) == (
        State.CLOSED,
        ON_TIME.date(),
        ON_TIME,
        ON_TIME,
    )
    last = row.moves.latest("pk")
    assert (last.verb, last.by, last.reason) == (Verb.DISCHARGE, cast.sfj, "分管领导和联络员已确定")


@pytest.mark.parametrize(("day", "light"), [(15, Light.CLOSED), (16, Light.LATE_CLOSED)])
def test_the_day_of_naming_decides_whether_it_was_on_time(cast, day, light):
    row = owed(cast.weifen.unit)
    name(cast, "leader", "liaison", at=moment(dt.date(2022, 4, day), 23))

    row = now(row)
    shown = Day(dt.date(2022, 6, 20), Workdays.load()).light(
        Facts(row.state, row.due_on, row.mend_by, row.first_filed_on)
    )
    assert shown == light


def test_a_filer_is_not_enough_and_other_duties_and_units_are_left_alone(cast):
    own = owed(cast.weifen.unit, Milestone.SUBMISSION)
    theirs = owed(cast.scj.unit)
    mine = owed(cast.weifen.unit)
    name(cast, "filer", "liaison")
    assert now(mine).state == State.AWAITING
    name(cast, "leader")

    assert [now(row).state for row in (own, theirs, mine)] == [State.AWAITING, State.AWAITING, State.CLOSED]


@pytest.mark.parametrize("state", sorted(set(State) - OPEN - {State.CLOSED}))
def test_what_is_not_open_stays_as_it_is(cast, state):
    row = owed(cast.weifen.unit, state=state)
    name(cast, "leader", "liaison")

    assert now(row).state == state


def test_confirming_closes_a_duty_that_came_after_the_naming(cast):
    name(cast, "leader", "liaison")
    row = owed(cast.weifen.unit)
    appointments.confirm(cast.weifen.unit, by=cast.weifen, at=ON_TIME)

    assert now(row).state == State.CLOSED


def test_a_text_under_review_is_laid_down_and_keeps_its_clock(cast):
    row, filed_at = owed(cast.weifen.unit), moment(dt.date(2022, 4, 13), 17)
    drafts.save(row, by=cast.weifen, text="已确定专人。", at=filed_at)
    filing.file(row, by=cast.weifen, at=filed_at)
    name(cast, "leader", "liaison", at=moment(dt.date(2022, 4, 20)))

    assert (now(row).state, now(row).first_filed_on) == (State.CLOSED, filed_at.date())
    assert row.submissions.get().state == Submission.WITHDRAWN


def test_without_its_entry_in_the_trail_nobody_is_named(cast):
    row = owed(cast.weifen.unit)
    name(cast, "leader")
    with no_trail(), pytest.raises(DatabaseError):
        name(cast, "liaison")

    assert (now(row).state, Appointment.objects.count()) == (State.AWAITING, 1)
