"""A duty with its light: the same as on the wall, however the page was reached."""

import datetime as dt

import pytest

from reform.lights import Light
from reform.lit import Lamp, last_due_reports
from reform.states import State
from tests.cast import department, township
from tests.factories import MilestoneFactory, ObligationFactory, PlanFactory, TaskFactory
from xingxian_portal.foundation.workdays import Workdays

TODAY = dt.date(2022, 6, 20)
MAY_21, JUNE_21 = dt.date(2022, 5, 21), dt.date(2022, 6, 21)


@pytest.fixture
def plan(db):
    return PlanFactory()


def report(plan, unit, due_on, **given):
    milestone = MilestoneFactory(monthly=True, task=TaskFactory(plan=plan))
    return ObligationFactory(milestone=milestone, unit=unit, occurrence=f"{due_on:%Y-%m}", due_on=due_on, **given)


def continuous(plan, unit, state=State.ONGOING):
    milestone = MilestoneFactory(continuous=True, task=TaskFactory(plan=plan))
    return ObligationFactory(milestone=milestone, unit=unit, state=state)


def lit(row, on=TODAY):
    return Lamp(on, Workdays()).lit(row)


@pytest.mark.parametrize(
    ("given", "light", "glyph"),
    [
        ({"due_on": MAY_21}, Light.OVERDUE, "!"),
        ({"due_on": JUNE_21}, Light.SOON, "1"),
        ({"due_on": TODAY}, Light.SOON, "0"),
        ({"due_on": MAY_21, "mend_by": dt.date(2022, 6, 30), "doing": True}, Light.DOING, "…"),
        ({}, Light.IDLE, "·"),
        ({"filed": True}, Light.REVIEW, "审"),
        ({"closed": True}, Light.CLOSED, "✓"),
        ({"closed": True, "due_on": MAY_21}, Light.LATE_CLOSED, "✓"),
        ({"state": State.EXEMPT}, Light.EXCUSED, "—"),
    ],
)
def test_each_light_has_its_sign(db, given, light, glyph):
    found = lit(ObligationFactory(**given))
    assert (found.light, found.glyph) == (light, glyph)
    assert found.words


def test_a_continuous_duty_follows_the_report_that_fell_due_last(plan):
    row = continuous(plan, township())
    assert lit(row).light == Light.DOING
    report(plan, township(), MAY_21, closed=True, first_filed_on=MAY_21)
    assert lit(row).light == Light.DOING
    report(plan, township(), JUNE_21)
    assert lit(row).light == Light.DOING
    assert lit(row, dt.date(2022, 6, 22)).light == Light.OVERDUE


def test_anothers_report_or_another_plans_does_not_count(plan):
    row = continuous(plan, township())
    report(plan, department(), MAY_21)
    report(PlanFactory(), township(), MAY_21)
    assert lit(row).light == Light.DOING


def test_a_mark_of_the_bureau_stands_above_the_report(plan):
    report(plan, township(), MAY_21)
    assert lit(continuous(plan, township(), State.LAGGING)).light == Light.SOON
    assert lit(continuous(plan, township(), State.ENDED)).light == Light.CLOSED
    assert lit(continuous(plan, township(), State.REVOKED)).light == Light.EXCUSED


def test_many_duties_are_lit_with_one_query_for_all_their_reports(plan, django_assert_num_queries):
    rows = [continuous(plan, township()) for _ in range(4)]
    report(plan, township(), MAY_21)
    lamp = Lamp(TODAY, Workdays())
    with django_assert_num_queries(1):
        assert {one.light for one in lamp.all(rows)} == {Light.OVERDUE}
    assert set(last_due_reports(TODAY)) == {(plan.pk, township().pk)}
