"""Units: one name means one thing, old names stay understood, a closing ends memberships."""

import datetime as dt

import pytest

from liaisons import aliases, groups, units
from liaisons.models import EnforcementField, GroupMember, Unit, UnitAlias
from tests.cast import bureau, department, township
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused, Stale

TODAY = dt.date(2022, 6, 20)
LONG_AGO = dt.date(2000, 1, 1)
NEW = {"name": "县大数据应用局", "short_name": "县大数据局", "kind": Unit.DEPARTMENT, "position": 300}


@pytest.fixture(autouse=True)
def _monday():
    with clock.held_at(clock.day_start(TODAY) + dt.timedelta(hours=9)):
        yield


@pytest.fixture
def admin(cast):
    return cast.admin


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.field, str(refused.value)


def test_a_unit_without_a_statistical_code_gets_the_letters_of_its_short_name(admin):
    assert units.create(by=admin, **NEW).code == "xdsjj"
    assert units.create(by=admin, **NEW | {"name": "县大市监局", "short_name": "县大市监局"}).code == "xdsjj-2"


def test_a_unit_keeps_the_statistical_code_it_is_given(admin):
    assert units.create(code="141123201", by=admin, **NEW).code == "141123201"
    other = NEW | {"name": "另一局", "short_name": "另一局"}
    assert refusal(units.create, code="141123201", by=admin, **other) == ("code", "编码 141123201 已有单位使用。")


@pytest.mark.parametrize("field", ["name", "short_name"])
def test_no_two_things_go_by_one_name(admin, field):
    aliases.add("市场局", department(), by=admin)
    for taken in ("县市场监督管理局", "县市场局", "市场局"):
        assert refusal(units.create, by=admin, **NEW | {field: taken})[0] == field


def test_a_former_name_stays_as_an_alias(admin):
    unit = units.create(by=admin, **NEW)
    units.amend(unit, name="县数据局", short_name="县数据局", by=admin)
    assert set(UnitAlias.objects.values_list("name", flat=True)) == {"县大数据应用局", "县大数据局"}
    assert aliases.holder_of("县大数据局") == unit


def test_a_name_taken_back_is_no_alias_of_itself(admin):
    unit = units.create(by=admin, **NEW)
    units.amend(unit, name="县数据局", by=admin)
    units.amend(unit, name="县大数据应用局", by=admin)
    assert list(UnitAlias.objects.values_list("name", flat=True)) == ["县数据局"]


def test_two_people_editing_one_unit_do_not_overwrite_each_other(admin):
    unit = department()
    seen = units.stamp_of(unit)
    units.amend(unit, position=7, seen=seen, by=admin)
    with pytest.raises(Stale):
        units.amend(unit, position=8, seen=seen, by=admin)
    units.amend(unit, position=7, seen=seen, by=admin)  # the same form sent twice
    unit.refresh_from_db()
    assert unit.position == 7


def test_a_closing_ends_memberships_and_hands_on_the_fields(admin):
    group = groups.create(name="县直执法部门", by=admin)
    later = groups.create(name="七月起的群组", by=admin)
    groups.join(group, department(), on=LONG_AGO, by=admin)
    groups.join(later, department(), on=dt.date(2022, 7, 1), by=admin)
    field = EnforcementField.objects.create(code="market", name="市场监管", in_charge=department())
    successor = units.create(by=admin, **NEW)
    units.close(department(), on=dt.date(2022, 6, 1), into=successor, by=admin)
    assert list(GroupMember.objects.values_list("group__name", "left_on")) == [("县直执法部门", dt.date(2022, 6, 1))]
    field.refresh_from_db()
    assert field.in_charge == successor
    entry = AuditEntry.objects.get(action="unit.close")
    assert entry.after == {"on": "2022-06-01", "into": "xdsjj", "memberships_ended": 2}


def test_what_cannot_be_closed(admin):
    town, market = township(), department()
    assert refusal(units.close, bureau(), on=TODAY, by=admin)[1].startswith("县司法局主管本平台")
    assert refusal(units.close, town, on=dt.date(2022, 6, 21), by=admin)[0] == "on"
    assert refusal(units.close, town, on=TODAY, into=town, by=admin) == ("into", "不能并入本单位自己。")
    units.close(town, on=TODAY, into=market, by=admin)
    assert refusal(units.close, town, on=TODAY, by=admin) == (
        None,
        "蔚汾镇人民政府已于 2022-06-20 并入县市场监督管理局。",
    )
    ring = "蔚汾镇人民政府已并入县市场监督管理局，不能再反过来并入。"
    assert refusal(units.close, market, on=TODAY, into=town, by=admin) == ("into", ring)
    other = units.create(by=admin, **NEW)
    units.close(market, on=TODAY, by=admin)
    assert refusal(units.close, other, on=TODAY, into=market, by=admin)[0] == "into"


def test_an_alias_means_one_thing_and_can_be_taken_away(admin):
    alias = aliases.add("市监局", department(), by=admin)
    assert "不必再加" in refusal(aliases.add, "市监局", department(), by=admin)[1]
    assert refusal(aliases.add, "市监局", township(), by=admin) == (
        "name",
        "“市监局”已是“县市场监督管理局”的名称或别名。",
    )
    aliases.remove(alias, by=admin)
    aliases.remove(alias, by=admin)
    assert aliases.holder_of("市监局") is None
    assert list(AuditEntry.objects.filter(action__contains="alias").values_list("action", flat=True)) == [
        "unit.remove_alias",
        "unit.add_alias",
    ]
