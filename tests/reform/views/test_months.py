"""The months, and a month with every unit's report."""

import datetime as dt

import pytest

from reform import month_reports, review
from reform.states import State
from tests.cast import client_of, department, township
from tests.factories import MilestoneFactory, ObligationFactory, UnitFactory
from tests.reform.filings import hand_in_report, report_of
from tests.reform.views.bureau import let_it_be_noon, page, queries

JUNE_20, JUNE_21, JUNE_22 = (dt.date(2022, 6, day) for day in (20, 21, 22))


@pytest.fixture(autouse=True)
def _noon(db):
    let_it_be_noon()


def june(unit, **given):
    milestone = MilestoneFactory(monthly=True)
    return ObligationFactory(
        milestone=milestone, unit=unit, occurrence="2022-06", due_on=JUNE_21, **{"doing": True} | given
    )


def by_unit(on=JUNE_22):
    return {report.obligation.unit.short_name: report for report in month_reports.of("2022-06", on)}


def test_each_unit_stands_with_when_it_filed_and_what_became_of_it(cast):
    on_time, late = report_of(township(), tasks=3), report_of(department())
    june(UnitFactory(short_name="县信访局", position=600))
    hand_in_report(on_time, cast.weifen, JUNE_20)
    review.send_back(
        on_time, by=cast.sfj, reason="人数不明。", mend_by=dt.date(2022, 6, 24), at=on_time.opened_at.replace(month=6)
    )
    hand_in_report(on_time, cast.weifen, JUNE_22)
    hand_in_report(late, cast.scj, JUNE_22)
    found = by_unit()
    assert [(name, r.is_filed, r.is_late, r.is_missing, r.returns) for name, r in found.items()] == [
        ("县市场局", True, True, False, 0), ("县信访局", False, False, True, 0), ("蔚汾镇", True, False, False, 1),
    ]  # fmt: skip
    assert (found["蔚汾镇"].filing.number, found["蔚汾镇"].filing.lines) == (2, 3)
    assert month_reports.rates_of(found.values(), JUNE_22).on_time == 1


def test_what_is_excused_is_neither_owed_nor_missing(cast):
    june(township(), state=State.EXEMPT)
    report = by_unit()["蔚汾镇"]
    assert (report.is_missing, month_reports.rates_of([report], JUNE_22).due) == (False, 0)
    month = month_reports.months(JUNE_22)[0]
    assert (month.words, month.owed, month.filed) == ("2022年6月", 0, 0)


def test_the_page_counts_and_can_show_what_is_missing_alone(cast):
    hand_in_report(report_of(township()), cast.weifen)
    june(department())
    html = page(cast.sfj, "/months/2022-06/")
    assert "未报 1</a>" in html
    assert "2 <small>个单位</small>" in html
    html = page(cast.sfj, "/months/2022-06/?show=missing")
    assert "县市场局</a>" in html
    assert "蔚汾镇</a>" not in html
    assert "没有这样的单位" in page(cast.sfj, "/months/2022-06/?show=late")


def test_before_the_day_there_is_no_rate_yet(cast):
    june(township())
    assert page(cast.sfj, "/months/2022-06/").count("<small>未到期</small>") == 2


def test_the_list_of_months_is_newest_first(cast):
    report_of(township(), occurrence="2022-05")
    report_of(township(), occurrence="2022-06")
    html = page(cast.lingdao, "/months/")
    assert html.index("2022年6月") < html.index("2022年5月")
    assert 'href="/months/2022-05/"' in html


def test_no_month_yet_says_so(cast):
    assert "还没有开报的月份" in page(cast.sfj, "/months/")


@pytest.mark.parametrize("occurrence", ["2022-07", "2022-13", "once", "2022", "x" * 50])
def test_a_month_that_is_not_there_is_not_found(cast, occurrence):
    june(township())
    assert client_of(cast.sfj).get(f"/months/{occurrence}/").status_code == 404


@pytest.mark.parametrize("name", ["admin", "anquan", "audit", "weifen", "weifenld", "scj", "pingcha"])
def test_a_unit_does_not_read_the_others_reports(cast, name):
    june(township())
    client = client_of(getattr(cast, name))
    assert [client.get(address).status_code for address in ("/months/", "/months/2022-06/")] == [404, 404]


def test_forty_units_ask_as_often_as_one(cast):
    hand_in_report(report_of(township()), cast.weifen)
    once, listed = queries(cast.sfj, "/months/2022-06/"), queries(cast.sfj, "/months/")
    for _ in range(6):
        june(UnitFactory())
    assert (queries(cast.sfj, "/months/2022-06/"), queries(cast.sfj, "/months/")) == (once, listed)
