"""Names, numbers and addresses of people stand on the pages of whoever may see them: in no log line, cache or error page.

Real requests, the portal's own log lines as they go out, and everything that lies in the cache afterwards.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from cryptography.fernet import Fernet
from django.core.cache import cache
from django.db import IntegrityError, connection
from django.test import Client
from structlog.stdlib import ProcessorFormatter

from liaisons import invitations
from liaisons.letters import sending
from liaisons.models import Appointment, Person, User
from tests.cast import Cast, client_of
from tests.post_office import post_office
from tests.reform.filings import report_of

NAME, NUMBER, TYPED, MAIL = "欧阳测甲", "13800007777", "138 0000 7777", "gone.ouyang@example.com"
PERSONAL = (NAME, NUMBER, TYPED, MAIL, "gone.ouyang")
POST = {"post": "liaison", "name": NAME, "phone": TYPED}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Give what the portal says on standard error, as its own handler writes it."""
    [handler] = [one for one in logging.getLogger().handlers if isinstance(one.formatter, ProcessorFormatter)]
    assert isinstance(handler, logging.StreamHandler)
    said = io.StringIO()
    before = handler.setStream(said)
    yield said
    handler.setStream(before)


def personal(text: str) -> list[str]:
    """Give what of it names somebody; addresses as a browser writes them too."""
    return [word for word in (*PERSONAL, quote(NAME)) if word in text]


def live(cast: Cast) -> Appointment:
    """Have somebody entered, called, searched for, written to, refused and handed over, by requests alone."""
    officer, admin, liaison = client_of(cast.sfj), client_of(cast.admin), client_of(cast.weifen)
    unit = f"/roster/{cast.weifen.unit_id}/"
    assert "已登记" in officer.post(f"{unit}appoint/", POST, follow=True).content.decode()
    post = Appointment.objects.get(post="liaison")
    shown = liaison.post("/roster/phones/").content.decode()
    assert [word in shown for word in (NAME, NUMBER)] == [True, True]
    officer.post(f"{unit}appoint/", POST | {"phone": f"{TYPED}9"})
    officer.post(f"/roster/posts/{post.pk}/edit/", {"name": NAME, "phone": NUMBER})
    liaison.post("/contact/", {"email": MAIL, "first_channel": "mail", "digest_time": "09:00"})
    Client().post("/login/", {"username": NUMBER, "password": NAME})
    admin.post("/accounts/new/", {"username": "ouyang", "name": NAME, "unit": "", "email": MAIL})
    Client().get(invitations.path_of(User.objects.get(username="ouyang")))
    for address, word in (("/accounts/", NAME), ("/accounts/", NUMBER), ("/public/", NAME), ("/nowhere/", NAME)):
        admin.get(address, {"q": word})
    officer.get("/exports/roster/")
    sent = {"name": NAME, "phone": TYPED, "username": "second"}
    officer.post(f"/roster/posts/{post.pk}/handover/", sent)
    return post


@pytest.fixture
def lived(cast, log, settings) -> Cast:
    """Live with limits on, so that the cache is used, and with a mail server that refuses the address."""
    settings.PORTAL_LOGIN_RATE = settings.PORTAL_PUBLIC_RATE = 100
    cache.clear()
    report_of(cast.weifen.unit)
    with post_office(settings):
        live(cast)
        assert sending.send_due() == {"permanent": 1}
    return cast


def test_no_log_line_names_anybody(lived, log):
    said = log.getvalue()
    assert said.count("request_finished") >= 15
    assert personal(said) == []


def test_the_cache_holds_counts_and_nobody(lived):
    kept = cache._cache  # what lies in the memory of the tests' cache, pickled
    assert len(kept) >= 2
    words = [word.encode() for word in PERSONAL]
    assert [key for key, value in kept.items() if any(word in key.encode() + value for word in words)] == []


def test_the_wall_that_is_kept_for_all_names_nobody(lived):
    for who in (lived.sfj, lived.lingdao):
        assert personal(client_of(who).get("/wall/").content.decode()) == []


@pytest.mark.parametrize("address", ["/roster/", "/accounts/", "/notices/", "/wall/", "/manual/"])
def test_no_page_of_a_person_is_kept_for_another(cast, address):
    kept = client_of(cast.admin).get(address)["Cache-Control"]
    assert "private" in kept
    assert "no-cache" in kept or "no-store" in kept


def quoting(execute, sql, params, many, context):
    """Fail as PostgreSQL does, which quotes the row."""
    if sql.startswith('INSERT INTO "liaisons_person"'):
        raise IntegrityError(f"violates check constraint\nDETAIL:  Failing row contains (1, {NAME}, {TYPED}, {MAIL}).")
    return execute(sql, params, many, context)


def test_a_page_that_breaks_gives_a_number_and_names_nobody_there_or_in_the_log(cast, log):
    client = client_of(cast.sfj)
    client.raise_request_exception = False
    with connection.execute_wrapper(quoting):
        answer = client.post(f"/roster/{cast.weifen.unit_id}/appoint/", POST)

    page, said = answer.content.decode(), log.getvalue()
    assert (answer.status_code, answer["X-Request-ID"] in page, answer["X-Request-ID"] in said) == (500, True, True)
    assert ("IntegrityError" in said, "Failing row contains (1, …, 138****7777, ***@example.com)" in said) == (
        True,
        True,
    )
    assert (personal(page), personal(said)) == ([], [])
    assert Person.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "sent", "status"),
    [
        ("/accounts/999999/?q={}", None, 404),
        ("/login/", {"username": NUMBER, "password": NAME}, 403),
        ("/%00{}/", None, 404),
    ],
)
def test_a_page_that_refuses_repeats_nothing(cast, log, address, sent, status):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.admin)
    answer = client.post(address, sent) if sent else client.get(address.format(NUMBER))
    assert answer.status_code == status
    assert personal(answer.content.decode()) == []


def test_a_number_that_nobody_can_read_is_said_without_its_seal(cast, log, settings):
    client = client_of(cast.sfj)
    client.post(f"/roster/{cast.weifen.unit_id}/appoint/", POST)
    settings.PHONE_KEYS = (Fernet.generate_key().decode(),)
    page = client.get("/roster/").content.decode()
    assert "（无法读取）" in page
    assert Person.objects.get().phone.sealed not in page + log.getvalue()
