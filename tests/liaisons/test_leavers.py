"""Leavers: when their time comes nothing in the whole database names them, and the trail still verifies."""

from __future__ import annotations

import datetime as dt
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from liaisons import accounts, appointments, contact_ways, handover, invitations, leavers, notices, roles
from liaisons.models import Appointment, LedgerEntry, Letter, Officer, Person, RoleGrant, Suppression, User
from tests.authenticator import set_up
from tests.cast import client_of, gather
from tests.factories import moment
from tests.liaisons.letters.lines import line
from tests.races import at_once
from tests.whole_database import everything
from xingxian_portal.foundation import audit_seals, audit_verification, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.sealed import phone_fields
from xingxian_portal.foundation.workbook.imports import ImportBatch

pytestmark = pytest.mark.django_db
HERE, LEFT = moment(dt.date(2022, 4, 14)), moment(dt.date(2022, 6, 20))
LATER = LEFT + dt.timedelta(days=365)
NAME, USERNAME, NUMBER, MAIL = "离任甲", "lirenjia", "13800004321", "lirenjia@example.com"
PASSWORD = "Lvliang-2022-xx"


def newcomer(cast) -> Appointment:
    """Give the post of a liaison who has used the portal in every way that leaves a name behind."""
    unit = cast.weifen.unit
    user, _ = accounts.open_account(username=USERNAME, name=NAME, unit=unit, by=cast.admin, at=HERE)
    RoleGrant.objects.create(user=user, role=roles.LIAISON.slug, unit=unit, granted_at=HERE)
    post = appointments.appoint(unit, "liaison", name=NAME, phone=NUMBER, user=user, by=cast.sfj, at=HERE)
    contact_ways.keep(user, email=MAIL, first_channel="mail", digest_time=dt.time(9), by=user, at=HERE)
    invitations.accept(invitations.invite(user, by=cast.admin).partition("?to=")[2], PASSWORD)
    Client().post("/login/", {"username": USERNAME, "password": PASSWORD})
    set_up(User.objects.get(pk=user.pk))
    client_of(cast.sfj).post("/roster/phones/")
    notices.tell([user], "提醒", "月报截止")
    letter = Letter.objects.create(
        recipient=user, channel="mail", day=LEFT.date(), not_after=LEFT, next_attempt_at=LEFT, answer=f"550 <{MAIL}>"
    )
    letter.tries.create(number=1, at=LEFT, outcome="failed", answer=f"450 <{MAIL}>")
    Suppression.objects.create(user=user, channel="mail", address_digest="x", reason="rejected", answer=MAIL, at=LEFT)
    line(user)
    line(user, recipient=None, person=post.person)
    return post


def hand_over(cast, post: Appointment) -> handover.Handover:
    return handover.hand_over(post, name="继任", phone="138 0000 0002", username="jiren", by=cast.sfj, at=LEFT)


@pytest.fixture
def gone(cast, chain) -> Appointment:
    """Give the post of somebody who has handed it over."""
    post = newcomer(cast)
    hand_over(cast, post)
    late = {"name": "再继任", "phone": "138 0000 0003", "username": "zai"}
    assert NAME in client_of(cast.sfj).post(f"/roster/posts/{post.pk}/handover/", late).content.decode()
    audit_seals.seal()
    return Appointment.objects.select_related("person__user").get(pk=post.pk)


def numbers() -> set[str]:
    """Give every number and address that lies sealed."""
    return {getattr(row, field.attname).full for table, field in phone_fields() for row in table._base_manager.all()}


def test_when_the_time_comes_nothing_names_them_any_more(gone):
    assert [word in everything() for word in (NAME, USERNAME)] == [True, True]
    assert {NUMBER, MAIL} <= numbers()

    assert leavers.run(LATER) == 1
    text = everything()
    assert [word in text for word in (NAME, USERNAME, NUMBER, MAIL)] == [False] * 4
    assert not {NUMBER, MAIL} & numbers()
    assert leavers.run(LATER) == 0


def test_the_trail_holds_and_says_that_it_was_done(gone):
    before = list(AuditEntry.objects.order_by("pk").values())
    leavers.run(LATER)

    assert list(AuditEntry.objects.order_by("pk").values())[: len(before)] == before
    audit_seals.seal()
    assert audit_verification.verify().trouble == ""
    new = AuditEntry.objects.filter(pk__gt=before[-1]["id"]).order_by("pk")
    assert [(entry.action, entry.subject_key) for entry in new] == [
        ("person.anonymise", str(gone.person_id)), ("account.anonymise", str(gone.person.user_id)),
    ]  # fmt: skip
    out = StringIO()
    call_command("verify_audit", stdout=out)
    assert "审计记录完整" in out.getvalue()


def test_the_history_shows_somebody_who_left(gone, cast):
    leavers.run(LATER)
    page = client_of(cast.sfj).get(f"/roster/{gone.unit_id}/").content.decode()
    assert ("已离任人员" in page, "2022-06-20" in page, NAME in page) == (True, True, False)
    assert client_of(cast.sfj).get(f"/roster/posts/{gone.pk}/sheet/").status_code == 200


def test_the_account_opens_nothing_and_is_opened_by_nobody(gone, cast):
    leavers.run(LATER)
    user = User.objects.get(pk=gone.person.user_id)
    assert (user.is_active, user.has_usable_password(), user.role_names, user.has_second_factor) == (
        False, False, [], False,
    )  # fmt: skip
    assert "不正确" in Client().post("/login/", {"username": USERNAME, "password": PASSWORD}).content.decode()
    for verb in (accounts.enable, accounts.reset_password, invitations.invite):
        with pytest.raises(Refused):
            verb(user, by=cast.admin)
    admin = client_of(cast.admin)
    sent = {"name": NAME, "unit": ""}
    assert "个人信息已经删去" in admin.post(f"/accounts/{user.pk}/edit/", sent).content.decode()
    assert "启用账号" not in admin.get(f"/accounts/{user.pk}/").content.decode()
    mail = {"email": MAIL, "first_channel": "mail", "digest_time": "09:00"}
    assert "不再登记" in client_of(cast.sfj).post(f"/contact/{user.pk}/", mail).content.decode()


def test_an_address_typed_before_they_were_forgotten_is_not_kept_after(gone):
    user = gone.person.user  # as a page has read it
    assert leavers.run(LATER) == 1
    with pytest.raises(Refused, match="已离任"):
        contact_ways.keep(user, email=MAIL, first_channel="mail", digest_time=dt.time(9), by=user, at=LATER)
    assert MAIL not in numbers()


def test_not_a_day_too_early(gone):
    assert leavers.run(LATER - dt.timedelta(days=1)) == 0
    assert Person.objects.get(pk=gone.person_id).name == NAME


@pytest.mark.parametrize("serves", ["elsewhere", "still logs in", "closed of late", "never left"])
def test_whoever_serves_or_left_of_late_is_not_touched(cast, gone, serves):
    person, user = gone.person, gone.person.user
    match serves:
        case "elsewhere":
            held = {"from_on": HERE.date(), "confirmed_on": HERE.date()}
            Appointment.objects.create(unit=cast.scj.unit, person=person, post="filer", **held)
        case "still logs in":
            accounts.enable(user, by=cast.admin, at=LEFT)
        case "closed of late":
            accounts.enable(user, by=cast.admin, at=LEFT)
            accounts.disable(user, by=cast.admin, at=LATER - dt.timedelta(days=30))
        case "never left":
            Appointment.objects.filter(pk=gone.pk).update(until_on=None, post="filer")

    assert leavers.run(LATER) == 0
    assert not leavers.anonymise(leavers.Leaver(person, user, LEFT.date()), at=LATER)
    assert Person.objects.get(pk=person.pk).phone.full == NUMBER
    assert User.objects.get(pk=user.pk).username == USERNAME


def test_a_person_without_an_account_and_an_account_without_a_person(cast):
    post = appointments.appoint(cast.scj.unit, "leader", name=NAME, phone=NUMBER, by=cast.sfj, at=HERE)
    appointments.end(post, by=cast.sfj, at=LEFT)
    accounts.disable(cast.sfjld, by=cast.admin, at=LEFT)

    assert leavers.run(LATER) == 2
    assert Person.objects.get(pk=post.person_id).name == "已离任人员"
    left = User.objects.get(pk=cast.sfjld.pk)
    assert (left.name, left.role_names) == ("已离任人员", [])
    assert AuditEntry.objects.filter(action="role.revoke", subject_key=str(left.pk)).exists()
    assert User.objects.get(pk=cast.scj.pk).name == "市场联络"


def test_the_ledger_says_whose_letter_it_was_no_more(gone):
    leavers.run(LATER)
    assert set(LedgerEntry.objects.values_list("addressee", flat=True)) == {"已离任人员"}


def test_old_imports_of_names_go_with_them(cast):
    kept = {"file_name": "名单.xlsx", "sha256": "x", "made_by_id": cast.sfj.pk, "state": ImportBatch.DROPPED}
    old = ImportBatch.objects.create(sheet="roster", made_at=LEFT, **kept)
    old.rows.create(number=2, label="蔚汾镇", action="new", key=["蔚汾镇"], after={"leader": NAME})
    for sheet, at in (("roster", LATER), ("units", LEFT)):
        ImportBatch.objects.create(sheet=sheet, made_at=at, **kept)
    leavers.run(LATER + dt.timedelta(days=1))

    assert NAME not in everything()
    assert set(ImportBatch.objects.values_list("sheet", flat=True)) == {"roster", "units"}


def test_officers_stand_in_a_register_of_their_own(cast):
    values = {"name": NAME, "certificate": "样例1", "valid_until": LEFT.date(), "standing": Officer.LEFT}
    Officer.objects.create(unit=cast.scj.unit, **values)
    leavers.run(LATER)
    assert Officer.objects.get().name == NAME


def test_the_command_says_of_whom_without_naming_them_and_dry_changes_nothing(gone):
    said = StringIO()
    with clock.held_at(LATER):
        call_command("anonymise_leavers", "--dry-run", stdout=said)
    assert f"人员 {gone.person_id}、账号 {gone.person.user_id}　2022-06-20 离任" in said.getvalue()
    assert ("将匿名化 1 名" in said.getvalue(), NAME in said.getvalue()) == (True, False)
    assert Person.objects.get(pk=gone.person_id).name == NAME

    with clock.held_at(LATER):
        call_command("anonymise_leavers", stdout=said)
    assert "已匿名化 1 名离任满 365 天的人员" in said.getvalue()
    assert Person.objects.get(pk=gone.person_id).name == "已离任人员"


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_account_that_is_opened_at_the_same_moment_keeps_its_name_or_stays_closed():
    cast = gather()
    accounts.disable(cast.scj, by=cast.admin, at=LEFT)
    [leaver] = leavers.due(LATER)
    outcomes = at_once(
        lambda: leavers.anonymise(leaver, at=LATER), lambda: accounts.enable(cast.scj, by=cast.admin, at=LATER)
    )

    user = User.objects.get(pk=cast.scj.pk)
    assert (outcomes[0], isinstance(outcomes[1], Refused)) in [(True, True), (False, False)]
    assert (user.name == "市场联络") is user.is_active is not outcomes[0]
