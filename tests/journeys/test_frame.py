"""The frame and the pages about people in a real browser: accessible, within the screen, without JavaScript too."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from liaisons import notices
from liaisons.models import Notice, User
from tests.journeys.walking import faults, log_in, overflow, sound, violations
from xingxian_portal.foundation import clock

SIZES = [(1440, 900), (390, 844)]
PAGES = [
    ("weifen", ["/notices/", "/notices/{notice}/", "/roles/", "/password/", "/privacy/"]),
    ("scj", ["/notices/"]),  # an empty inbox
    ("admin", ["/accounts/", "/accounts/?q=nobody", "/accounts/new/", "/accounts/{weifen}/", "/admin/"]),
    ("anquan", ["/accounts/{weifen}/roles/"]),
    ("audit", ["/audit/"]),
]


@pytest.fixture
def told(cast) -> Notice:
    """A demo under way, with a notice for 蔚汾镇."""
    clock.start_demo(timezone.make_aware(dt.datetime(2022, 6, 20, 8, 30)))
    notices.tell([cast.weifen], "催办", "6 月工作推进情况将于 21 日截止，请按时报送", body="还有 3 项没有填写。")
    return Notice.objects.get()


@pytest.mark.parametrize("size", SIZES)
def test_the_log_in_page_is_accessible_before_and_after_a_mistake(new_page, cast, size):
    page = new_page(*size)
    page.goto("/login/")
    assert (violations(page), overflow(page)) == ([], 0)

    page.fill("[name=username]", "weifen")
    page.click("main button")

    expect(page.get_by_text("请填写密码。")).to_be_visible()
    assert (violations(page), overflow(page)) == ([], 0)
    assert page.input_value("[name=username]") == "weifen"


@pytest.mark.screens
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(("who", "addresses"), PAGES)
def test_the_pages_about_people_are_accessible(new_page, cast, told, size, who, addresses):
    page = new_page(*size)
    log_in(page, who)
    assert faults(page, [address.format(notice=told.pk, weifen=cast.weifen.pk) for address in addresses]) == {}


@pytest.mark.screens
@pytest.mark.parametrize("size", SIZES)
def test_the_page_of_an_address_that_leads_nowhere_is_accessible(new_page, cast, size):
    page = new_page(*size)
    log_in(page, "weifen")
    answer = page.goto("/nowhere/")
    assert answer is not None
    assert answer.status == 404
    assert sound(page) == []


@pytest.mark.parametrize("scripts", [True, False])
def test_on_a_phone_the_menu_opens_leads_on_and_logs_out(new_page, cast, told, scripts):
    phone = new_page(390, 844, has_touch=True, java_script_enabled=scripts)
    log_in(phone, "weifen")
    phone.goto("/notices/")
    menu = phone.locator("details.menu")
    expect(menu.get_by_text("退出登录")).to_be_hidden()

    menu.locator("summary").tap()
    if scripts:
        assert violations(phone) == []
    menu.get_by_role("link", name="角色与权限").tap()
    expect(phone.get_by_role("heading", name="角色与权限")).to_be_visible()
    menu.locator("summary").tap()
    menu.get_by_role("button", name="退出登录").tap()

    expect(phone.get_by_role("heading", name="登录")).to_be_visible()


def test_escape_closes_the_menu_and_gives_the_focus_back(page, cast):
    log_in(page, "weifen")
    summary = page.locator("details.dropdown.wide summary")
    summary.click()
    expect(page.get_by_role("button", name="退出登录")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(summary).to_be_focused()


def test_by_keyboard_one_skips_straight_to_the_content(page, cast):
    log_in(page, "weifen")
    page.goto("/roles/")
    page.keyboard.press("Tab")
    expect(page.get_by_text("跳到正文")).to_be_in_viewport()

    page.keyboard.press("Enter")

    expect(page.locator("main")).to_be_focused()


def test_the_banner_moves_the_demo_to_the_21st_and_stays_on_the_page(page, cast, told):
    log_in(page, "weifen")
    page.goto("/roles/")

    page.get_by_role("button", name="到下一个工作日").click()

    expect(page.get_by_text("业务时间已到 2022年6月21日（星期二）08:30。")).to_be_visible()
    assert page.url.endswith("/roles/")


@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_new_account_to_a_granted_role(new_page, cast, scripts):
    admin = new_page(java_script_enabled=scripts)
    log_in(admin, "admin")
    admin.goto("/accounts/new/")
    admin.fill("[name=username]", "weijiatan")
    admin.fill("[name=name]", "新联络员")
    admin.select_option("[name=unit]", label="蔚汾镇人民政府")
    admin.click("main button.primary")
    password = admin.locator("#initial-password").inner_text()

    anquan = new_page(java_script_enabled=scripts)
    log_in(anquan, "anquan")
    anquan.goto(f"/accounts/{User.objects.get(username='weijiatan').pk}/roles/")
    anquan.select_option("[name=role]", label="联络员")
    anquan.click("main button.primary")
    expect(anquan.get_by_text("已授予联络员。")).to_be_visible()

    person = new_page(390, 844, java_script_enabled=scripts)
    log_in(person, "weijiatan", password)
    expect(person.get_by_text("请先改成只有自己知道的密码")).to_be_visible()
    for name, text in (("current", password), ("new_password", "Lvliang-2022-xx"), ("again", "Lvliang-2022-xx")):
        person.fill(f"[name={name}]", text)
    person.click("main button.primary")
    expect(person.get_by_text("密码已修改。")).to_be_visible()


def test_a_double_click_sends_once(page, cast, told):
    log_in(page, "weifen")
    page.goto("/notices/")
    sent = []
    page.on("request", lambda request: sent.append(request.method) if request.method == "POST" else None)

    page.get_by_role("button", name="签收").dblclick()

    expect(page.get_by_text("已签收")).to_be_visible()
    assert sent == ["POST"]
