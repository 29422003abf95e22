from __future__ import annotations

import datetime as dt
import html
import re

import pytest
import time_machine
from django.core import signing
from django.test import Client

from liaisons import accounts, invitations
from liaisons.models import User
from tests.cast import Cast, client_of, gather
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

CHOSEN = {"new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
OVER = "邀请链接不能用了"


def newcomer(cast: Cast) -> User:
    return accounts.open_account(username="xinren", name="新来人", unit=cast.weifen.unit, by=cast.admin)[0]


def token_in(path: str) -> str:
    return path.partition("?to=")[2]


def accept(token: str, **sent: str):
    return Client().post("/invitation/", CHOSEN | {"to": token} | sent)


def test_the_administrator_gets_link_and_picture_once(cast):
    admin = client_of(cast.admin)
    page = admin.post("/accounts/new/", {"username": "xinren", "name": "新来人", "unit": ""}).content.decode()
    link = html.unescape(re.search(r'id="invitation-link">([^<]+)<', page)[1])

    assert link.startswith("http://testserver/invitation/?to=")
    assert ("<svg" in page, "style=" in page) == (True, False)
    user = User.objects.get(username="xinren")
    assert "已发出" in (shown := admin.get(f"/accounts/{user.pk}/").content.decode())
    assert token_in(link) not in shown
    welcome = Client().get(link.removeprefix("http://testserver")).content.decode()
    assert ("新来人，您好" in welcome, "xinren" in welcome) == (True, True)


def test_the_owner_chooses_a_password_and_logs_in_with_it(cast, client):
    user = newcomer(cast)
    token = token_in(invitations.invite(user, by=cast.admin))

    assert accept(token)["Location"] == "/login/"
    sent = {"username": "xinren", "password": CHOSEN["new_password"]}
    assert client.post("/login/", sent)["Location"] == "/"
    assert client.get("/notices/").status_code == 200  # nothing to change first
    assert list(AuditEntry.objects.order_by("pk").values_list("action", "actor_id"))[1:] == [
        ("account.invite", cast.admin.pk), ("account.choose_password", user.pk), ("session.open", user.pk),
    ]  # fmt: skip


def test_a_link_works_once(cast):
    token = token_in(invitations.invite(newcomer(cast), by=cast.admin))
    accept(token)

    assert OVER in accept(token, new_password="Another-2022-yy", again="Another-2022-yy").content.decode()
    assert User.objects.get(username="xinren").check_password(CHOSEN["new_password"])


def test_a_newer_link_a_reset_and_a_closed_account_void_it(cast):
    user = newcomer(cast)
    first = token_in(invitations.invite(user, by=cast.admin))
    second = token_in(invitations.invite(user, by=cast.admin))
    with pytest.raises(Refused):
        invitations.invited(first)
    accounts.disable(user, by=cast.admin)
    with pytest.raises(Refused):
        invitations.invited(second)
    accounts.enable(user, by=cast.admin)
    accounts.reset_password(user, by=cast.admin)
    with pytest.raises(Refused):
        invitations.invited(second)


def test_it_expires(cast):
    user = newcomer(cast)
    token = token_in(invitations.invite(user, by=cast.admin))
    user.refresh_from_db()

    with time_machine.travel(clock.real_now() + dt.timedelta(days=6, hours=23), tick=False):
        assert invitations.invited(token) == user
    with time_machine.travel(clock.real_now() + dt.timedelta(days=7, minutes=1), tick=False):
        assert OVER in accept(token).content.decode()
        assert invitations.valid_until(user) is None


FORGED = {
    "empty": lambda: "",
    "a letter": lambda: "x",
    "a null": lambda: "\0",
    "long": lambda: "长" * 3000,
    "signed for something else": lambda: signing.dumps([1, "x"]),
    "signed without its parts": lambda: signing.dumps("x", salt=invitations.SALT),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_link_opens_nothing(cast, forged):
    token = FORGED[forged]()
    assert OVER in accept(token).content.decode()
    assert OVER in Client().get("/invitation/", {"to": token}).content.decode()


@pytest.mark.parametrize(("wrong", "said"), [({"again": "x"}, "不一致"), ({"new_password": "xinren"}, "至少")])
def test_a_password_that_will_not_do_uses_no_link_up(cast, wrong, said):
    token = token_in(invitations.invite(newcomer(cast), by=cast.admin))

    page = accept(token, **wrong).content.decode()
    assert (said in page, token in html.unescape(page)) == (True, True)
    assert invitations.invited(token)


def test_nothing_but_the_password_can_be_set_with_it(cast):
    token = token_in(invitations.invite(newcomer(cast), by=cast.admin))
    accept(token, username="root", role="officer", unit="1", is_active="", name="别人")

    user = User.objects.get(username="xinren")
    assert (user.name, user.unit, user.is_active, user.role_names) == ("新来人", cast.weifen.unit, True, [])


def test_whoever_has_a_password_of_their_own_is_not_invited(cast):
    address = f"/accounts/{cast.weifen.pk}/"
    assert "邀请" not in client_of(cast.admin).get(address).content.decode()
    said = client_of(cast.admin).post(f"{address}invite/", follow=True).content.decode()
    assert "只能邀请" in said
    assert not AuditEntry.objects.filter(action="account.invite").exists()


def test_the_portal_itself_may_invite(cast):
    invitations.invite(newcomer(cast), by=None)
    assert AuditEntry.objects.get(action="account.invite").actor_id is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_hold_the_link_one_sets_the_password():
    token = token_in(invitations.invite(newcomer(gather()), by=None))

    said = at_once(
        *[lambda word=word: invitations.accept(token, word) for word in ("Lvliang-2022-xx", "Xingxian-2022-y")]
    )

    assert sorted(type(one).__name__ for one in said) == ["Refused", "User"]
