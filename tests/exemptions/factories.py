"""Lists for tests: `ItemFactory(edition__in_force=True)` is an item that may be applied from 1 June 2022 on."""

from __future__ import annotations

import datetime as dt

import factory
from factory.django import DjangoModelFactory

from exemptions.edition_states import State
from exemptions.models import Condition, Edition, ExemptionList, Item, ItemBasis, LegalBasis
from tests.factories import UnitFactory, UserFactory, moment

IN_FORCE_FROM = dt.date(2022, 6, 1)


class ListFactory(DjangoModelFactory):
    """A department's 包容免罚清单."""

    class Meta:
        model = ExemptionList
        django_get_or_create = ["unit", "kind"]

    unit = factory.SubFactory(UnitFactory)
    kind = ExemptionList.EXEMPTION


class EditionFactory(DjangoModelFactory):
    """A first draft; with `filed`, `recorded` or `in_force` what it becomes."""

    class Meta:
        model = Edition

    class Params:
        filed = factory.Trait(
            state=State.FILED, filed_at=moment(dt.date(2022, 5, 20)), filed_by=factory.SubFactory(UserFactory)
        )
        recorded = factory.Trait(
            filed=True,
            state=State.RECORDED,
            recorded_at=moment(dt.date(2022, 5, 25)),
            recorded_by=factory.SubFactory(UserFactory),
            record_number=factory.Sequence(lambda n: f"样例备〔2022〕{n}号"),
        )
        in_force = factory.Trait(
            recorded=True,
            state=State.PUBLISHED,
            published_at=moment(dt.date(2022, 5, 30)),
            published_by=factory.SelfAttribute("filed_by"),
            effective_from=IN_FORCE_FROM,
        )

    exemption_list = factory.SubFactory(ListFactory)
    number = 1


class BasisFactory(DjangoModelFactory):
    """A provision in force."""

    class Meta:
        model = LegalBasis

    statute = "样例管理条例"
    article = factory.Sequence(lambda n: f"第{n}条")


def _cite(item, role, bases):
    for position, basis in enumerate([bases] if isinstance(bases, LegalBasis) else bases, 1):
        ItemBasis.objects.create(item=item, role=role, position=position, basis=basis)


class ItemFactory(DjangoModelFactory):
    """A complete item with one condition and one provision.

    `conditions=[…]` gives others by their words, `penalty=` and `broken=` others by a basis or a list of them.
    """

    class Meta:
        model = Item
        skip_postgeneration_save = True

    edition = factory.SubFactory(EditionFactory)
    position = factory.Sequence(lambda n: n % 30000)
    code = factory.Sequence(lambda n: f"YL-{n:03}")
    conduct = factory.Sequence(lambda n: f"样例违法行为{n}")
    kind = Item.FIRST
    penalty_rule = Item.MAY
    lookback_months = 12

    @factory.post_generation
    def penalty(self, create, bases, **kwargs):
        _cite(self, Item.PENALTY, [BasisFactory()] if bases is None else bases)

    @factory.post_generation
    def broken(self, create, bases, **kwargs):
        _cite(self, Item.BROKEN, bases or [])

    @factory.post_generation
    def conditions(self, create, words, **kwargs):
        for position, text in enumerate(words if words is not None else ["及时改正"], 1):
            Condition.objects.create(item=self, position=position, text=text)
