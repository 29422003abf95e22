"""One notice for each act and person: replayed, nobody is told twice; whoever acted is not told."""

import datetime as dt

import pytest

from liaisons import addressees, roles
from liaisons.models import Notice, RoleGrant
from reform import review, telling
from reform.models import Obligation
from tests.cast import bureau, client_of, department, township
from tests.factories import ObligationFactory, UserFactory, moment
from tests.reform.filings import hand_in

AT = moment(dt.date(2022, 6, 20), 12)


@pytest.fixture
def closed(cast):
    row = ObligationFactory(unit=township())
    hand_in(row, cast.weifen)
    return review.accept(row, by=cast.sfj, at=AT)


def test_an_act_told_of_again_reaches_nobody_twice(closed, cast):
    for _ in range(3):
        telling.of_move(closed, "销号", "又一次。", by=cast.sfj, at=AT)
    assert Notice.objects.get().title == f"{closed.name}已销号"


def test_somebody_who_joined_the_unit_since_is_told_by_the_replay_alone(closed, cast):
    newcomer = UserFactory(unit=township(), role=roles.FILER)
    telling.of_move(closed, "销号", "补发。", by=cast.sfj, at=AT)
    assert {notice.recipient: notice.title for notice in Notice.objects.all()} == {
        cast.weifen: f"{closed.name}已销号", newcomer: "补发。",
    }  # fmt: skip


def test_a_link_leads_to_the_duty(closed, cast):
    assert client_of(cast.weifen).get(telling.link_to(closed)).status_code == 200


def test_a_unit_nobody_files_for_is_no_fault(cast):
    row = ObligationFactory()
    hand_in(row, UserFactory(unit=row.unit, role=roles.LIAISON, is_active=True))
    RoleGrant.objects.filter(unit=row.unit).delete()
    assert review.accept(Obligation.objects.get(pk=row.pk), by=cast.sfj, at=AT)
    assert not Notice.objects.exists()


def test_who_files_and_who_signs_for_a_unit(cast, django_assert_num_queries):
    second = UserFactory(unit=township(), role=roles.FILER)
    UserFactory(unit=township(), role=roles.LIAISON, is_active=False)
    town, market = township().pk, department().pk
    with django_assert_num_queries(1):
        found = addressees.filers_of([town, market])
    assert {unit: {user.username for user in users} for unit, users in found.items()} == {
        township().pk: {"weifen", second.username}, department().pk: {"scj"},
    }  # fmt: skip
    assert addressees.cosigners_of([township().pk]) == {township().pk: [cast.weifenld]}


def test_somebody_with_two_roles_in_a_unit_is_one_person(cast):
    RoleGrant.objects.create(user=cast.weifen, role=roles.FILER.slug, unit=township(), granted_at=AT)
    assert addressees.filers_of([township().pk]) == {township().pk: [cast.weifen]}


def test_the_bureaus_officers_are_the_people_of_their_own_unit(cast):
    assert set(addressees.filers_of([bureau().pk])[bureau().pk]) == {cast.sfj, cast.sfjld}
