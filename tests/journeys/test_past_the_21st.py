"""The clock moves past the 21st: who is late is late, who was returned is not, and the wall of 15 May looks as it did."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from liaisons import roles
from liaisons.models import Unit
from reform import filing, issue, openings, review
from reform.models import Obligation, Plan
from reform.states import State
from tests.cast import Cast, account, township
from tests.factories import moment
from tests.journeys.walking import log_in, overflow
from tests.reform.filings import hand_in_report
from xingxian_portal import facts
from xingxian_portal.foundation import clock

JUNE_20, MAY_15 = dt.date(2022, 6, 20), "/wall/?on=2022-05-15"
REPORT = "33-monthly-report"


@pytest.fixture
def june(transactional_db, cast: Cast) -> None:
    """Bring the real plan into force, with one duty filed in May, up to the morning of 20 June."""
    facts.load_all()
    issue.issue(Plan.objects.get(), by=cast.sfj, at=moment(dt.date(2022, 4, 13), 15))
    early = Obligation.objects.get(unit=township(), milestone_code="221-exemption-list")
    filing.sign_for(early, by=cast.weifen, at=moment(dt.date(2022, 5, 10), 9))
    for day in (dt.date(2022, 5, 5), dt.date(2022, 6, 1)):
        openings.open_occurrences(moment(day))
    clock.start_demo(moment(JUNE_20, 9))


def report_of(code: str) -> Obligation:
    return Obligation.objects.get(unit__code=code, milestone_code=REPORT, occurrence="2022-06")


def lights(page: Page, milestone: str = "") -> dict[str, str]:
    """Give the light of each cell on the wall by its unit, node and date."""
    where = f'[data-milestone="{milestone}"]' if milestone else ""
    cells = page.locator(f"[data-light]{where}").evaluate_all(
        "cells => cells.map(c => [[c.dataset.unit, c.dataset.milestone, c.dataset.due].join(' '), c.dataset.light])"
    )
    return dict(cells)


def at_the_close(code: str, lit: dict[str, str]) -> str:
    return lit[f"{code} {REPORT} 2022-06-21"]


@pytest.mark.parametrize(
    ("size", "scripts"), [((1440, 900), True), ((390, 844), False)], ids=["desk", "phone, no scripts"]
)
def test_the_month_closes_by_itself(new_page, june, cast, size, scripts):
    neighbour = account("watang", "瓦塘联络", Unit.objects.get(code="141123102"), roles.LIAISON)
    for user in (cast.weifen, neighbour, cast.scj):
        hand_in_report(report_of(user.unit.code), user, on=JUNE_20)
    review.accept(report_of("141123102"), by=cast.sfj, at=moment(JUNE_20, 15))

    sfj = new_page(*size, java_script_enabled=scripts)
    log_in(sfj, "sfj")
    sfj.goto(MAY_15)
    that_day = lights(sfj)
    assert that_day[f"{township().code} 221-exemption-list 2022-05-31"] == "doing"
    review.send_back(
        report_of(township().code), by=cast.sfj, reason="有一行看不出进展。", mend_by=dt.date(2022, 6, 24),
        at=moment(JUNE_20, 16),
    )  # fmt: skip

    sfj.goto("/wall/")
    assert "overdue" not in [light for cell, light in lights(sfj, REPORT).items() if cell.endswith("2022-06-21")]
    for day in ("2022年6月21日（星期二）08:30", "2022年6月22日（星期三）08:30"):
        sfj.get_by_role("button", name="到下一个工作日").click()
        expect(sfj.get_by_text(f"业务时间已到 {day}。")).to_be_visible()

    lit = lights(sfj, REPORT)
    assert at_the_close("141123102", lit) == "closed"
    assert at_the_close("scj", lit) == "review"
    assert at_the_close("141123100", lit) == "soon"  # returned: to be mended by the 24th, and not late
    others = {cell: light for cell, light in lit.items() if cell.endswith("2022-06-21")}
    assert len(others) == 39
    assert sum(light == "overdue" for light in others.values()) == 36
    assert overflow(sfj) == 0

    sfj.goto(MAY_15)
    assert lights(sfj) == that_day
    filed = report_of(township().code)
    assert (filed.state, filed.first_filed_on, filed.mend_by) == (State.DOING, JUNE_20, dt.date(2022, 6, 24))
