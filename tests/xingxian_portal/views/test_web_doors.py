"""What somebody from outside may try on the web: forged and replayed posts, foreign hosts, ways out, fields nobody offered."""

from __future__ import annotations

import html
import re

import pytest
from django.test import Client
from django.urls import reverse

from liaisons import invitations
from liaisons.models import RoleGrant, User
from tests.authenticator import code_of, set_up
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.url_access import ACCESS

ELSEWHERE = [
    "https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example", "\\\\elsewhere.example", "javascript:alert(1)",
    "https:elsewhere.example", "http://testserver@elsewhere.example/", "/\t/elsewhere.example", "data:text/html,x",
]  # fmt: skip


def token_of(page: str) -> str:
    return re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[0]


@pytest.mark.parametrize("asked", ELSEWHERE)
def test_no_way_leads_out_of_the_portal(cast, asked):
    secret, _ = set_up(cast.sfj)
    for username, later in (("weifen", 0), ("sfj", 1)):
        client = Client()
        going_to = client.post("/login/", {"username": username, "password": PASSWORD, "next": asked})["Location"]
        if later:
            going_to = client.post(going_to, {"code": code_of(secret, later=later), "next": asked})["Location"]
        assert going_to == "/"
        assert client.get("/login/", {"next": asked})["Location"] == "/"


ACTS_OF_ONESELF = ["session_end", "second_factor", "second_factor_codes", "second_factor_off", "change_password"]
ACTS_ON_ACCOUNTS = [name for name in ACCESS if name.startswith("account_")]


@pytest.mark.parametrize("name", ["login", "login_code", "invitation", "logout", *ACTS_OF_ONESELF, *ACTS_ON_ACCOUNTS])
def test_a_post_without_the_form_s_token_does_nothing(cast, name):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    address = reverse(name, args=[cast.weifen.pk] if name in ACTS_ON_ACCOUNTS and name != "account_new" else [])
    for forged in ({}, {"csrfmiddlewaretoken": "x" * 64}):
        assert client.post(address, forged | {"current": PASSWORD, "others": "1"}).status_code == 403

    assert not AuditEntry.objects.exclude(outcome=AuditEntry.REFUSED).exists()
    assert client.get("/roles/").status_code == 200


def test_a_post_from_another_site_is_refused_over_https(cast):
    client = Client(enforce_csrf_checks=True)
    token = token_of(client.get("/login/", secure=True).content.decode())
    sent = {"username": "weifen", "password": PASSWORD, "csrfmiddlewaretoken": token}

    assert client.post("/login/", sent, secure=True, headers={"origin": "https://elsewhere.example"}).status_code == 403
    assert (
        client.post("/login/", sent, secure=True, headers={"referer": "https://testserver/login/"}).status_code == 302
    )


def test_a_form_of_before_the_log_in_is_not_sent_after_it(cast):
    client = Client(enforce_csrf_checks=True)
    old = token_of(client.get("/login/").content.decode())
    client.post("/login/", {"username": "weifen", "password": PASSWORD, "csrfmiddlewaretoken": old})

    answer = client.post("/security/sessions/end/", {"others": "1", "csrfmiddlewaretoken": old})
    assert (answer.status_code, "没有提交成功" in answer.content.decode()) == (403, True)


@pytest.mark.parametrize(
    "host", ["elsewhere.example", "testserver.elsewhere.example", "test server", "testserver:x", "a@testserver"]
)
@pytest.mark.parametrize("address", ["/login/", "/invitation/", "/"])
def test_a_host_that_is_not_ours_gets_no_page_and_no_link_is_made_of_it(cast, host, address):
    answer = Client().get(address, headers={"host": host})
    assert (answer.status_code, "这个请求无法识别" in answer.content.decode()) == (400, True)


def test_an_invitation_is_not_written_for_a_host_from_a_header(cast):
    admin = client_of(cast.admin)
    sent = {"username": "xinren", "name": "新来人", "unit": ""}
    page = admin.post("/accounts/new/", sent, headers={"x-forwarded-host": "elsewhere.example"}).content.decode()
    assert "elsewhere.example" not in page
    assert "http://testserver/invitation/" in html.unescape(page)


FIELDS_OF_NO_FORM = {
    "is_active": "1", "password": "x", "must_change_password": "", "invited_at": "", "role": "system_admin", "roles": "auditor",
    "id": "1", "pk": "1", "user": "1", "is_staff": "1", "is_superuser": "1", "state": "closed", "granted_by": "",
}  # fmt: skip


def test_fields_that_no_account_form_has_set_nothing(cast):
    admin = client_of(cast.admin)
    admin.post("/accounts/new/", FIELDS_OF_NO_FORM | {"username": "xinren", "name": "新来人", "unit": ""})
    made = User.objects.get(username="xinren")
    assert (made.must_change_password, made.role_names, made.check_password("x")) == (True, [], False)

    before = User.objects.filter(pk=cast.weifen.pk).values().get()
    admin.post(f"/accounts/{cast.weifen.pk}/edit/", FIELDS_OF_NO_FORM | {"name": "改名", "unit": cast.weifen.unit.pk})
    assert User.objects.filter(pk=cast.weifen.pk).values().get() == before | {"name": "改名"}

    new = {"current": PASSWORD, "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
    weifen = client_of(User.objects.get(pk=cast.weifen.pk))
    weifen.post("/password/", FIELDS_OF_NO_FORM | new | {"username": "admin", "unit": cast.scj.unit.pk})
    after = User.objects.get(pk=cast.weifen.pk)
    assert (after.username, after.unit, after.is_active) == ("weifen", cast.weifen.unit, True)
    assert RoleGrant.objects.count() == 10


def test_a_grant_names_its_giver_and_its_moment_itself(cast):
    sent = {"role": "reviewer", "granted_by": cast.admin.pk, "granted_at": "2000-01-01", "user": cast.admin.pk}
    client_of(cast.anquan).post(f"/accounts/{cast.lingdao.pk}/roles/", sent)

    given = RoleGrant.objects.get(user=cast.lingdao, role="reviewer")
    assert (given.granted_by, given.granted_at.year > 2000) == (cast.anquan, True)


@pytest.mark.parametrize("name", ["login", "login_code", "invitation", "security", "second_factor"])
def test_pages_about_logging_in_are_neither_kept_nor_framed(cast, name):
    answer = client_of(cast.weifen).get(reverse(name))
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert (answer["X-Content-Type-Options"], answer["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_the_page_that_refuses_too_much_gives_a_number_to_quote(db, settings):
    settings.PORTAL_LOGIN_RATE = 1
    answers = [Client(REMOTE_ADDR="192.0.2.77").post("/login/", {}) for _ in range(3)]
    assert answers[-1].status_code == 429
    assert answers[-1]["X-Request-ID"] in answers[-1].content.decode()
    assert "no-store" not in str(answers[-1].content)


def test_the_link_of_an_invitation_is_in_no_log_line(cast, caplog):
    user = User.objects.create_user("xinren", "x", name="新来人", must_change_password=True)
    path = invitations.invite(user, by=None)
    Client().get(path)
    said = caplog.text
    assert ("/invitation/" in said, path.partition("to=")[2] in said) == (True, False)
