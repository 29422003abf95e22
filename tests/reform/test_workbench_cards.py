"""Cards that higher apps lay on a unit's workbench: what presses stands above the month, nothing said is nothing shown."""

from __future__ import annotations

import pytest

from reform import workbench_cards
from reform.workbench_cards import Card, Row
from tests.cast import client_of


@pytest.fixture
def laid(db, monkeypatch):
    cards = []
    monkeypatch.setattr(workbench_cards, "_sources", [])
    workbench_cards.learn(lambda unit, today: cards[0] if cards else None)
    return cards


def test_a_card_stands_on_the_workbench_and_what_presses_above_the_month(laid, cast):
    row = Row("到期的", "/x/1/", "逾期 3 天", "bad", "期限 6月17日")
    for pressing in (True, False):
        laid[:] = [Card("要复查的", [row], "/x/", pressing=pressing)]
        html = client_of(cast.weifen).get("/workbench/").content.decode()
        assert '<a href="/x/1/">到期的</a><span class="tag bad">逾期 3 天</span><small>期限 6月17日</small>' in html
        assert (html.index("要复查的") < html.index("月度报告" if "月度报告" in html else "待办")) is pressing


def test_a_source_with_nothing_to_say_lays_no_card(laid, cast):
    assert "要复查的" not in client_of(cast.weifen).get("/workbench/").content.decode()
