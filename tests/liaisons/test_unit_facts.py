"""The county's units, groups and other names, as the facts bring them."""

import datetime as dt

import pytest

from liaisons.membership import Memberships
from liaisons.models import EnforcementField, Unit, UnitAlias, UnitGroup
from tests.liaisons.unit_facts import DEPARTMENTS_OF_THE_COUNTY, ENFORCEMENT, NAMES, TEN_FIELDS, TOWNSHIPS

ISSUED_ON = dt.date(2022, 4, 13)


pytestmark = pytest.mark.usefixtures("county", "db")


def members(code):
    return [unit.code for unit in Memberships(ISSUED_ON).of(UnitGroup.objects.get(code=code).pk)]


def test_fifteen_townships_in_the_order_of_their_statistical_codes():
    townships = Unit.objects.filter(kind=Unit.TOWNSHIP)
    assert [unit.code for unit in townships] == TOWNSHIPS
    assert [unit.short_name for unit in townships] == [NAMES[code] for code in TOWNSHIPS]
    assert all(unit.name == f"{unit.short_name}人民政府" and unit.confirmed and unit.source for unit in townships)


def test_forty_units_are_bound_by_the_plan_and_stand_before_the_others():
    bound = {"bianban", "czj", "sfj", *ENFORCEMENT, *TOWNSHIPS}
    assert len(bound) == 40
    departments = Unit.objects.exclude(kind=Unit.TOWNSHIP)
    assert {unit.code for unit in departments[:25]} | set(TOWNSHIPS) == bound


def test_the_bureau_is_one():
    assert Unit.objects.get(kind=Unit.BUREAU).name == "县司法局"


def test_a_unit_is_confirmed_exactly_when_a_source_names_it():
    assert all(unit.confirmed == bool(unit.source) for unit in Unit.objects.all())
    confirmed = Unit.objects.filter(confirmed=True).exclude(kind=Unit.TOWNSHIP)
    assert {unit.code for unit in confirmed} == {
        "bianban", "sfj", "czj", "scj", "nyj", "fgj", "spj", "kfq", "fayuan", "dlgs",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ("townships", TOWNSHIPS),
        ("enforcement", ENFORCEMENT),
        ("related-enforcement", ENFORCEMENT),
        ("administrative-enforcement", ENFORCEMENT),
        ("enforcement-bodies", ENFORCEMENT),
        ("ten-fields", TEN_FIELDS),
        ("county-departments", DEPARTMENTS_OF_THE_COUNTY),
    ],
)
def test_the_members_of_a_group_in_official_order(group, expected):
    assert members(group) == expected


def test_the_four_names_for_the_enforcement_departments_are_groups_of_their_own():
    names = dict(UnitGroup.objects.filter(follows__code="enforcement").values_list("code", "name"))
    assert names == {
        "related-enforcement": "县直相关执法部门",
        "administrative-enforcement": "各行政执法部门",
        "enforcement-bodies": "执法部门",
    }


def test_only_the_townships_are_a_confirmed_group_and_the_others_say_what_is_open():
    assert [group.code for group in UnitGroup.objects.filter(confirmed=True)] == ["townships"]
    assert all("待核实" in group.note for group in UnitGroup.objects.filter(confirmed=False))


def test_ten_fields_of_enforcement_and_the_five_that_the_state_names():
    fields = EnforcementField.objects.all()
    assert [code for (code,) in fields.values_list("in_charge__code")] == TEN_FIELDS
    assert [field.name for field in fields if field.confirmed] == [
        "文化市场",
        "农业",
        "市场监管",
        "交通运输",
        "生态环境",
    ]


@pytest.mark.parametrize("name", ["县市场局", "县市场监管局", "市场监督管理局"])
def test_the_market_bureau_by_its_other_names(name):
    assert Unit.objects.get(aliases__name=name).name == "县市场监督管理局"


@pytest.mark.parametrize("name", ["圪塔上乡", "圪达上乡", "圪瘩上乡", "疙瘩上乡人民政府"])
def test_the_township_whose_second_character_many_machines_lack(name):
    assert Unit.objects.get(aliases__name=name).name == "圪垯上乡人民政府"


def test_no_alias_is_the_name_of_something_else():
    names: dict[str, Unit | UnitGroup] = {
        name: unit for unit in Unit.objects.all() for name in (unit.name, unit.short_name)
    }
    names |= {group.name: group for group in UnitGroup.objects.all()}
    for alias in UnitAlias.objects.all():
        assert names.get(alias.name, alias.unit or alias.group) == (alias.unit or alias.group)
