"""Wrong passwords without end: five are taken, then the account is shut to that address, whether it exists or not."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from axes.models import AccessAttempt
from django.test import Client

from liaisons import locking
from liaisons.models import User
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

LOCKED = "密码连续输错 5 次"
WRONG = "用户名或密码不正确"


@pytest.fixture(autouse=True)
def counting(settings):
    settings.AXES_ENABLED = True


def guess(username: str = "weifen", password: str = "wrong", address: str = "192.0.2.1", to: str = "/login/"):
    sent = {"username": username, "password": password}
    return Client(REMOTE_ADDR=address).post(to, sent)


def guess_often(username: str = "weifen", times: int = 5, **more: str) -> list[str]:
    pages = [guess(username, **more).content.decode() for _ in range(times)]
    return ["locked" if LOCKED in page else "wrong" if WRONG in page else page for page in pages]


def test_the_sixth_is_not_even_looked_at_and_says_how_long_to_wait(cast):
    assert guess_often() == ["wrong"] * 4 + ["locked"]

    page = guess(password=PASSWORD).content.decode()
    assert (LOCKED in page, "请 15 分钟后再试，或请系统管理员解除锁定" in page) == (True, True)
    assert 'value="weifen"' in page


@pytest.mark.parametrize("username", ["weifen", "nobody", "my-own-password", "WEIFEN"])
def test_a_name_that_nobody_has_is_locked_in_the_same_words(cast, username):
    assert guess_often(username) == ["wrong"] * 4 + ["locked"]


def test_others_from_the_same_address_and_the_owner_from_another_get_in(cast):
    guess_often(times=6)

    assert guess("scj", PASSWORD).status_code == 302
    assert guess("weifen", PASSWORD, address="192.0.2.2").status_code == 302


def test_time_opens_the_lock_and_guessing_on_does_not_put_it_off(cast):
    guess_often()
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=14), tick=False):
        assert guess_often(times=1) == ["locked"]
        assert "请 1 分钟后再试" in guess().content.decode()
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=16), tick=False):
        assert guess(password=PASSWORD).status_code == 302


def test_a_success_starts_the_count_anew(cast):
    guess_often(times=4)
    assert guess(password=PASSWORD).status_code == 302
    assert guess_often(times=4) == ["wrong"] * 4


def test_the_administrator_sees_the_lock_and_opens_it_once(cast):
    guess_often()
    admin, address = client_of(cast.admin), f"/accounts/{cast.weifen.pk}/"

    assert "已锁定" in (page := admin.get(address).content.decode())
    assert "192.0.2.1" in page
    assert "锁定已解除" in admin.post(f"{address}unlock/", follow=True).content.decode()
    assert "没有被锁定" in admin.post(f"{address}unlock/", follow=True).content.decode()
    assert guess(password=PASSWORD).status_code == 302
    assert AuditEntry.objects.filter(action="account.unlock", actor_id=cast.admin.pk, outcome="ok").count() == 1


def test_an_unlock_whose_entry_cannot_be_written_is_none(cast, monkeypatch):
    guess_often()
    monkeypatch.setattr(locking.audit, "record", lambda *_, **__: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        locking.unlock(cast.weifen, by=cast.admin)
    assert locking.locks(cast.weifen).count() == 1


def test_neither_names_nor_passwords_are_kept_by_the_counter(cast):
    guess_often("my-own-password", password="secret-typed")

    kept = str(list(AccessAttempt.objects.values()))
    assert [word for word in ("my-own-password", "secret-typed") if word in kept] == []


def test_the_trail_says_that_it_was_locked(cast):
    guess_often(times=6)

    notes = AuditEntry.objects.filter(subject_key=str(cast.weifen.pk)).order_by("pk").values_list("note", flat=True)
    assert list(notes) == ["用户名或密码不正确"] * 4 + ["登录已锁定"] * 2


def test_a_thousand_wrong_passwords_open_nothing_and_leave_little_behind(cast, settings):
    settings.PORTAL_LOGIN_RATE = 60
    with time_machine.travel(clock.real_now(), tick=False):
        answers = [guess(password=f"wrong-{number}") for number in range(1000)]

    codes = [answer.status_code for answer in answers]
    assert (codes.count(200), codes.count(429), codes.count(302)) == (60, 940, 0)
    assert all("Retry-After" in answer for answer in answers[60:])
    assert sum(AccessAttempt.objects.values_list("failures_since_start", flat=True)) == 5
    assert AuditEntry.objects.count() <= 30
    assert guess(password=PASSWORD, address="192.0.2.9").status_code == 302


def test_a_stolen_session_cannot_try_passwords_for_ever(cast):
    client = client_of(cast.weifen)
    new = {"new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
    pages = [client.post("/password/", new | {"current": f"x{n}"}).content.decode() for n in range(6)]

    assert ["当前密码不正确" in page for page in pages] == [True] * 4 + [False] * 2
    assert LOCKED in client.post("/password/", new | {"current": PASSWORD}).content.decode()
    assert User.objects.get(pk=cast.weifen.pk).check_password(PASSWORD)


def test_an_account_that_is_not_locked_is_not_unlocked(cast):
    with pytest.raises(Refused, match="没有被锁定"):
        locking.unlock(cast.weifen, by=cast.admin)
