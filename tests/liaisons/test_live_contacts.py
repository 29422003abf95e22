"""Who hears of a unit's duties, and each way in which nobody does."""

from __future__ import annotations

import datetime as dt

import pytest

from liaisons import contact_ways, live_contacts, roles
from liaisons.models import Appointment, Person, Suppression, User
from tests.cast import account
from tests.factories import UnitFactory, moment

AT, DAY = moment(dt.date(2022, 6, 20)), dt.date(2022, 4, 14)


def held(cast, post: str = "liaison", user: User | None = None, until: dt.date | None = None) -> Appointment:
    person = Person.objects.create(name="联络甲", phone="138 0000 0001", user=user)
    return Appointment.objects.create(
        unit=cast.weifen.unit, person=person, post=post, from_on=DAY, confirmed_on=DAY, until_on=until
    )


def address(user: User, *, closed: bool) -> None:
    row = contact_ways.keep(user, email="a@example.com", first_channel="mail", digest_time=dt.time(9), by=user)
    if closed:
        Suppression.objects.create(
            user=user, channel="mail", address_digest=row.email_digest, reason=Suppression.HARD_BOUNCE, at=AT
        )


def faults(cast) -> list[tuple[str, str]]:
    reach = live_contacts.of([cast.weifen.unit])[0]
    assert reach.is_live is any(not one.fault for one in reach.contacts)
    return [(one.name, one.fault) for one in reach.contacts]


def test_an_open_account_that_files_will_do(cast):
    assert faults(cast) == [("蔚汾联络", "")]


def test_somebody_with_post_and_account_is_one_contact(cast):
    held(cast, user=cast.weifen)
    assert faults(cast) == [("蔚汾联络", "")]


def test_a_post_without_an_account_hears_nothing_though_another_may(cast):
    held(cast)
    assert faults(cast) == [("联络甲", "没有账号"), ("蔚汾联络", "")]


def test_a_closed_account_hears_nothing(cast):
    held(cast, user=cast.weifen)
    User.objects.filter(pk=cast.weifen.pk).update(is_active=False)
    cast.weifen.role_grants.all().delete()
    assert faults(cast) == [("联络甲", "账号已停用")]


@pytest.mark.parametrize("has_post", [True, False])
def test_a_closed_account_that_kept_its_role_hears_nothing(cast, has_post):
    if has_post:
        held(cast, user=cast.weifen)
    User.objects.filter(pk=cast.weifen.pk).update(is_active=False)
    assert faults(cast) == [("蔚汾联络", "账号已停用")]


def test_an_account_without_the_role_hears_nothing(cast):
    held(cast, user=cast.weifen)
    cast.weifen.role_grants.all().delete()
    assert faults(cast) == [("联络甲", "账号没有填报的角色")]


@pytest.mark.parametrize(("closed", "fault"), [(True, "联系方式失效"), (False, "")])
def test_a_broken_address_is_a_fault_and_none_at_all_is_not(cast, closed, fault):
    address(cast.weifen, closed=closed)
    assert faults(cast) == [("蔚汾联络", fault)]


def test_a_new_address_mends_it(cast):
    address(cast.weifen, closed=True)
    contact_ways.keep(cast.weifen, email="b@example.com", first_channel="mail", digest_time=dt.time(9), by=cast.weifen)
    assert faults(cast) == [("蔚汾联络", "")]


def test_who_left_and_who_only_leads_do_not_count(cast):
    cast.weifen.role_grants.all().delete()
    held(cast, until=DAY)
    held(cast, post="leader", user=cast.weifenld)
    assert live_contacts.of([cast.weifen.unit])[0].why == "没有登记联络员、填报员"


def test_a_filer_is_as_good_as_a_liaison(cast):
    User.objects.filter(pk=cast.weifen.pk).update(is_active=False)
    account("tianbao", "填报甲", cast.weifen.unit, roles.FILER)
    assert dict(faults(cast))["填报甲"] == ""


@pytest.mark.parametrize("number", [1, 12])
def test_many_units_cost_three_queries(cast, number, django_assert_num_queries):
    units = [UnitFactory() for _ in range(number)]
    with django_assert_num_queries(3):
        assert [reach.is_live for reach in live_contacts.of(units)] == [False] * number
