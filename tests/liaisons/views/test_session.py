from __future__ import annotations

import pytest
from django.test import Client

from liaisons.models import User
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation.audit import AuditEntry


def log_in(client: Client, username: str = "weifen", password: str = PASSWORD, **more: str):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_the_form_has_the_two_fields_by_their_names(db, client):
    page = client.get("/login/").content.decode()

    assert 'name="username"' in page
    assert 'name="password"' in page


def test_logging_in_goes_to_the_first_page_with_a_new_session_key(cast, client):
    client.get("/login/")
    client.session.save()
    before = client.session.session_key

    response = log_in(client)

    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session.session_key != before


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/roles/", "/roles/"),
        ("/wall/?on=2022-05-15", "/wall/?on=2022-05-15"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_after_logging_in_one_goes_on_only_within_the_portal(cast, client, asked, given):
    assert log_in(client, next=asked)["Location"] == given


def test_where_one_was_heading_survives_a_wrong_password(cast, client):
    page = log_in(client, password="wrong", next="/roles/").content.decode()

    assert '<input type="hidden" name="next" value="/roles/">' in page
    assert 'value="weifen"' in page
    assert "用户名或密码不正确" in page
    assert "wrong" not in page


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("", "", ["请填写用户名。", "请填写密码。"]),
        ("weifen", "", ["请填写密码。"]),
        ("x" * 41, "y", ["40"]),
        ("a\0b", "y", ["不允许"]),
    ],
)
def test_what_is_missing_or_too_long_is_said_in_plain_words(cast, client, username, password, said):
    response = log_in(client, username, password)

    assert response.status_code == 200
    assert [text for text in said if text not in response.content.decode()] == []


def test_somebody_logged_in_is_sent_on(cast):
    assert client_of(cast.sfj).get("/login/?next=/roles/")["Location"] == "/roles/"


def test_with_no_account_at_all_the_page_points_to_the_first_run(db, client):
    assert "/setup/" in client.get("/login/").content.decode()


def test_logging_out_ends_the_session_and_is_in_the_trail(cast):
    client = client_of(cast.weifen)

    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/notices/").status_code == 302
    assert list(AuditEntry.objects.values_list("action", "actor_id")) == [("session.close", cast.weifen.pk)]


def test_logging_out_without_a_session_does_no_harm(db, client):
    assert client.post("/logout/")["Location"] == "/login/"
    assert AuditEntry.objects.count() == 0


def test_a_stolen_session_is_worthless_after_log_out(cast):
    client, thief = client_of(cast.weifen), Client()
    thief.cookies = client.cookies.copy()
    client.post("/logout/")

    assert thief.get("/notices/")["Location"].startswith("/login/")


CHOSEN = {"current": PASSWORD, "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}


def test_a_chosen_password_keeps_this_session_and_ends_the_others(cast):
    client, other = client_of(cast.weifen), client_of(cast.weifen)

    assert client.post("/password/", CHOSEN)["Location"] == "/"
    assert client.get("/notices/").status_code == 200
    assert other.get("/notices/").status_code == 302
    assert User.objects.get(pk=cast.weifen.pk).check_password("Lvliang-2022-xx")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["account.choose_password"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"current": "wrong"}, "当前密码不正确。"),
        ({"again": "Lvliang-2022-yy"}, "两次输入的新密码不一致。"),
        ({"new_password": "short1", "again": "short1"}, "至少"),
        ({"new_password": "1357924680", "again": "1357924680"}, "至少要有三类"),
        ({"new_password": PASSWORD, "again": PASSWORD}, "最近 5 次用过的密码不能再用"),
        ({"new_password": ""}, "请填写新密码。"),
    ],
)
def test_a_password_that_will_not_do_is_refused_and_nothing_changes(cast, wrong, said):
    page = client_of(cast.weifen).post("/password/", CHOSEN | wrong).content.decode()

    assert said in page
    assert User.objects.get(pk=cast.weifen.pk).check_password(PASSWORD)
