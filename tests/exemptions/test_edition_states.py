"""The table of moves, and what the database itself holds about editions."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from exemptions.edition_states import IN_WORK, MOVES, State, Verb, allows
from exemptions.models import Edition, Item
from tests.exemptions.factories import IN_FORCE_FROM, EditionFactory, ItemFactory, ListFactory
from tests.factories import UserFactory, moment


def test_every_state_is_reached_and_the_abolished_is_the_end():
    assert {to for _, to in MOVES.values()} == set(State)
    assert [verb for verb in Verb if allows(verb, State.ABOLISHED)] == []
    assert allows(Verb.BEGIN, "")
    assert not allows(Verb.PUBLISH, State.FILED)


@pytest.mark.django_db
def test_a_list_has_one_edition_in_work_and_one_in_force():
    held = EditionFactory(in_force=True)
    EditionFactory(exemption_list=held.exemption_list, number=2)
    for wrong in ({"number": 3}, {"number": 3, "in_force": True}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EditionFactory(exemption_list=held.exemption_list, **wrong)
    EditionFactory(exemption_list=ListFactory(), in_force=True)
    assert Edition.objects.filter(state__in=IN_WORK).count() == 1


@pytest.mark.django_db
def test_who_files_does_not_put_on_record():
    officer = UserFactory()
    with pytest.raises(IntegrityError):
        EditionFactory(recorded=True, filed_by=officer, recorded_by=officer)


@pytest.mark.django_db
def test_any_day_can_be_asked():
    first = EditionFactory(in_force=True, state=State.ABOLISHED, effective_until=dt.date(2022, 9, 1))
    second = EditionFactory(
        exemption_list=first.exemption_list, number=2, in_force=True, effective_from=dt.date(2022, 9, 1)
    )
    ItemFactory(edition=first, code="A")
    ItemFactory(edition=second, code="A")
    ItemFactory(edition=second, code="B", valid_until=dt.date(2022, 9, 30))
    days = [IN_FORCE_FROM - dt.timedelta(days=1), IN_FORCE_FROM, dt.date(2022, 8, 31), dt.date(2022, 9, 1)]
    assert [list(Edition.objects.in_force_on(day)) for day in days] == [[], [first], [first], [second]]
    assert [first.in_force_on(day) for day in days] == [False, True, True, False]
    asked = [Item.objects.in_force_on(dt.date(2022, month, 1)).count() for month in (5, 8, 9, 10)]
    assert asked == [0, 1, 2, 1]


@pytest.mark.django_db
def test_drafts_are_their_units_alone(cast):
    market = ListFactory(unit=cast.scj.unit)
    states = {}
    states["published"] = EditionFactory(exemption_list=market, in_force=True)
    states["draft"] = EditionFactory(exemption_list=market, number=2)
    states["filed"] = EditionFactory(exemption_list=ListFactory(unit=cast.weifen.unit), filed=True)

    def seen(user):
        rows = set(Edition.objects.visible_to(user))
        return sorted(name for name, edition in states.items() if edition in rows)

    assert seen(cast.scj) == ["draft", "published"]
    assert seen(cast.weifen) == ["filed", "published"]
    assert seen(cast.sfj) == ["filed", "published"]
    assert set(Edition.objects.kept_by(cast.scj)) == {states["published"], states["draft"]}
    assert moment(IN_FORCE_FROM) > states["published"].published_at
