"""Who was refused what stands in the trail, after whatever the refused act wrote was undone; and a scanner cannot fill it."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import path

from liaisons.models import Notice
from tests.cast import client_of
from tests.trail import run
from xingxian_portal.foundation import audit, clock, refusal_trail
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.refusal_trail import MOST_OF_ALL, MOST_OF_ONE, Refusal
from xingxian_portal.urls import urlpatterns as portal_urls


def refuse(request, sentence, field=None):
    try:
        with transaction.atomic():
            audit.record("unit.amend", by=request.user)
            raise Refused(sentence, field)
    except Refused as refusal:
        return HttpResponse(str(refusal))


urlpatterns = [
    *portal_urls,
    path(
        "refuse/",
        lambda request: refuse(request, "现在不能报送《王某某的证件.pdf》，请致电 13800001234。"),
        name="refuse",
    ),
    path("mistyped/", lambda request: refuse(request, "请填写日期。", "due_on"), name="mistyped"),
]


def trail() -> list[tuple]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "outcome", "actor_id", "note"))


@pytest.fixture
def pages():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_what_is_not_yours_is_refused_and_recorded(cast):
    notice = Notice.objects.create(recipient=cast.scj, dedupe_key="a", kind="x", title="t", sent_at=clock.now())
    assert client_of(cast.weifen).get(f"/notices/{notice.pk}/").status_code == 404
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome, entry.actor_id) == ("access.deny", "refused", cast.weifen.pk)
    assert entry.after == {"page": "notice", "path": f"/notices/{notice.pk}/", "method": "GET", "status": 404}
    assert entry.address == "127.0.0.1"


def test_a_page_of_another_role_is_refused_and_recorded_whether_looked_at_or_acted_upon(cast):
    client = client_of(cast.weifen)
    for answer in (client.get("/audit/"), client.post(f"/accounts/{cast.scj.pk}/disable/")):
        assert answer.status_code == 404
    assert [entry.after["page"] for entry in AuditEntry.objects.order_by("pk")] == ["audit", "account_disable"]


def test_a_verb_that_says_no_leaves_the_refusal_and_nothing_of_the_act(cast, pages):
    client_of(cast.sfj).post("/refuse/")
    assert trail() == [("act.refuse", "refused", cast.sfj.pk, "现在不能报送《…》，请致电 138****1234。")]


def test_looking_at_a_page_that_only_says_what_cannot_be_done_is_no_refusal(cast, pages):
    client_of(cast.sfj).get("/refuse/")
    assert trail() == []


def test_a_field_filled_in_wrongly_is_no_refusal(cast, pages):
    client_of(cast.sfj).post("/mistyped/")
    assert trail() == []


def test_a_failed_log_in_is_one_entry_and_not_two(cast, client):
    client.post("/login/", {"username": "weifen", "password": "wrong"})
    assert trail() == [("session.open", "refused", None, "用户名或密码不正确")]


def test_a_forged_form_is_recorded_even_of_nobody(db):
    assert Client(enforce_csrf_checks=True).post("/login/", {"username": "a"}).status_code == 403
    assert [(entry.action, entry.actor_id, entry.after["status"]) for entry in AuditEntry.objects.all()] == [
        ("access.deny", None, 403)
    ]


@pytest.mark.parametrize("address", ["/wp-login.php", "/.env", "/accounts/x/", "/%00/"])
def test_an_address_that_no_page_has_is_not_recorded(cast, address):
    assert client_of(cast.weifen).get(address).status_code == 404
    assert trail() == []


def test_a_stranger_looking_for_pages_is_not_recorded(db, client):
    client.get("/accounts/1/")
    client.get("/manual/nothing/")
    assert trail() == []


def test_a_scanner_leaves_its_first_refusals_and_then_the_note_that_more_came(cast):
    client, other = client_of(cast.weifen), client_of(cast.scj)
    for number in range(MOST_OF_ONE + 20):
        client.get(f"/notices/{number}/")
    other.get("/notices/1/")
    notes = list(AuditEntry.objects.filter(actor_id=cast.weifen.pk).order_by("pk").values_list("note", flat=True))
    assert len(notes) == MOST_OF_ONE
    assert [bool(note) for note in notes] == [False] * (MOST_OF_ONE - 1) + [True]
    assert AuditEntry.objects.filter(actor_id=cast.scj.pk).count() == 1
    with time_machine.travel(clock.real_now() + dt.timedelta(minutes=11)):
        client.get("/notices/1/")
    assert AuditEntry.objects.filter(actor_id=cast.weifen.pk).count() == MOST_OF_ONE + 1


def test_a_hundred_wrong_passwords_leave_thirty_entries(cast, client):
    with time_machine.travel(clock.real_now(), tick=False):
        for _ in range(100):
            client.post("/login/", {"username": "nobody", "password": "wrong"})
    assert AuditEntry.objects.count() == MOST_OF_ONE


def test_many_scanners_together_have_a_limit_too(db):
    for number in range(MOST_OF_ALL + 5):
        token = audit.origin.set({"address": f"10.0.{number // 250}.{number % 250}"})
        refusal_trail.note(Refusal("session.open"))
        audit.origin.reset(token)
    assert AuditEntry.objects.count() == MOST_OF_ALL


def test_a_trail_that_cannot_be_written_does_not_change_the_answer(cast):
    run("ALTER TABLE foundation_auditentry RENAME TO taken_away")
    assert client_of(cast.weifen).get("/audit/").status_code == 404


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8::1", "2001:db8::1"),
        ("", ""),
        ("<script>", ""),
        ("1.2.3.4, 5.6.7.8", ""),
    ],
)
def test_behind_a_proxy_the_address_is_what_the_proxy_says(cast, settings, header, address):
    client = client_of(cast.weifen)
    client.get("/audit/", headers={"x-forwarded-for": "203.0.113.9"})
    settings.CLIENT_ADDRESS_HEADER = "HTTP_X_FORWARDED_FOR"
    client.get("/audit/", headers={"x-forwarded-for": header})
    assert list(AuditEntry.objects.order_by("pk").values_list("address", flat=True)) == ["127.0.0.1", address]
