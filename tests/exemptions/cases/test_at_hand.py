"""What lies on the workbench, goes with a handover, and is told once when a correction is due."""

from __future__ import annotations

import datetime as dt

import pytest

from exemptions.cases import at_hand, correction
from liaisons import open_work
from liaisons.models import Notice
from reform.reminders import running
from tests.cast import client_of
from tests.exemptions.case_samples import AT, JUNE_10, JUNE_20, code, decided, ordered, ready, recorded
from tests.factories import moment
from tests.reform.reminders.rules import load_calendar, load_rules
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


def june(day: int) -> dt.datetime:
    return moment(dt.date(2022, 6, day), 9)


def told(user) -> list[tuple[int, str]]:
    rows = Notice.objects.filter(recipient=user).order_by("sent_at")
    return [(row.sent_at.day, row.title) for row in rows]


def test_the_unit_is_reminded_before_the_deadline_and_when_it_is_past_and_its_leader_last(cast):
    load_calendar(2022)
    load_rules("correction")
    ordered(cast.weifen)
    for day in range(6, 21):
        running.run(june(day))
    assert told(cast.weifen) == [
        (9, "免罚案件 2022-001 的改正期限是6月10日，请安排复查"), (13, "免罚案件 2022-001 的改正期限（6月10日）已过，请复查并登记结果"),
    ]  # fmt: skip
    assert [day for day, _ in told(cast.weifenld)] == [15]
    assert not Notice.objects.exclude(recipient__in=[cast.weifen, cast.weifenld]).exists()


def test_who_rechecked_hears_no_more_and_a_second_order_is_reminded_of_anew(cast):
    load_calendar(2022)
    load_rules("correction")
    case = ordered(cast.weifen)
    running.run(june(9))
    correction.recheck(case, rechecked_on=JUNE_10, result="not", findings="未改", by=cast.weifen, at=june(10))
    for day in (10, 13, 14):
        running.run(june(day))
    assert [day for day, _ in told(cast.weifen)] == [9]
    case.refresh_from_db()
    second = dt.date(2022, 6, 17)
    correction.order(case, ordered_on=JUNE_10, correct_by=second, demands="再改", by=cast.weifen, at=june(14))
    for day in range(15, 18):
        running.run(june(day))
    assert [day for day, _ in told(cast.weifen)] == [9, 16]


def test_reminders_take_one_query_for_all_cases(cast, django_assert_num_queries):
    for number in range(4):
        ordered(cast.weifen, credit_code=code(number))
    with django_assert_num_queries(1):
        assert len(list(at_hand.to_recheck(AT))) == 4
