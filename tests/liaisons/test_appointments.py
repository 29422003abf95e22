"""Posts are filled, corrected, confirmed and ended by whom the rules name, and a refusal changes nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from liaisons import appointments, roles
from liaisons.models import Appointment, Person, Unit, User
from tests.cast import account, gather
from tests.factories import moment
from tests.races import at_once
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 4, 14))
PHONE = "138 0000 0001"


def liaison(cast, **given) -> Appointment:
    filled = {"name": "刘样例", "phone": PHONE, "by": cast.weifen, "at": AT}
    return appointments.appoint(cast.weifen.unit, Appointment.LIAISON, **filled | given)


@pytest.mark.parametrize("who", ["weifen", "sfj", "sfjld", "admin"])
def test_the_unit_s_liaison_the_bureau_and_the_administrator_fill_a_post(cast, who):
    made = liaison(cast, by=getattr(cast, who))

    assert (made.from_on, made.confirmed_on, made.until_on, made.appointed_by) == (
        AT.date(),
        AT.date(),
        None,
        getattr(cast, who),
    )
    entry = AuditEntry.objects.get(action="post.appoint")
    assert (entry.actor_id, entry.unit_code) == (getattr(cast, who).pk, "141123100")
    assert "刘样例" not in str(entry.after)
    assert "13800000001" not in str(entry.after)


@pytest.mark.parametrize("who", ["weifenld", "scj", "anquan", "audit", "lingdao", "pingcha"])
def test_nobody_else_does(cast, who):
    with pytest.raises(Refused, match="由该单位联络员"):
        liaison(cast, by=getattr(cast, who))
    assert (Appointment.objects.count(), Person.objects.count()) == (0, 0)


def test_the_number_lies_sealed_in_the_database(cast):
    made = liaison(cast)

    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM liaisons_person")
        assert "0000" not in cursor.fetchone()[0]
    person = Person.objects.get(pk=made.person_id)
    assert (str(person.phone), person.phone.full) == ("138****0001", "13800000001")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": "12345"}, "phone"),
        ({"phone": "138****0001"}, "phone"),
        ({"phone": " "}, "phone"),
        ({"name": " "}, "name"),
    ],
)
def test_a_contact_needs_a_name_and_a_number(cast, wrong, field):
    with pytest.raises(Refused) as refusal:
        liaison(cast, **wrong)
    assert refusal.value.field == field
    assert not Appointment.objects.exists()


@pytest.mark.parametrize("post", Appointment.SINGLE)
def test_a_post_of_the_annex_has_one_holder(cast, post):
    first = appointments.appoint(cast.weifen.unit, post, name="甲", phone=PHONE, by=cast.weifen, at=AT)

    with pytest.raises(Refused, match="现在是甲"):
        appointments.appoint(cast.weifen.unit, post, name="乙", phone=PHONE, by=cast.weifen, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appointment.objects.create(
            unit=first.unit, person=Person.objects.create(name="乙", phone=PHONE), post=post,
            from_on=AT.date(), confirmed_on=AT.date(),
        )  # fmt: skip


def test_there_may_be_many_filers_each_once(cast):
    for _ in range(2):
        appointments.appoint(cast.weifen.unit, "filer", name="填报", phone=PHONE, by=cast.weifen, at=AT)
    own = {"name": "蔚汾联络", "phone": PHONE, "user": cast.weifen, "by": cast.weifen, "at": AT}
    appointments.appoint(cast.weifen.unit, "filer", **own)

    with pytest.raises(Refused, match="已经是"):
        appointments.appoint(cast.weifen.unit, "filer", **own)
    assert appointments.held(cast.weifen.unit).count() == 3


def test_an_account_of_another_unit_is_refused(cast):
    with pytest.raises(Refused) as refusal:
        liaison(cast, user=cast.scj)
    assert refusal.value.field == "user"


def test_a_closed_unit_takes_no_contacts(cast):
    Unit.objects.filter(pk=cast.weifen.unit_id).update(closed_on=AT.date())

    with pytest.raises(Refused, match="并入或撤销"):
        liaison(cast, by=cast.sfj)


def test_a_masked_number_left_as_it_stood_is_the_one_kept(cast):
    made = liaison(cast)

    appointments.amend(made, name="改名", phone="138****0001", by=cast.weifen, at=AT)
    assert (Person.objects.get().name, Person.objects.get().phone.full) == ("改名", "13800000001")
    appointments.amend(made, name="改名", phone="138 0000 0002", by=cast.weifen, at=AT)
    assert Person.objects.get().phone.full == "13800000002"
    assert AuditEntry.objects.filter(action="post.amend").count() == 2


def test_what_has_ended_cannot_be_ended_or_changed_again(cast):
    made = liaison(cast)
    later = moment(dt.date(2022, 5, 6))
    assert appointments.end(made, by=cast.weifen, at=later).until_on == later.date()

    for act in (
        lambda: appointments.end(made, by=cast.sfj),
        lambda: appointments.amend(made, name="x", phone=PHONE, by=cast.sfj),
    ):
        with pytest.raises(Refused, match="已于 2022-05-06"):
            act()
    assert liaison(cast, name="继任").pk != made.pk


def test_a_post_cannot_end_before_it_began(cast):
    made = liaison(cast)
    made.until_on = AT.date() - dt.timedelta(days=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        made.save()


def test_confirming_sets_the_day_of_all_posts(cast):
    made, later = liaison(cast), moment(dt.date(2022, 7, 4))

    assert appointments.confirm(cast.weifen.unit, by=cast.weifen, at=later) == 1
    made.refresh_from_db()
    assert made.confirmed_on == later.date()


def test_there_must_be_somebody_to_confirm(cast):
    with pytest.raises(Refused, match="请先登记"):
        appointments.confirm(cast.weifen.unit, by=cast.weifen)


@pytest.mark.parametrize(("day", "start"), [((1, 1), (1, 1)), ((3, 31), (1, 1)), ((4, 1), (4, 1)), ((12, 31), (10, 1))])
def test_the_quarter_begins_on(day, start):
    assert appointments.quarter_start(dt.date(2022, *day)) == dt.date(2022, *start)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_fill_one_post_at_once_end_in_one_and_a_plain_refusal():
    cast = gather()
    second = account("weifen2", "另一位", cast.weifen.unit, roles.LIAISON)

    def fill(user: User) -> Appointment:
        return liaison(cast, name=user.name, by=User.objects.get(pk=user.pk))

    outcomes = at_once(lambda: fill(cast.weifen), lambda: fill(second))

    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert [isinstance(outcome, Appointment) for outcome in outcomes].count(True) == 1
    assert "现在是" in str(refused[0])
