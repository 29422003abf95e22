from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken

from liaisons import second_factor, sign_in
from liaisons.models import Authenticator, Session, User
from tests.authenticator import code_of, set_up
from tests.cast import PASSWORD, Cast, client_of, gather
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

MORNING = dt.datetime(2022, 6, 20, 8, 30, tzinfo=dt.UTC)


@pytest.fixture
def demanded(settings) -> None:
    """Make the second factor compulsory, as it is outside of the tests."""
    settings.PORTAL_SECOND_FACTOR = True


def log_in(password: str = PASSWORD, **more: str) -> tuple[Client, str]:
    client = Client()
    return client, client.post("/login/", {"username": "sfj", "password": password, **more})["Location"]


def actions() -> list[str]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))


def test_administrators_auditors_and_reviewers_must_the_others_may(cast: Cast, demanded):
    must = {user.username for user in cast if second_factor.is_compulsory_for(user, in_demo=False)}

    assert must == {"admin", "anquan", "audit", "sfj", "sfjld"}
    assert not any(second_factor.is_compulsory_for(user, in_demo=True) for user in cast)


@pytest.mark.parametrize("who", ["admin", "audit", "sfj", "sfjld", "anquan"])
def test_until_it_is_set_up_nothing_else_opens(cast, demanded, who):
    client = client_of(getattr(cast, who))

    assert [client.get(at)["Location"] for at in ("/", "/roles/", "/security/", "/nowhere/")] == [
        "/security/second-factor/"
    ] * 4
    assert client.post("/notices/read/")["Location"] == "/security/second-factor/"
    assert "您的角色登录时除密码外还须输入动态码" in client.get("/security/second-factor/").content.decode()
    assert client.post("/logout/")["Location"] == "/login/"


def test_a_liaison_is_only_offered_it_and_so_is_everybody_in_the_demo(cast, demanded):
    assert client_of(cast.weifen).get("/roles/").status_code == 200
    clock.start_demo(MORNING)
    page = client_of(cast.audit).get("/security/").content.decode()
    assert ("启用动态码" in page, "演示中不强制" in page) == (True, True)


def test_the_page_shows_picture_and_secret_and_takes_the_first_code(cast, demanded):
    client, other = client_of(cast.sfj), client_of(cast.sfj)
    page = client.get("/security/second-factor/").content.decode()
    secret = Authenticator.objects.get(user=cast.sfj).secret

    assert secret in page.replace(" ", "")
    # Without its own size the picture is scaled to the card; with one it would be cut, and no camera could read it.
    assert ('<svg viewBox="0 0 ' in page, "style=" in page) == (True, False)
    done = client.post("/security/second-factor/", {"code": f" {code_of(secret)[:3]} {code_of(secret)[3:]} "})
    assert done.content.decode().count("<li><code>") == 10
    assert "no-store" in done["Cache-Control"]
    assert client.get("/roles/").status_code == 200
    assert other.get("/roles/").status_code == 302
    assert actions() == ["second_factor.set_up"]


def test_a_wrong_first_code_says_so_and_the_secret_stays_the_same(cast):
    client = client_of(cast.sfj)
    secret = second_factor.begun(cast.sfj).secret

    for _ in range(6):
        page = client.post("/security/second-factor/", {"code": "000000"}).content.decode()
    assert "动态码不正确" in page
    assert "请填写动态码。" in client.post("/security/second-factor/", {"code": ""}).content.decode()
    assert second_factor.begun(cast.sfj).secret == secret
    assert not User.objects.get(pk=cast.sfj.pk).has_second_factor


def test_nobody_is_logged_in_before_the_code(cast):
    secret, _ = set_up(cast.sfj)
    client, going_to = log_in(next="/roles/")

    assert going_to == "/login/code/?next=%2Froles%2F"
    assert client.get("/roles/").status_code == 302
    assert not Session.objects.filter(user=cast.sfj).exists()
    before = client.session.session_key
    answer = client.post("/login/code/", {"code": code_of(secret, later=1), "next": "/roles/"})
    assert answer["Location"] == "/roles/"
    assert client.session.session_key != before
    assert client.get("/roles/").status_code == 200
    assert actions() == ["second_factor.set_up", "session.open"]


def test_a_code_that_was_used_opens_nothing_a_second_time(cast):
    secret, codes = set_up(cast.sfj)
    code = code_of(secret, later=1)
    assert log_in()[0].post("/login/code/", {"code": code}).status_code == 302

    assert "动态码不正确" in log_in()[0].post("/login/code/", {"code": code}).content.decode()
    assert log_in()[0].post("/login/code/", {"code": codes[0].upper()}).status_code == 302
    assert "恢复码不正确，或者已经用过" in log_in()[0].post("/login/code/", {"code": codes[0]}).content.decode()
    assert second_factor.codes_left(cast.sfj) == 9


def test_guessing_codes_slows_down_and_ends_at_the_password(cast):
    secret, _ = set_up(cast.sfj)
    client, _ = log_in()
    said = [client.post("/login/code/", {"code": "000000"}) for _ in range(5)]

    assert "动态码不正确" in said[0].content.decode()
    assert "输错次数过多，请等" in said[1].content.decode()
    assert said[4]["Location"] == "/login/"
    assert client.post("/login/code/", {"code": code_of(secret, later=1)})["Location"] == "/login/"
    assert "等待时间过长或输错次数过多" in client.get("/login/").content.decode()


def test_whoever_takes_too_long_starts_again(cast):
    set_up(cast.sfj)
    client, _ = log_in()
    with time_machine.travel(clock.real_now() + dt.timedelta(seconds=sign_in.PATIENCE + 1), tick=False):
        assert client.get("/login/code/")["Location"] == "/login/"


def test_a_password_changed_meanwhile_or_a_closed_account_ends_the_waiting(cast):
    set_up(cast.sfj)
    client, _ = log_in()
    User.objects.filter(pk=cast.sfj.pk).update(is_active=False)
    assert client.get("/login/code/")["Location"] == "/login/"


def test_without_a_password_nobody_is_asked_for_a_code(db, client):
    assert client.get("/login/code/?next=//elsewhere.example")["Location"] == "/login/"


def test_secrets_and_recovery_codes_lie_in_no_table(cast):
    secret, codes = set_up(cast.sfj)

    with connection.cursor() as cursor:
        cursor.execute("SELECT key FROM otp_totp_totpdevice")
        assert [key for (key,) in cursor.fetchall() if key.casefold() in secret.casefold()] == []
    kept = str(list(StaticToken.objects.values_list("token", flat=True)))
    assert [code for code in codes if code in kept or code.replace("-", "") in kept] == []


def test_new_recovery_codes_need_the_password_and_void_the_old(cast):
    _, old = set_up(cast.sfj)
    client = client_of(cast.sfj)
    assert "当前密码不正确" in client.post("/security/second-factor/codes/", {"current": "x"}).content.decode()

    page = client.post("/security/second-factor/codes/", {"current": PASSWORD}).content.decode()
    assert (page.count("<li><code>"), old[0] in page) == (10, False)
    with pytest.raises(Refused, match="恢复码不正确"):
        second_factor.check(cast.sfj, old[0])


def test_it_can_be_given_up_only_where_it_is_not_compulsory(cast, demanded):
    for user in (cast.sfj, cast.weifen):
        set_up(user)
        said = client_of(user).post("/security/second-factor/off/", {"current": PASSWORD}, follow=True)
        page = said.content.decode()
        assert ("动态码已停用" in page, "不能停用" in page) == ((False, True) if user is cast.sfj else (True, False))
    assert list(Authenticator.objects.values_list("user", flat=True)) == [cast.sfj.pk]


@pytest.mark.parametrize(
    ("by", "whose", "done"),
    [
        ("anquan", "sfj", True), ("anquan", "audit", True), ("anquan", "admin", True), ("anquan", "weifen", True),
        ("admin", "anquan", True), ("admin", "audit", False), ("admin", "sfj", False),
    ],
)  # fmt: skip
def test_who_gives_passwords_does_not_take_the_second_factor_away(cast, by, whose, done):
    user, client = getattr(cast, whose), client_of(getattr(cast, by))
    set_up(user)
    session = client_of(user)
    address = f"/accounts/{user.pk}/"

    assert ("重置动态码" in client.get(address).content.decode()) is done
    client.post(f"{address}reset-second-factor/")
    assert Authenticator.objects.filter(user=user).exists() is not done
    assert session.get("/notices/").status_code == (302 if done else 200)
    assert AuditEntry.objects.filter(action="second_factor.reset", outcome="ok").exists() is done


def test_after_a_reset_it_must_be_set_up_anew(cast, demanded):
    set_up(cast.sfj)
    second_factor.reset(cast.sfj, by=cast.anquan)

    client, going_to = log_in()
    assert (going_to, client.get("/")["Location"]) == ("/", "/security/second-factor/")


def test_one_s_own_is_not_reset(cast):
    set_up(cast.anquan)
    with pytest.raises(Refused, match="自己的不能重置"):
        second_factor.reset(cast.anquan, by=cast.anquan)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_with_the_same_code_one_gets_in():
    user = gather().sfj
    secret, _ = set_up(user)
    code = code_of(secret, later=1)

    said = at_once(*[lambda: second_factor.check(user, code)] * 2)

    assert sorted(type(one).__name__ for one in said) == ["NoneType", "Refused"]
