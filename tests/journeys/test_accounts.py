"""From an invitation to a log-in with a code, on a desk, on a phone and without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from liaisons import roles
from liaisons.models import RoleGrant, User
from tests.authenticator import code_of
from tests.journeys.walking import log_in, overflow, violations
from xingxian_portal.foundation import clock

OWN = "Lvliang-2022-xx"
WAYS = [((1440, 900), True), ((390, 844), True), ((390, 844), False)]


def look_at(page: Page, scripts: bool) -> None:
    """See that the page is accessible, which axe finds out by a script of its own, and within the screen."""
    assert (violations(page) if scripts else [], overflow(page)) == ([], 0), page.url


def send(page: Page, **typed: str) -> None:
    """Fill in the page's form and send it."""
    for name, text in typed.items():
        page.fill(f"[name={name}]", text)
    page.click("main button.primary")


def invited(admin: Page, scripts: bool) -> str:
    """Make an account as the 系统管理员 does, with the role of an officer; give the link of the invitation."""
    log_in(admin, "admin")
    admin.goto("/accounts/new/")
    send(admin, username="xinren", name="新来人")
    link = admin.locator("#invitation-link").inner_text()
    look_at(admin, scripts)
    newcomer = User.objects.get(username="xinren")
    RoleGrant.objects.create(user=newcomer, role=roles.OFFICER.slug, granted_at=clock.now())
    return link


def choose_password(person: Page, link: str, scripts: bool) -> None:
    """Open the link and choose a password, at the second try one that will do."""
    person.goto(link)
    send(person, new_password="xinren-2022", again="xinren-2022")
    expect(person.get_by_text("密码里不能有用户名")).to_be_visible()
    look_at(person, scripts)
    send(person, new_password=OWN, again=OWN)
    expect(person.get_by_text("密码已设好")).to_be_visible()


def set_up_code(person: Page, scripts: bool) -> str:
    """Log in and set the second factor up, before which nothing else opens; give the secret in the app."""
    log_in(person, "xinren", OWN)
    expect(person.get_by_text("您的角色登录时除密码外还须输入动态码")).to_be_visible()
    look_at(person, scripts)
    person.get_by_text("手工输入密钥").click()
    secret = person.locator("#secret").inner_text().replace(" ", "")
    send(person, code=code_of(secret))
    expect(person.locator("ul.codes li")).to_have_count(10)
    look_at(person, scripts)
    person.click("main a.primary")
    expect(person).to_have_url(re.compile(r"/$"))
    return secret


def log_in_with_code(elsewhere: Page, secret: str, scripts: bool) -> None:
    """Log in by password and code, at the second try the right one."""
    elsewhere.goto("/login/")
    send(elsewhere, username="xinren", password=OWN)
    elsewhere.wait_for_url("**/login/code/**")
    look_at(elsewhere, scripts)
    send(elsewhere, code="000000")
    expect(elsewhere.get_by_text("动态码不正确")).to_be_visible()
    elsewhere.wait_for_timeout(1100)  # a wrong code makes one wait a second
    send(elsewhere, code=code_of(secret, later=1))
    elsewhere.wait_for_url(lambda address: "/login/" not in address)


@pytest.mark.parametrize(("size", "scripts"), WAYS, ids=["desk", "phone", "no scripts"])
def test_from_an_invitation_to_a_log_in_with_a_code(new_page, cast, settings, size, scripts):
    settings.AXES_ENABLED = True
    link = invited(new_page(*size, java_script_enabled=scripts), scripts)
    settings.PORTAL_SECOND_FACTOR = True
    person, elsewhere = (new_page(*size, java_script_enabled=scripts) for _ in range(2))
    choose_password(person, link, scripts)
    secret = set_up_code(person, scripts)
    log_in_with_code(elsewhere, secret, scripts)

    elsewhere.goto("/security/")
    look_at(elsewhere, scripts)
    elsewhere.get_by_role("button", name="结束其他全部登录").click()
    expect(elsewhere.get_by_text("其他 1 处登录已结束")).to_be_visible()
    person.goto("/security/")
    assert "/login/" in person.url
    person.goto(link)
    expect(person.get_by_text("邀请链接不能用了")).to_be_visible()
