"""交接: one step, and of two at once one wins."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from liaisons import appointments, handover, notices, roles
from liaisons.models import Appointment, Notice, Person, RoleGrant, Session, User
from reform.models import Milestone
from tests.cast import account, client_of, gather
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.races import at_once
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT, LATER = moment(dt.date(2022, 4, 14)), moment(dt.date(2022, 6, 20))


def post_of(cast, **given) -> Appointment:
    filled = {"name": "前任", "phone": "138 0000 0001", "user": cast.weifen, "by": cast.sfj, "at": AT} | given
    return appointments.appoint(cast.weifen.unit, filled.pop("post", "liaison"), **filled)


def pass_to(post: Appointment, by: User, **given) -> handover.Handover:
    filled: dict[str, Any] = {"name": "继任", "phone": "138 0000 0002", "username": "jiren", "at": LATER} | given
    return handover.hand_over(post, by=User.objects.get(pk=by.pk), **filled)


@pytest.mark.parametrize("who", ["weifen", "sfj", "admin"])
def test_one_step_moves_post_roles_and_notices_and_closes_the_old_account(cast, who, client):
    post = post_of(cast)
    notices.tell([cast.weifen], "提醒", "月报截止", dedupe="x")
    done = pass_to(post, getattr(cast, who))

    post.refresh_from_db()
    assert (post.until_on, done.post.from_on, done.post.until_on) == (LATER.date(), LATER.date(), None)
    new = User.objects.get(username="jiren")
    assert (new.role_names, new.unit, new.must_change_password) == (["联络员"], cast.weifen.unit, True)
    assert not RoleGrant.objects.filter(user=cast.weifen).exists()
    assert not User.objects.get(pk=cast.weifen.pk).is_active
    assert Notice.objects.get().recipient == new
    assert client.login(username="jiren", password=done.password)
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"post.end", "post.appoint", "account.open", "account.disable", "role.grant", "role.revoke"} <= actions


def test_who_serves_elsewhere_keeps_the_account_for_that(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.REVIEWER.slug, granted_at=AT)

    assert pass_to(post_of(cast), cast.sfj).closed is None
    kept = User.objects.get(pk=cast.weifen.pk)
    assert (kept.is_active, kept.role_names) == (True, ["评查员"])


def test_who_holds_another_post_of_the_unit_keeps_its_role_and_the_account(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.UNIT_LEADER.slug, unit=cast.weifen.unit, granted_at=AT)
    post_of(cast, post="leader")
    notices.tell([cast.weifen], "会签", "请会签：月度报告", dedupe="x")

    assert pass_to(post_of(cast), cast.sfj).closed is None
    kept, new = User.objects.get(pk=cast.weifen.pk), User.objects.get(username="jiren")
    assert (kept.is_active, kept.role_names, new.role_names) == (True, ["分管领导"], ["联络员"])
    assert Notice.objects.get().recipient == kept


def test_the_administrators_roles_are_never_passed_on(cast):
    post = post_of(cast, user=None)
    Person.objects.filter(pk=post.person_id).update(user=cast.admin)
    pass_to(post, cast.sfj)

    assert [grant.role for grant in RoleGrant.objects.filter(user=cast.admin)] == ["system_admin"]
    assert not RoleGrant.objects.filter(user__username="jiren").exists()


def test_without_an_account_only_the_post_changes_hands(cast):
    done = pass_to(post_of(cast, user=None), cast.sfj, username="")

    assert (done.account, done.password, done.closed) == (None, "", None)
    assert User.objects.get(pk=cast.weifen.pk).is_active


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"username": ""}, "username"),
        ({"username": "scj"}, "username"),
        ({"phone": "1"}, "phone"),
        ({"name": " "}, "name"),
    ],
)
def test_what_is_missing_undoes_the_whole(cast, wrong, field):
    post = post_of(cast)
    with pytest.raises(Refused) as refusal:
        pass_to(post, cast.sfj, **wrong)

    assert refusal.value.field == field
    post.refresh_from_db()
    assert (post.until_on, Appointment.objects.count(), User.objects.count()) == (None, 1, 10)


def test_a_post_that_was_handed_over_meanwhile_is_refused_plainly(cast):
    post = post_of(cast)
    pass_to(post, cast.sfj)

    with pytest.raises(Refused, match="由别人办理了离任或交接"):
        pass_to(post, cast.sfjld, username="another")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_handovers_at_once_one_wins_and_the_other_is_told_plainly():
    cast = gather()
    second = account("sfj2", "另一位", cast.sfj.unit, roles.OFFICER)
    address = f"/roster/posts/{post_of(cast).pk}/handover/"

    def send(by: User, username: str) -> str:
        sent = {"name": "继任", "phone": "138 0000 0002", "username": username}
        return client_of(by).post(address, sent).content.decode()

    pages = at_once(lambda: send(cast.sfj, "one"), lambda: send(second, "two"))

    assert sorted("由别人办理了离任或交接" in page for page in pages) == [False, True]
    assert sorted('id="initial-password"' in page for page in pages) == [False, True]
    assert Appointment.objects.filter(until_on=None).count() == 1
    assert User.objects.filter(username__in=["one", "two"]).count() == 1
    assert Session.objects.filter(user=cast.weifen).count() == 0


def test_the_page_shows_the_password_once_and_the_work_in_hand(cast):
    post = post_of(cast)
    ObligationFactory(
        unit=cast.weifen.unit, milestone=MilestoneFactory(title="手上的事", deliverable=Milestone.SUBMISSION)
    )
    ObligationFactory(unit=cast.scj.unit, milestone=MilestoneFactory(title="别家的事"))
    client, sent = client_of(cast.sfj), {"name": "继任", "phone": "138 0000 0002", "username": "jiren"}
    answer = client.post(f"/roster/posts/{post.pk}/handover/", sent)
    page = answer.content.decode()

    assert "no-store" in answer["Cache-Control"]
    assert 'id="initial-password"' in page
    sheet = client.get(f"/roster/posts/{Appointment.objects.latest('pk').pk}/sheet/").content.decode()
    assert 'id="initial-password"' not in sheet
    assert all("手上的事" in text and "前任" in text and "别家的事" not in text for text in (page, sheet))
    again = client.post(f"/roster/posts/{post.pk}/handover/", sent | {"username": "again"}).content.decode()
    assert "由别人办理了离任或交接" in again
    assert 'value="继任"' in again


@pytest.mark.parametrize("idle", [0, 120])  # seconds: after a minute the session would be written again
def test_a_liaison_who_hands_over_is_logged_out_everywhere_the_same_moment(cast, idle):
    post, client = post_of(cast), client_of(cast.weifen)
    client_of(cast.weifen)
    sent = {"name": "继任", "phone": "138 0000 0002", "username": "jiren"}

    with time_machine.travel(clock.real_now() + dt.timedelta(seconds=idle)):
        page = client.post(f"/roster/posts/{post.pk}/handover/", sent).content.decode()
        assert ("账号已停用" in page, "退出登录" in page) == (True, False)
        assert not Session.objects.filter(user=cast.weifen).exists()
        assert client.get("/roster/")["Location"].startswith("/login/")


def test_who_keeps_the_account_for_another_role_stays_logged_in(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.REVIEWER.slug, granted_at=AT)
    client = client_of(cast.weifen)
    pass_to(post_of(cast), cast.sfj)

    assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize("more", [0, 15])
def test_the_sheet_costs_the_same_however_much_is_in_hand(cast, more, django_assert_num_queries):
    post = post_of(cast)
    ObligationFactory.create_batch(more, unit=cast.weifen.unit)
    client = client_of(cast.sfj)
    with django_assert_num_queries(4 + 4):  # the frame, the post, its predecessor, the duties, the cases
        assert client.get(f"/roster/posts/{post.pk}/sheet/").content.decode().count('<th scope="row">') == more
