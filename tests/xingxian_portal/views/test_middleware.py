from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from liaisons.access import logged_in
from tests.cast import client_of
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.urls import urlpatterns as portal_urls

MORNING = timezone.make_aware(dt.datetime(2022, 6, 20, 8, 30))
seen: list = []


def look(request):
    seen.append((clock.now(), clock.now(), request.is_demo, audit.origin.get()))
    return HttpResponse()


def fail(request):
    raise RuntimeError("电话 138 0000 0000")


def deny(request):
    raise PermissionDenied


urlpatterns = [
    *portal_urls,
    path("look/", look),
    path("private/", logged_in(look)),
    path("fail/", fail),
    path("deny/", deny),
]
handler400 = "xingxian_portal.views.errors.bad_request"
handler500 = "xingxian_portal.views.errors.broken"


@pytest.fixture(autouse=True)
def pages():
    seen.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_request_reads_one_business_moment_in_one_query(db, client, django_assert_num_queries):
    clock.start_demo(MORNING)

    with django_assert_num_queries(1):
        client.get("/look/")
    [(first, second, is_demo, _)] = seen
    assert first == second
    assert (is_demo, first - MORNING < dt.timedelta(minutes=1)) == (True, True)


def test_without_a_demo_business_time_is_real_time(db, client):
    client.get("/look/")

    assert seen[0][2] is False
    assert abs(seen[0][0] - clock.real_now()) < dt.timedelta(minutes=1)


def test_business_time_is_let_go_after_the_request(db, client):
    clock.start_demo(MORNING)
    client.get("/look/")
    clock.start_demo(MORNING + dt.timedelta(days=1))

    assert clock.today() == dt.date(2022, 6, 21)


def test_the_trail_knows_where_an_entry_comes_from(db, client):
    response = client.get("/look/", REMOTE_ADDR="203.0.113.9")

    assert seen[0][3] == {"address": "203.0.113.9", "request_id": response["X-Request-ID"]}
    assert audit.origin.get() is None


def test_the_number_of_a_request_is_never_the_visitor_s(db, client):
    response = client.get("/look/", headers={"x-request-id": "forged" * 30})

    assert len(response["X-Request-ID"]) == 12


def test_an_act_carries_the_request_it_came_with(cast):
    response = client_of(cast.weifen).post("/logout/")

    assert AuditEntry.objects.get().request_id == response["X-Request-ID"]


@pytest.mark.parametrize(
    "address", ["/static/portal/portal.css", "/static/portal/portal.js", "/static/portal/icon.svg"]
)
def test_static_files_cost_no_query(db, client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(address)
    response.close()
    assert response.status_code == 200


def test_a_logged_in_page_costs_session_account_roles_and_clock(cast, django_assert_num_queries):
    clock.start_demo(MORNING)
    client = client_of(cast.weifen)

    with django_assert_num_queries(4):
        page = client.get("/roles/").content.decode()
    assert "演示数据" in page
    assert "蔚汾镇 · 联络员" in page


def test_an_account_with_a_given_password_reaches_only_the_change_and_the_way_out(cast):
    cast.weifen.must_change_password = True
    cast.weifen.save()
    client = client_of(cast.weifen)

    answers = {path: client.get(path) for path in ("/look/", "/roles/", "/password/", "/nowhere/")}
    assert {path: answer.get("Location") for path, answer in answers.items()} == {
        "/look/": "/password/", "/roles/": "/password/", "/password/": None, "/nowhere/": "/password/",
    }  # fmt: skip
    assert client.post("/logout/")["Location"] == "/login/"


@pytest.mark.parametrize("logged_in_as", [None, "weifen"])
def test_an_error_of_ours_gives_a_number_and_nothing_else(cast, logged_in_as):
    client = client_of(logged_in_as and cast.weifen)
    client.raise_request_exception = False

    response = client.get("/fail/")

    page = response.content.decode()
    assert (response.status_code, response["X-Request-ID"] in page) == (500, True)
    assert ("RuntimeError" in page, "138 0000 0000" in page) == (False, False)


def test_the_error_page_asks_neither_session_nor_account(db, client, django_assert_num_queries):
    client.raise_request_exception = False

    with django_assert_num_queries(1):  # the clock, before anything failed
        client.get("/fail/")


@pytest.mark.parametrize("logged_in_as", [None, "weifen"])
def test_a_page_that_is_not_there_says_so_within_the_frame(cast, logged_in_as):
    response = client_of(logged_in_as and cast.weifen).get("/nowhere/")

    page = response.content.decode()
    assert (response.status_code, "没有找到这个页面" in page) == (404, True)
    assert ("退出登录" in page) is bool(logged_in_as)


def test_what_a_role_does_not_include_is_said_plainly(cast):
    response = client_of(cast.weifen).get("/deny/")

    assert (response.status_code, "您的角色不包含这项操作" in response.content.decode()) == (403, True)


def test_a_foreign_host_is_refused_with_a_plain_page(db, client):
    response = client.get("/login/", headers={"host": "elsewhere.example"})

    assert (response.status_code, "这个请求无法识别" in response.content.decode()) == (400, True)


def test_a_form_without_its_token_is_refused_with_the_way_back(cast):
    client = Client(enforce_csrf_checks=True)

    response = client.post("/login/", {"username": "weifen", "password": "x"})
    assert (response.status_code, "没有提交成功" in response.content.decode()) == (403, True)


@pytest.mark.parametrize("address", ["/login/", "/roles/", "/nowhere/", "/fail/", "/admin/"])
def test_every_page_forbids_scripts_and_styles_from_elsewhere_or_inline(cast, address):
    client = client_of(cast.admin)
    client.raise_request_exception = False
    response = client.get(address)

    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "style=" not in response.content.decode()
