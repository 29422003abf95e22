"""Invitations by mail over a real server: where there is e-mail and an address; the link is in the mail and nowhere else."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.test import Client

from liaisons import accounts, appointments, contact_ways, invitation_mail, invitations
from liaisons.letters import sending
from liaisons.models import LedgerEntry, Letter, Suppression, User
from tests.cast import Cast, client_of
from tests.post_office import post_office, text_of
from tests.whole_database import everything
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry

SENT = {"username": "xinren", "name": "新来人", "unit": "", "email": "xinren@example.com"}
CHOSEN = {"new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
SUNDAY_NIGHT = dt.datetime(2026, 11, 29, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def office(settings):
    settings.PORTAL_PUBLIC_URL = "https://portal.example.com"
    with post_office(settings) as one:
        yield one


def invited(cast: Cast, **more: str) -> str:
    """Have the administrator make an account; gives the page that comes."""
    return client_of(cast.admin).post("/accounts/new/", SENT | more, follow=True).content.decode()


def newcomer() -> User:
    return User.objects.get(username="xinren")


def links(office) -> list[str]:
    return [re.findall(r"https://portal.example.com(/invitation/\S+)", text_of(mail))[0] for mail in office.mails]


def opens(link: str) -> bool:
    return "您好" in Client().get(link).content.decode()


def test_the_mail_goes_at_any_hour_and_its_link_sets_the_password(cast, office):
    with time_machine.travel(SUNDAY_NIGHT, tick=False):
        page = invited(cast)
        assert "账号已建立，邀请已发往 x***@example.com，2026-12-06 23:00 前有效" in page
        assert ("initial-password" in page, "invitation-link" in page) == (False, False)
        assert sending.send_due() == {"sent": 1}
        assert office.subjects == ["请为柔性执法推进平台的账号设置密码"]
        assert office.mails[0]["To"] == "xinren@example.com"
        assert "用户名是 xinren。请在 2026年12月6日前" in text_of(office.mails[0])
        [link] = links(office)
        assert Client().post("/invitation/", CHOSEN | {"to": link.partition("to=")[2]})["Location"] == "/login/"
    assert newcomer().check_password(CHOSEN["new_password"])
    assert AuditEntry.objects.get(action="account.invite").note == "邮件"


def test_the_link_lies_nowhere_but_in_the_mail(cast, office):
    invited(cast)
    sending.send_due()
    [link] = links(office)
    assert link.partition("to=")[2] not in everything()
    assert Letter.objects.get().title == "请为柔性执法推进平台的账号设置密码"


def test_a_mailed_link_expires_and_a_mail_that_comes_too_late_does_not_go(cast, office):
    invited(cast)
    sending.send_due()
    [link] = links(office)
    with time_machine.travel(clock.real_now() + dt.timedelta(days=7, minutes=1)):
        assert not opens(link)
    invitation_mail.invite(newcomer(), by=cast.admin)
    with time_machine.travel(clock.real_now() + dt.timedelta(days=7, minutes=1)):
        assert not sending.send_due()["sent"]
    assert len(office.mails) == 1


def test_a_second_one_goes_the_same_day_and_voids_the_first(cast, office):
    with time_machine.travel(SUNDAY_NIGHT, tick=False) as moment:
        invited(cast)
        sending.send_due()
        moment.shift(60)
        address = f"/accounts/{newcomer().pk}/"
        assert "重发邀请邮件" in client_of(cast.admin).get(address).content.decode()
        client_of(cast.admin).post(f"{address}invite/")
        sending.send_due()
        first, second = links(office)
        assert (opens(first), opens(second)) == (False, True)


@pytest.mark.parametrize("void", ["by hand", "closed", "used"])
def test_what_is_void_before_it_goes_is_not_sent(cast, office, void):
    invited(cast)
    user = newcomer()
    if void == "by hand":
        page = client_of(cast.admin).post(f"/accounts/{user.pk}/invite/", {"by_hand": "1"}).content.decode()
        assert 'id="invitation-link"' in page
    elif void == "closed":
        accounts.disable(user, by=cast.admin)
    else:
        invitations.accept(invitations.path_of(user).partition("to=")[2], CHOSEN["new_password"])
    sending.send_due()
    assert office.mails == []
    assert LedgerEntry.objects.get().reason == "邀请已用过、过期或被新的邀请代替"


def test_a_mail_that_is_refused_ends_on_the_list_of_calls_and_the_link_is_handed_over(cast, office):
    invited(cast, email="gone@example.com")
    sending.send_due()
    call = LedgerEntry.objects.get(channel="call")
    assert (call.about, call.status) == ("平台账号的邀请", LedgerEntry.PLANNED)
    page = client_of(cast.admin).post(f"/accounts/{newcomer().pk}/invite/").content.decode()
    assert 'id="invitation-link"' in page


def test_without_an_address_the_link_is_handed_over(cast, office):
    page = invited(cast, email="")
    assert ('id="invitation-link"' in page, 'id="initial-password"' in page) == (True, True)
    sending.send_due()
    assert office.mails == []


def test_without_a_mail_server_nobody_asks_for_an_address(cast, settings):
    settings.PORTAL_MAIL = None
    assert 'name="email"' not in client_of(cast.admin).get("/accounts/new/").content.decode()
    assert 'id="invitation-link"' in invited(cast)
    assert not contact_ways.of(newcomer()).email


def test_a_wrong_address_makes_no_account_and_stands_in_the_form(cast, office):
    page = invited(cast, email="xinren@@example")
    assert ("邮箱格式不对" in page, "xinren@@example" in page) == (True, True)
    assert not User.objects.filter(username="xinren").exists()


def test_a_successor_is_invited_by_mail_too_and_no_password_is_shown(cast, office):
    post = appointments.appoint(
        cast.weifen.unit, "liaison", name="前任", phone="138 0000 0001", user=cast.weifen, by=cast.sfj
    )
    sent = {"name": "继任", "phone": "138 0000 0002", "username": "jiren", "email": "jiren@example.com"}
    page = client_of(cast.weifen).post(f"/roster/posts/{post.pk}/handover/", sent).content.decode()
    assert ("邀请已发往 j***@example.com" in page, "initial-password" in page) == (True, False)
    sending.send_due()
    assert opens(links(office)[0])


def test_who_takes_over_a_post_without_an_account_is_asked_for_no_address(cast, office):
    post = appointments.appoint(cast.weifen.unit, "leader", name="前任", phone="138 0000 0001", by=cast.sfj)
    page = client_of(cast.sfj).get(f"/roster/posts/{post.pk}/handover/").content.decode()
    assert ('name="username"' in page, 'name="email"' in page) == (False, False)


def test_an_address_that_is_closed_is_not_tried_again(cast, office):
    invited(cast)
    user = newcomer()
    shut = {"channel": "mail", "address_digest": user.contact.email_digest, "reason": "hard_bounce"}
    Suppression.objects.create(user=user, at=clock.now(), **shut)
    assert not invitation_mail.reaches(User.objects.get(pk=user.pk))
