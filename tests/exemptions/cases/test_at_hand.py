"""What lies on the workbench, goes with a handover, and is told once when a correction is due."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions import jobs
from exemptions.cases import at_hand, correction
from liaisons import open_work
from liaisons.models import Notice
from tests.cast import client_of
from tests.exemptions.case_samples import AT, JUNE_10, JUNE_20, code, decided, ordered, ready, recorded
from tests.factories import moment
from xingxian_portal.foundation import clock

pytestmark = pytest.mark.django_db


def test_the_card_shows_what_is_overdue_first_then_what_is_soon_then_what_waits(cast):
    assert at_hand.card(cast.weifen.unit, JUNE_20) is None
    recorded(cast.weifen)
    decided(cast.weifen)
    ordered(cast.weifen, correct_by=dt.date(2022, 6, 30))
    assert at_hand.card(cast.weifen.unit, JUNE_20) is None
    waiting = ready(cast.weifen)
    assert at_hand.card(cast.weifen.unit, JUNE_20).pressing is False
    soon = ordered(cast.weifen, correct_by=dt.date(2022, 6, 22))
    late = ordered(cast.weifen)
    card = at_hand.card(cast.weifen.unit, JUNE_20)
    assert [(row.address, row.standing) for row in card.rows] == [
        (late.link, "逾期未复查 10 天"), (soon.link, "还有 2 天"), (waiting.link, "待决定"),
    ]  # fmt: skip
    assert card.pressing
    assert at_hand.card(cast.scj.unit, JUNE_20) is None


def test_an_overdue_correction_stands_above_the_month_on_the_workbench(cast):
    case = ordered(cast.weifen)
    clock.start_demo(AT)
    html = client_of(cast.weifen).get("/").content.decode()
    assert (
        f'<a href="{case.link}">兴县样例商贸有限公司（2022-001）</a><span class="tag bad">逾期未复查 10 天</span>'
        in html
    )


def test_open_cases_go_with_a_handover(cast):
    ordered(cast.weifen)
    decided(cast.weifen)
    assert [(one.name, one.state, one.due_on) for one in open_work.of(cast.weifen.unit)] == [
        ("免罚案件 2022-001", "责令改正中", JUNE_10)
    ]


def test_the_unit_is_told_once_the_day_before_and_once_when_it_is_past(cast):
    case = ordered(cast.weifen)
    said = []
    for day in (8, 9, 9, 10, 11, 12, 20):
        jobs.tell_of_corrections(moment(dt.date(2022, 6, day), 8, 20).isoformat())
        said.append(Notice.objects.filter(recipient=cast.weifen).count())
    assert said == [0, 1, 1, 1, 2, 2, 2]
    assert not Notice.objects.exclude(recipient=cast.weifen).exists()
    correction.recheck(case, rechecked_on=JUNE_20, result="not", findings="未改", by=cast.weifen, at=AT)
    case.refresh_from_db()
    correction.order(case, ordered_on=JUNE_20, correct_by=JUNE_20, demands="再改", by=cast.weifen, at=AT)
    jobs.tell_of_corrections(moment(dt.date(2022, 6, 21)).isoformat())
    assert Notice.objects.count() == 3


def test_the_job_takes_the_same_queries_with_one_and_with_many(cast, django_assert_max_num_queries):
    for number in range(4):
        ordered(cast.weifen, credit_code=code(number))
    with django_assert_max_num_queries(2 + 4):  # cases, people, a notice each
        assert at_hand.tell_of_corrections(AT) == 4
