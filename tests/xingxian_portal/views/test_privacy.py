"""个人信息处理告知: found by everybody before anything is asked of them, and true to the settings."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from liaisons import invitations
from liaisons.models import User
from tests.cast import PASSWORD, client_of
from xingxian_portal.settings import outgoing

ADDRESS = "/privacy/"
LINK = f'href="{ADDRESS}"'


def page(client: Client | None = None) -> str:
    response = (client or Client()).get(ADDRESS)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("address", ["/login/", "/manual/", "/public/", "/public/lists/"])
def test_whoever_is_not_logged_in_finds_it(db, address):
    assert LINK in Client().get(address).content.decode()
    assert "县司法局" in page()


@pytest.mark.parametrize("name", ["weifen", "audit", "lingdao", "admin"])
def test_it_is_in_the_foot_of_every_page_and_opens_for_every_role(cast, name):
    client = client_of(getattr(cast, name))
    foot = client.get("/notices/").content.decode().partition('<footer class="foot">')[2]
    assert LINK in foot
    assert "个人信息处理告知</h1>" in page(client)


def test_it_is_offered_and_opens_before_the_first_password_is_chosen(cast):
    User.objects.filter(pk=cast.weifen.pk).update(must_change_password=True)
    client = client_of(cast.weifen)
    main = re.search("<main.*</main>", client.get("/password/").content.decode(), re.DOTALL)
    assert main
    assert LINK in main[0]
    assert "个人信息处理告知</h1>" in page(client)
    assert client.get("/notices/")["Location"] == "/password/"

    invited = Client().get(invitations.invite(User.objects.get(pk=cast.weifen.pk), by=cast.admin)).content.decode()
    assert LINK in re.search("<main.*</main>", invited, re.DOTALL)[0]


def test_it_says_the_days_and_minutes_that_the_settings_say(db, settings):
    settings.PORTAL_LEAVER_DAYS, settings.AUDIT_KEEP_DAYS, settings.PORTAL_SESSION_HOURS = 777, 888, 9
    settings.SESSION_COOKIE_AGE = 17 * 60
    said = page()
    assert said.count("离任满 777 天") == 2
    assert [words in said for words in ("888 天", "17 分钟没有操作", "满 9 小时")] == [True] * 3


@pytest.mark.parametrize(
    ("mail", "body", "said"),
    [
        (False, "", "没有接通邮件、短信等外部渠道"),
        (True, "", "邮件服务器发出，交给它的只有收件邮箱、提醒的文字"),
        (False, '{"to": "{phone}", "text": "{text}"}', "交给它的只有手机号码、提醒的文字"),
        (
            True,
            '{"text": "{name}，{text}"}',
            "邮件服务器和即时消息（短信）接口发出，交给它的只有收件邮箱、收件人姓名、提醒的文字",
        ),
    ],
)
def test_it_says_what_leaves_the_portal(db, settings, monkeypatch, mail, body, said):
    settings.PORTAL_MAIL = {"host": "127.0.0.1"} if mail else None
    if body:
        monkeypatch.setenv("PORTAL_WEBHOOK_BODY", body)
        settings.PORTAL_WEBHOOK_URL = "http://127.0.0.1:9/"
        settings.PORTAL_WEBHOOK_BODY = outgoing.webhook_body("PORTAL_WEBHOOK_BODY")
    assert said in page()


def test_the_browser_gets_the_three_cookies_it_speaks_of(cast):
    client = Client()
    client.post("/login/", {"username": "weifen", "password": PASSWORD})
    client.get("/password/")
    new = {"current": PASSWORD, "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
    client.post("/password/", new)
    assert set(client.cookies) == {"sessionid", "csrftoken", "messages"}
