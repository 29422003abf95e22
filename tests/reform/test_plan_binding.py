"""Who is bound to what by 兴司发〔2022〕10号, row by row of the rules' table; nobody else gets a cell."""

import datetime as dt

import pytest

from liaisons.membership import Memberships
from reform import binding
from reform.models import Milestone, Party
from tests.liaisons.unit_facts import DEPARTMENTS_OF_THE_COUNTY, ENFORCEMENT, TEN_FIELDS, TOWNSHIPS
from tests.reform.plan_rows import milestones

ALL = [*ENFORCEMENT, *TOWNSHIPS]
PILOT_TOWNSHIPS = ["141123100", "141123102", "141123205"]

# Milestone: the units that owe it as 牵头单位, the others that owe it.
BOUND = {
    "211-agencies": (["bianban"], TOWNSHIPS),
    "211-staffing": (["bianban"], TOWNSHIPS),
    "212-training": (["sfj"], []),
    "212-supervision": (["sfj"], []),
    "212-work-plan": ([], ALL),
    "212-pilots": ([], PILOT_TOWNSHIPS),
    "213-item-list": ([], ALL),
    "213-training": ([], ALL),
    "213-case-review": ([], ALL),
    "213-collective-discussion": ([], ALL),
    "213-discretion": ([], ENFORCEMENT),
    "213-coordination": ([], TEN_FIELDS),
    "214-agency-set-up": ([], TOWNSHIPS),
    "214-registration": ([], TOWNSHIPS),
    "214-support": ([], ["bianban", "czj"]),
    "221-exemption-list": (["scj"], ALL),
    "221-adjustment": (["scj"], ALL),
    "222-prudent-supervision": (["scj"], ALL),
    "223-legal-education": (["scj"], ALL),
    "222-pilots": (["scj"], ENFORCEMENT),
    "31-reform-duty": ([], TEN_FIELDS),
    "32-qualification": ([], ALL),
    "33-liaison": ([], [*DEPARTMENTS_OF_THE_COUNTY, *TOWNSHIPS]),
    "33-monthly-report": ([], [*DEPARTMENTS_OF_THE_COUNTY, *TOWNSHIPS]),
}


@pytest.fixture(scope="module")
def bound(county):
    memberships = Memberships(dt.date(2022, 4, 13))
    return {milestone.code: binding.bound(milestone, memberships) for milestone in Milestone.objects.all()}


def test_the_table_has_a_row_for_every_milestone():
    assert set(BOUND) == set(milestones())


def test_each_milestone_binds_exactly_the_units_of_its_row(bound):
    assert {code: sorted(unit.code for unit in roles) for code, roles in bound.items()} == {
        code: sorted({*leads, *others}) for code, (leads, others) in BOUND.items()
    }


def test_a_unit_bound_alone_and_in_a_group_is_shown_as_lead(bound):
    assert {
        code: [unit.code for unit, role in roles.items() if role == Party.LEAD] for code, roles in bound.items()
    } == {code: leads for code, (leads, _) in BOUND.items()}


def test_nobody_supports_for_the_plan_names_no_supporting_unit(bound):
    assert {role for roles in bound.values() for role in roles.values()} == {Party.LEAD, Party.RESPONSIBLE}
