"""离任: with the last post in a unit go the rights for it, at once; what is held elsewhere stays."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import appointments, departure, roles
from liaisons.models import Appointment, RoleGrant, Session, User
from tests.cast import client_of
from tests.factories import moment
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT, LATER = moment(dt.date(2022, 4, 14)), moment(dt.date(2022, 6, 20))


def post_of(cast, post: str = "liaison", **given) -> Appointment:
    filled = {"name": "离任者", "phone": "138 0000 0001", "user": cast.weifen, "by": cast.sfj, "at": AT} | given
    return appointments.appoint(cast.weifen.unit, post, **filled)


def account(cast) -> tuple[bool, list[str]]:
    user = User.objects.get(pk=cast.weifen.pk)
    assert bool(user.closed_at) is not user.is_active
    return user.is_active, user.role_names


def test_post_role_account_and_sessions_end_together(cast):
    post, client = post_of(cast), client_of(cast.weifen)
    page = client_of(cast.sfj).post(f"/roster/posts/{post.pk}/end/", follow=True).content.decode()

    assert "已办理离任。蔚汾联络的账号已停用。" in page
    assert account(cast) == (False, [])
    assert not Session.objects.filter(user=cast.weifen).exists()
    assert client.get("/notices/")["Location"].startswith("/login/")
    assert list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))[-3:] == [
        "post.end", "role.revoke", "account.disable",
    ]  # fmt: skip


def test_who_holds_another_post_of_the_unit_keeps_everything(cast):
    post_of(cast, "filer")
    assert departure.leave(post_of(cast), by=cast.sfj, at=LATER) is None
    assert account(cast) == (True, ["联络员"])


def test_who_serves_elsewhere_keeps_the_account_for_that_alone(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.REVIEWER.slug, granted_at=AT)
    address = f"/roster/posts/{post_of(cast).pk}/end/"
    assert "没有停用" in client_of(cast.sfj).post(address, follow=True).content.decode()
    assert account(cast) == (True, ["评查员"])


def test_a_post_without_an_account_just_ends(cast):
    assert departure.leave(post_of(cast, user=None), by=cast.sfj, at=LATER) is None
    assert account(cast) == (True, ["联络员"])


def test_nobody_locks_oneself_out(cast):
    post = post_of(cast)
    page = client_of(cast.weifen).post(f"/roster/posts/{post.pk}/end/", follow=True).content.decode()
    assert "自己的岗位请用“交接”" in page
    assert account(cast) == (True, ["联络员"])
    assert Appointment.objects.get().until_on is None


def test_a_post_that_has_ended_meanwhile_takes_nothing_more(cast):
    post = post_of(cast, user=None)
    departure.leave(post, by=cast.sfj, at=LATER)
    with pytest.raises(Refused, match="由别人办理了离任或交接"):
        departure.leave(post, by=cast.sfjld, at=LATER)
