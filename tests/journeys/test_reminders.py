"""The bureau looks sixty days ahead and urges; the unit reads and signs; both find it in the ledger; somebody stands in."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from liaisons import roles
from liaisons.models import Delegation, LedgerEntry
from reform.models import Urging
from tests.cast import account
from tests.factories import moment
from tests.journeys.walking import log_in, overflow, violations
from tests.reform.reminders.rules import load_calendar, load_rules, report
from xingxian_portal.foundation import clock

JUNE_20 = dt.date(2022, 6, 20)


@pytest.fixture
def owed(transactional_db, cast):
    load_calendar(2022)
    load_rules("monthly")
    clock.start_demo(moment(JUNE_20, 10))
    return report(cast.weifen.unit)


def entered(page: Page, who: str, address: str) -> Page:
    """Give the page, `who` logged in, at an address."""
    log_in(page, who)
    page.goto(address)
    return page


def ledger_says(page: Page, words: str) -> None:
    """See that the line of the urging stands in the ledger with these words, and that the page holds."""
    page.goto("/reminders/ledger/")
    line = page.locator("table.ledger tbody tr").filter(has_text="催办")
    expect(line).to_have_count(1)
    expect(line).to_contain_text("蔚汾联络")
    expect(line).to_contain_text(words)
    assert overflow(page) == 0


def test_the_bureau_urges_with_a_note_and_the_unit_signs_for_it(new_page, owed):
    sfj = entered(new_page(), "sfj", "/reminders/")
    expect(sfj.locator("h2.reminder-day").first).to_contain_text("6月21日")
    expect(sfj.get_by_text("末次提醒").first).to_be_visible()
    assert violations(sfj) == []
    assert not LedgerEntry.objects.exists()  # a look ahead writes nothing

    sfj.goto(f"/obligations/{owed.pk}/urge/")
    sfj.fill("[name=note]", "请在今天下班前报送。")
    sfj.get_by_role("button", name="发送催办").click()
    expect(sfj.get_by_text("已催办 1 个单位。")).to_be_visible()
    sfj.goto(f"/obligations/{owed.pk}/urge/")
    sfj.get_by_role("button", name="发送催办").click()
    expect(sfj.get_by_text("24 小时内不重复催办")).to_be_visible()
    assert Urging.objects.count() == 1
    ledger_says(sfj, "已送达")

    weifen = entered(new_page(390, 844, has_touch=True), "weifen", "/notices/")
    expect(weifen.get_by_text("请在今天下班前报送。")).to_be_visible()
    weifen.get_by_role("button", name=f"签收：请尽快办理：{owed.name}").click()
    expect(weifen.locator(".tag.ok", has_text="已签收")).to_be_visible()
    for page in (weifen, sfj):
        ledger_says(page, "已签收")


def test_who_goes_on_leave_names_a_colleague_and_the_urging_goes_there(new_page, owed, cast):
    colleague = account("weifen2", "蔚汾填报", cast.weifen.unit, roles.FILER)
    weifen = entered(new_page(390, 844, has_touch=True), "weifen", "/contact/")
    weifen.select_option("[name=stand_in]", label=str(colleague))
    weifen.fill("[name=from_on]", "2022-06-20")
    weifen.fill("[name=to_on]", "2022-06-24")
    weifen.get_by_role("button", name="登记代收").click()
    expect(weifen.get_by_text("6月20日至6月24日")).to_be_visible()
    assert (overflow(weifen), violations(weifen)) == (0, [])
    assert Delegation.objects.get().stand_in == colleague

    sfj = entered(new_page(), "sfj", f"/obligations/{owed.pk}/urge/")
    sfj.get_by_role("button", name="发送催办").click()
    expect(sfj.get_by_text("已催办 1 个单位。")).to_be_visible()
    other = entered(new_page(), "weifen2", "/notices/")
    expect(other.get_by_role("link", name="请尽快办理")).to_be_visible()
    weifen.goto("/notices/")
    expect(weifen.get_by_text("还没有消息")).to_be_visible()
