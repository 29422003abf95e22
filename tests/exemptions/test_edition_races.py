"""Two people at one list at the same moment: one act counts, the other is told why not, list and duty agree."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from exemptions import editions, items, publication, recording
from exemptions.condition_words import several
from exemptions.edition_states import State
from exemptions.models import Edition, ExemptionList, Item, PublicEntry
from liaisons.models import User
from reform.models import Milestone, Obligation
from reform.states import State as Duty
from tests.cast import gather
from tests.exemptions.factories import EditionFactory, ItemFactory, ListFactory
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.races import at_once
from xingxian_portal.foundation.refusal import Refused

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

MAY_20, MAY_25, MAY_30 = (moment(dt.date(2022, 5, day), 10) for day in (20, 25, 30))
# What a duty may be in, by what its list is in, once both acts are over.
TOGETHER = {State.DRAFT: {Duty.AWAITING, Duty.DOING}, State.FILED: {Duty.REVIEW}, State.RECORDED: {Duty.REVIEW}}


@pytest.fixture
def county():
    cast = gather()
    milestone = MilestoneFactory(deliverable=Milestone.EXEMPTION_LIST, due_on=dt.date(2022, 5, 31))
    duty = ObligationFactory(milestone=milestone, unit=cast.scj.unit)
    edition = editions.begin(cast.scj.unit, ExemptionList.EXEMPTION, by=cast.scj, at=MAY_20)
    ItemFactory(edition=edition, position=1)
    return SimpleNamespace(cast=cast, duty=duty, edition=edition)


def by(name: str) -> User:
    return User.objects.get(username=name)


def now(row):
    return type(row).objects.get(pk=row.pk)


def refusals(outcomes: list[object]) -> list[str]:
    assert not [one for one in outcomes if isinstance(one, Exception) and not isinstance(one, Refused)], outcomes
    return [str(one) for one in outcomes if isinstance(one, Refused)]


def file(county):
    return editions.file(Edition.objects.get(pk=county.edition.pk), by=by("scj"), at=MAY_20)


def record(county, officer: str, number: str):
    return recording.record(Edition.objects.get(pk=county.edition.pk), by=by(officer), number=number, at=MAY_25)


def publish(county, who: str):
    edition = Edition.objects.get(pk=county.edition.pk)
    return publication.publish(edition, by=by(who), effective_from=MAY_30.date(), at=MAY_30)


def test_two_officers_put_a_list_on_record_once(county):
    file(county)
    outcomes = at_once(lambda: record(county, "sfj", "备1"), lambda: record(county, "sfjld", "备2"))
    (said,) = refusals(outcomes)
    assert "现在是“准予备案”" in said
    winner = now(county.edition)
    assert (winner.state, winner.moves.filter(verb="record").count()) == (State.RECORDED, 1)
    assert winner.record_number == {"sfj": "备1", "sfjld": "备2"}[winner.recorded_by.username]


def test_two_lists_do_not_get_the_same_number(county):
    file(county)
    other = EditionFactory(exemption_list=ListFactory(unit=county.cast.weifen.unit), filed=True)

    def second():
        return recording.record(Edition.objects.get(pk=other.pk), by=by("sfjld"), number="备1", at=MAY_25)

    (said,) = refusals(at_once(lambda: record(county, "sfj", "备1"), second))
    assert "“备1”已经用过" in said
    assert sorted([now(county.edition).state, now(other).state]) == [State.FILED, State.RECORDED]


def test_unit_and_bureau_publish_a_list_once(county):
    file(county)
    record(county, "sfj", "备1")
    (said,) = refusals(at_once(lambda: publish(county, "scj"), lambda: publish(county, "sfj")))
    assert "不能再“公布”" in said
    assert (now(county.edition).state, now(county.duty).state) == (State.PUBLISHED, Duty.CLOSED)
    assert county.duty.moves.filter(to_state=Duty.CLOSED).count() == 1
    assert PublicEntry.objects.count() == 1


def test_a_second_edition_and_an_abolition_at_once_leave_one_end(county):
    file(county)
    record(county, "sfj", "备1")
    publish(county, "scj")
    second = editions.begin(county.cast.scj.unit, ExemptionList.EXEMPTION, by=by("scj"), at=MAY_30)
    editions.file(second, by=by("scj"), at=MAY_30)
    recording.record(second, by=by("sfj"), number="备2", at=MAY_30)
    july = dt.date(2022, 7, 1)

    def replace():
        return publication.publish(Edition.objects.get(pk=second.pk), by=by("scj"), effective_from=july, at=MAY_30)

    def abolish():
        first = Edition.objects.get(pk=county.edition.pk)
        return publication.abolish(first, by=by("sfj"), until=dt.date(2022, 6, 15), reason="上级规定", at=MAY_30)

    outcomes = at_once(replace, abolish)
    assert len(refusals(outcomes)) <= 1  # a list that was abolished first may still have a next edition
    days = [dt.date(2022, 6, 14), dt.date(2022, 6, 20), july]
    numbers = [list(Edition.objects.in_force_on(day).values_list("number", flat=True)) for day in days]
    assert numbers in ([[1], [1], [2]], [[1], [], [2]])


def test_filing_twice_is_filing_once(county):
    (said,) = refusals(at_once(lambda: file(county), lambda: file(county)))
    assert "不能再“报送备案”" in said
    assert (now(county.edition).state, county.duty.submissions.count()) == (State.FILED, 1)


@pytest.mark.parametrize("first", [State.DRAFT, State.FILED])
def test_filing_and_withdrawing_at_once_leave_list_and_duty_in_step(county, first):
    if first == State.FILED:
        file(county)

    def withdraw():
        return editions.withdraw(Edition.objects.get(pk=county.edition.pk), by=by("scj"), at=MAY_20)

    outcomes = at_once(lambda: file(county), withdraw)
    assert len(refusals(outcomes)) < 2
    assert now(county.duty).state in TOGETHER[now(county.edition).state]


def test_withdrawing_and_recording_at_once_leave_list_and_duty_in_step(county):
    file(county)

    def withdraw():
        return editions.withdraw(Edition.objects.get(pk=county.edition.pk), by=by("scj"), at=MAY_20)

    assert len(refusals(at_once(withdraw, lambda: record(county, "sfj", "备1")))) == 1
    assert now(county.duty).state in TOGETHER[now(county.edition).state]


def test_two_of_a_unit_begin_one_edition_and_add_items_in_their_places(county):
    editions.drop(county.edition, by=by("scj"), at=MAY_20)

    def begin():
        return editions.begin(by("scj").unit, ExemptionList.EXEMPTION, by=by("scj"), at=MAY_20)

    assert "没有重复起草" in refusals(at_once(begin, begin))[0]
    edition = Edition.objects.get(state=State.DRAFT)

    def add(name: str):
        given: dict[str, Any] = {"conduct": name, "kind": Item.MINOR, "code": "", "penalty": "《样例法》第一条"}
        return items.add(Edition.objects.get(pk=edition.pk), by=by("scj"), conditions=several("及时改正"), **given)

    outcomes = at_once(*(lambda n=n: add(f"行为{n}") for n in range(4)))
    assert refusals(outcomes) == []
    assert sorted(edition.items.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert len(set(edition.items.values_list("code", flat=True))) == 4
    assert Obligation.objects.get().pk == county.duty.pk
