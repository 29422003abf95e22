"""Which units a group or a named unit stands for on a day."""

import datetime as dt

from liaisons import groups, units
from liaisons.membership import Memberships
from liaisons.models import Unit, UnitGroup
from tests.cast import department, township

MAY, JUNE = dt.date(2022, 5, 1), dt.date(2022, 6, 1)


def names(found):
    return [unit.short_name for unit in found]


def test_a_merged_unit_is_spoken_for_by_its_last_successor(cast):
    last = units.create(name="县市政局", short_name="县市政局", kind=Unit.DEPARTMENT, by=cast.admin)
    units.close(township(), on=MAY, into=department(), by=cast.admin)
    units.close(department(), on=JUNE, into=last, by=cast.admin)
    assert names(Memberships(MAY).standing(township().pk)) == ["县市场局"]
    assert names(Memberships(JUNE).standing(township().pk)) == ["县市政局"]


def test_a_dissolved_unit_stands_for_nothing_from_its_day_on(cast):
    units.close(township(), on=MAY, by=cast.admin)
    assert Memberships(MAY).standing(township().pk) == []
    assert names(Memberships(dt.date(2022, 4, 30)).standing(township().pk)) == ["蔚汾镇"]


def test_rings_that_no_verb_makes_hang_nothing(cast):
    town, market = township(), department()
    for unit, into in ((town, market), (market, town)):
        Unit.objects.filter(pk=unit.pk).update(successor=into, closed_on=MAY)
    assert Memberships(JUNE).standing(town.pk) == []
    one = groups.create(name="甲组", by=cast.admin)
    other = groups.create(name="乙组", follows=one, by=cast.admin)
    UnitGroup.objects.filter(pk=one.pk).update(follows=other)
    assert Memberships(JUNE).of(one.pk) == []


def test_members_come_in_official_order(cast):
    group = groups.create(name="甲组", by=cast.admin)
    units.amend(department(), position=9, by=cast.admin)
    for unit in (township(), department()):
        groups.join(group, unit, on=MAY, by=cast.admin)
    assert names(Memberships(JUNE).of(group.pk)) == ["县市场局", "蔚汾镇"]
