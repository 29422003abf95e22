"""The wall of 兴司发〔2022〕10号 as a browser gets it: exactly the cells of the rules' table, each with its date."""

import datetime as dt
import re

import pytest

from reform import issue
from reform.models import Plan
from tests.cast import client_of
from tests.factories import UserFactory, moment
from tests.reform.plan_rows import PLAN
from tests.reform.test_plan_binding import BOUND
from tests.reform.walls import it_is

pytestmark = pytest.mark.django_db

# The dates of the plan's words; what is not here has none.
DATES = {
    "33-liaison": ["2022-04-15"],
    "211-agencies": ["2022-04-30"],
    "213-item-list": ["2022-04-30"],
    "211-staffing": ["2022-05-31"],
    "221-exemption-list": ["2022-05-31"],
    "212-pilots": ["2022-06-30"],
    "214-agency-set-up": ["2022-06-30"],
    "214-registration": ["2022-06-30", "2022-12-31"],
    "213-training": ["2022-08-31"],
    "213-case-review": ["2022-10-31"],
    "33-monthly-report": [f"2022-{month:02}-21" for month in range(4, 13)],
}
# Who leads the task of each node; (一)3 and 三 have none.
LEADS = {"211": ["bianban"], "212": ["sfj", "bianban"], "214": ["sfj"], "221": ["scj", "sfj"], "222": ["scj", "sfj"], "223": ["sfj", "scj"]}  # fmt: skip
CELL = re.compile(
    r'<(?:a|span) class="light ([^"]+)"[^>]*? data-unit="([^"]+)" data-milestone="([^"]+)" data-due="([^"]*)"'
    r' data-light="([^"]+)"(?: data-rollup="(\d+)/(\d+)")?'
)


@pytest.fixture(scope="module")
def officer(county):
    officer = UserFactory()
    issue.issue(Plan.objects.get(code=PLAN), by=officer, at=moment(dt.date(2022, 4, 13), 15))
    return officer


def cells(officer, question="", on=dt.date(2022, 4, 18)):
    it_is(on)
    return CELL.findall(client_of(officer).get("/wall/" + question).content.decode())


def test_every_cell_of_the_table_and_no_other(officer):
    found = [(code, unit, due) for _, unit, code, due, _, done, _ in cells(officer) if not done]

    expected = [
        (code, unit, due)
        for code, (leads, others) in BOUND.items()
        for unit in {*leads, *others}
        for due in DATES.get(code, [""])
    ]
    assert sorted(found) == sorted(expected)


def test_every_lead_that_owes_nothing_there_has_a_roll_up_and_nobody_else(officer):
    found = [(code, unit, due, int(done), int(bound)) for _, unit, code, due, _, done, bound in cells(officer) if done]

    expected = [
        (code, unit, due, 0, len({*leads, *others}))
        for code, (leads, others) in BOUND.items()
        for unit in set(LEADS.get(code[:3], [])) - {*leads, *others}
        for due in DATES.get(code, [""])
    ]
    assert sorted(found) == sorted(expected)


def test_on_the_monday_after_the_issue_only_the_liaisons_are_late(officer):
    lit = {(code, due, light) for _, _, code, due, light, done, _ in cells(officer) if not done}

    assert {entry for entry in lit if entry[2] not in ("idle", "doing")} == {
        ("33-liaison", "2022-04-15", "overdue"),
        ("33-monthly-report", "2022-04-21", "soon"),
    }
    assert {code for code, _, light in lit if light == "doing"} == {
        "31-reform-duty", "32-qualification", "221-adjustment", "222-prudent-supervision", "223-legal-education",
    }  # fmt: skip


def test_a_day_before_the_issue_and_a_day_years_later_have_the_same_cells(officer):
    today = sorted(cell[1:4] for cell in cells(officer))
    for question in ("?on=2022-04-12", "?on=2023-01-15"):
        assert sorted(cell[1:4] for cell in cells(officer, question)) == today
    assert {cell[4] for cell in cells(officer, "?on=2022-04-12") if not cell[5]} == {"idle"}
    assert not {"idle", "soon"} & {cell[4] for cell in cells(officer, "?on=2023-01-15") if cell[3] and not cell[5]}
