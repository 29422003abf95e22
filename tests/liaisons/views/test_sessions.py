from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.test import Client

from liaisons import accounts, sessions
from liaisons.models import Session
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0"
WECHAT = (
    "Mozilla/5.0 (Linux; Android 14; HarmonyOS) AppleWebKit/537.36 Chrome/99 Mobile Safari/537.36 MicroMessenger/8.0"
)
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1"


def logged_in(agent: str = EDGE, address: str = "192.0.2.1", username: str = "weifen") -> Client:
    client = Client(HTTP_USER_AGENT=agent, REMOTE_ADDR=address)
    assert client.post("/login/", {"username": username, "password": PASSWORD}).status_code == 302
    return client


@pytest.mark.parametrize(
    ("agent", "said"),
    [(EDGE, "Edge · Windows"), (WECHAT, "微信 · 鸿蒙"), (IPHONE, "Safari · iOS"), ("curl/8", "其他"), ("", "其他")],
)
def test_a_device_is_called_what_people_call_it(agent, said):
    assert sessions.device_of(agent) == said


def test_one_sees_where_one_is_logged_in_and_no_key_of_it(cast):
    own = logged_in()
    other = logged_in(WECHAT, "192.0.2.2")
    logged_in(username="scj", address="192.0.2.3")

    page = own.get("/security/").content.decode()
    assert [word in page for word in ("Edge · Windows", "192.0.2.1", "微信 · 鸿蒙", "192.0.2.2")] == [True] * 4
    assert [word in page for word in ("192.0.2.3", own.session.session_key, other.session.session_key)] == [False] * 3


def handle_of(client: Client) -> str:
    return Session.objects.get(pk=client.session.session_key).handle


def test_another_one_is_ended_and_dead_at_once(cast):
    own, other = logged_in(), logged_in(WECHAT)
    handle = handle_of(other)

    assert "这处登录已结束" in own.post("/security/sessions/end/", {"handle": handle}, follow=True).content.decode()
    assert other.get("/notices/").status_code == 302
    assert own.get("/notices/").status_code == 200
    assert "刚刚已经结束" in own.post("/security/sessions/end/", {"handle": handle}, follow=True).content.decode()
    assert AuditEntry.objects.filter(action="session.end", actor_id=cast.weifen.pk).count() == 1


def test_all_others_end_at_once(cast):
    own, others = logged_in(), [logged_in(WECHAT), logged_in(IPHONE)]

    assert "其他 2 处登录已结束" in own.post("/security/sessions/end/", {"others": "1"}, follow=True).content.decode()
    assert [client.get("/notices/").status_code for client in [own, *others]] == [200, 302, 302]


@pytest.mark.parametrize("handle", ["theirs", "", "x" * 500])
def test_somebody_else_s_session_is_not_ended(cast, handle):
    theirs = logged_in(username="scj")
    sent = handle_of(theirs) if handle == "theirs" else handle
    logged_in().post("/security/sessions/end/", {"handle": sent})

    assert theirs.get("/notices/").status_code == 200


def test_a_session_ends_after_thirty_idle_minutes_and_not_while_it_is_used(cast):
    start = clock.real_now()
    with time_machine.travel(start, tick=False) as moment:
        client = logged_in()
        for _ in range(3):
            moment.shift(29 * 60)
            assert client.get("/notices/").status_code == 200
        moment.shift(31 * 60)
        assert client.get("/notices/")["Location"].startswith("/login/?next=")
        assert sessions.open_of(cast.weifen).count() == 0


def test_being_used_is_written_down_at_most_once_a_minute(cast, django_assert_num_queries):
    with time_machine.travel(clock.real_now(), tick=False) as moment:
        client = logged_in()
        before = Session.objects.get().expire_date
        moment.shift(59)
        client.get("/notices/")
        assert Session.objects.get().expire_date == before
        moment.shift(2)
        client.get("/notices/")
        assert Session.objects.get().expire_date == before + dt.timedelta(seconds=61)


def screen(client: Client):
    return client.get("/wall/screen/?turn=1", headers={"HX-Request": "true"})


def test_the_big_screen_goes_on_alone_and_keeps_the_session_for_itself(cast):
    start = clock.real_now().replace(microsecond=0)
    with time_machine.travel(start, tick=False) as moment:
        client = logged_in(username="lingdao")
        for _ in range(3):
            moment.shift(20 * 60)
            assert screen(client).status_code == 200
        assert sessions.seen_at(Session.objects.get()) == start
        assert client.get("/notices/")["Location"] == "/login/?next=/notices/"
        assert screen(client)["HX-Redirect"] == "/login/?next=/wall/screen/%3Fturn%3D1"


def test_somebody_who_works_beside_the_big_screen_is_not_logged_out(cast, settings):
    settings.SESSION_COOKIE_AGE = 5 * 60
    with time_machine.travel(clock.real_now(), tick=False) as moment:
        client = logged_in(username="lingdao")
        for step in range(14):  # the screen writes each minute, the person clicks half a minute later
            moment.shift(30)
            screen(client) if step % 2 else client.get("/notices/")
        moment.shift(4 * 60)
        assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize("page", ["/notices/", "/wall/screen/"])
def test_a_session_ends_some_hours_after_the_log_in_whatever_keeps_it(cast, page, settings):
    settings.PORTAL_SESSION_HOURS = 1
    with time_machine.travel(clock.real_now(), tick=False) as moment:
        client = logged_in(username="lingdao")
        for _ in range(2):
            moment.shift(25 * 60)
            assert client.get(page).status_code == 200
        moment.shift(11 * 60)
        assert client.get(page)["Location"] == f"/login/?next={page}"
        assert sessions.open_of(cast.lingdao).count() == 0


def test_the_cookie_goes_with_the_browser_and_is_out_of_a_script_s_reach(cast):
    cookie = logged_in().cookies["sessionid"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == ("", True, "Lax")


def thief_of(client: Client) -> Client:
    thief = Client()
    thief.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
    assert thief.get("/notices/").status_code == 200
    return thief


@pytest.mark.parametrize("act", ["log out", "own password", "given password", "closed", "ended"])
def test_a_stolen_session_is_dead_afterwards_and_stays_so(cast, act):
    client = logged_in()
    thief = thief_of(client)
    new = {"current": PASSWORD, "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
    match act:
        case "log out":
            client.post("/logout/")
        case "own password":
            client.post("/password/", new)
            assert client.get("/notices/").status_code == 200
        case "given password":
            accounts.reset_password(cast.weifen, by=cast.admin)
        case "closed":
            accounts.disable(cast.weifen, by=cast.admin)
            accounts.enable(cast.weifen, by=cast.admin)
        case "ended":
            client_of(cast.weifen).post("/security/sessions/end/", {"others": "1"})

    assert thief.get("/notices/").status_code == 302
    assert thief.post("/password/", new).status_code == 302
    assert Session.objects.filter(user=cast.weifen).count() <= 1


def test_a_session_brought_along_is_not_taken_over_at_log_in(cast):
    planted = Client()
    planted.get("/login/")
    planted.session.save()
    key = planted.session.session_key
    planted.post("/login/", {"username": "weifen", "password": PASSWORD})

    assert planted.session.session_key != key
    assert not Session.objects.filter(pk=key).exists()
