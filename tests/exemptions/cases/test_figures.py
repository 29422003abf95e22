"""What the cases add up to: on their days, void ones nowhere, by field and kind, and where it flows by itself."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from exemptions.cases import correction, deciding, figures
from exemptions.cases.figures import Tally
from exemptions.cases.kinds import Decision
from exemptions.models import Item
from liaisons.models import EnforcementField
from reform import county_figures, month_figures
from tests.exemptions.case_samples import AT, JUNE_1, JUNE_20, code, decided, ordered, ready

pytestmark = pytest.mark.django_db
JUNE = (dt.date(2022, 5, 22), dt.date(2022, 6, 21))


def transferred(by, **more):
    case = ordered(by, **more)
    correction.recheck(case, rechecked_on=JUNE_20, result="not", findings="照旧", by=by, at=AT)
    return deciding.decide(case, decision=Decision.TRANSFER, decided_on=JUNE_20, reason="未改正", by=by, at=AT)


def test_the_months_report_holds_the_units_own_figures(cast):
    for number in range(3):
        decided(cast.weifen, credit_code=code(number))
    transferred(cast.weifen)
    deciding.make_void(decided(cast.weifen), reason="错", by=cast.weifen, at=AT)
    decided(cast.scj)
    told = [
        (f.label, f.value, f.measure) for f in month_figures.figures(cast.weifen.unit, *JUNE) if f.source == "免罚案件"
    ]
    assert told == [
        ("不予处罚或罚款", "3", "件"), ("估算免罚金额", "6000", "元"), ("责令改正", "4", "件"), ("按期改正率", "75", "%"), ("转处罚", "1", "件"),
    ]  # fmt: skip
    assert month_figures.figures(cast.weifen.unit, dt.date(2022, 7, 1), dt.date(2022, 7, 21)) == []


def test_a_rate_of_nought_is_told_and_no_rechecks_are_no_rate(cast):
    transferred(cast.weifen)
    assert figures.total(*JUNE).rate == 0
    assert ("按期改正率", "0") in [(f.label, f.value) for f in figures.for_the_month(cast.weifen.unit, *JUNE)]
    assert Tally().rate is None


def test_the_wall_has_the_county_and_each_figure_leads_on(cast):
    assert county_figures.of(*JUNE) == []
    decided(cast.weifen)
    decided(cast.scj)
    told = county_figures.of(*JUNE)
    assert [(f.label, f.value) for f in told] == [
        ("包容免罚案件", "2"),
        ("估算免罚", "4000"),
        ("按期改正率", "100"),
    ]
    assert told[0].address == "/exemptions/cases/figures/?since=2022-05-22&until=2022-06-21"


def test_by_field_and_kind_adds_up_to_all(cast, django_assert_num_queries):
    market = EnforcementField.objects.create(code="market", name="市场监管")
    decided(cast.weifen, field=market)
    decided(cast.weifen, field=market, decision=Decision.LIGHTER)
    decided(cast.scj, kind=Item.MINOR)
    with django_assert_num_queries(3):
        groups = figures.by_field_and_kind(*JUNE)
    assert [(group.name, [line.name for line in group.lines]) for group in groups] == [
        ("市场监管", ["首违不罚"]), ("未定领域", ["轻微不罚"]),
    ]  # fmt: skip
    assert groups[0].tally == Tally(forgiven=1, spared=Decimal(2000), lighter=1, rechecked=2, in_time=2)
    assert figures.added(group.tally for group in groups) == figures.total(*JUNE)
    assert [group.name for group in figures.by_field_and_kind(*JUNE, units=[cast.scj.unit.pk])] == ["未定领域"]


def test_what_was_decided_and_rechecked_in_different_months_counts_in_each(cast):
    ready(cast.weifen)
    case = decided(cast.weifen, credit_code=code(3))
    may = dt.date(2022, 5, 25)
    assert figures.total(may, JUNE_1).is_empty
    assert figures.total(dt.date(2022, 6, 8), dt.date(2022, 6, 8)) == Tally(rechecked=2, in_time=2)
    assert figures.total(JUNE_20, JUNE_20) == Tally(forgiven=1, spared=Decimal(2000))
    assert case.decided_on == JUNE_20
