"""The pages of units and their other names."""

import pytest

from liaisons.models import Unit, UnitAlias
from tests.cast import client_of
from tests.factories import GroupFactory, UnitFactory
from tests.filling import again, errors, inputs, messages, send

FRAME = 4
TYPED = {"name": "县大数据应用局", "short_name": "县大数据局", "kind": "department", "position": "300"}


@pytest.fixture
def admin(cast):
    return client_of(cast.admin)


@pytest.mark.parametrize("units", [1, 30])
def test_the_list_costs_the_same_however_long(admin, units, django_assert_num_queries):
    made = UnitFactory.create_batch(units)
    GroupFactory(units=made)
    for unit in made:
        UnitAlias.objects.create(name=f"又名{unit.pk}", unit=unit)
    with django_assert_num_queries(FRAME + 4):  # units, aliases, memberships, groups
        html = admin.get("/units/").content.decode()
    assert html.count("又名") == units


def test_the_list_shows_who_is_to_be_confirmed_and_who_is_gone(admin, cast):
    UnitFactory(confirmed=False)
    UnitFactory(name="撤了的局", closed_on="2022-05-01")
    UnitFactory(name="并了的局", closed_on="2022-05-01", successor=cast.weifen.unit)
    html = admin.get("/units/").content.decode()
    assert "待核实" in html
    gone = html.partition("<h2>已撤并</h2>")[2]
    assert ("撤了的局" in gone, "并入蔚汾镇" in gone) == (True, True)


def test_officers_read_the_lists_and_change_nothing(cast):
    client = client_of(cast.sfj)
    unit = cast.weifen.unit
    assert "新建单位" not in client.get("/units/").content.decode()
    for address in ("/units/new/", f"/units/{unit.pk}/edit/", f"/units/{unit.pk}/aliases/", f"/units/{unit.pk}/merge/"):
        assert client.get(address).status_code == client.post(address).status_code == 404


def test_a_unit_is_made_with_a_code_of_the_portals(admin):
    answer = send(admin, "/units/new/", **TYPED)
    unit = Unit.objects.get(name="县大数据应用局")
    assert answer["Location"] == f"/units/{unit.pk}/"
    assert (unit.code, unit.confirmed, unit.position) == ("xdsjj", False, 300)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "请填写全称。"),
        ({"name": "长" * 10000}, "最多 60 个字，现在有 10000 个。"),
        ({"name": "蔚汾镇人民政府"}, "“蔚汾镇人民政府”已是“蔚汾镇人民政府”的名称或别名。"),
        ({"short_name": "县市场局"}, "“县市场局”已是“县市场监督管理局”的名称或别名。"),
        ({"code": "141123100"}, "编码 141123100 已有单位使用。"),
        ({"code": "汉字"}, "编码只含数字、字母和短横，2 至 20 个字符。"),
        ({"position": "-1"}, "排序不能小于 0。"),
        ({"position": "99999"}, "排序不能大于 32000。"),
        ({"kind": "bureau"}, "选择一个有效的选项。 bureau 不在可用的选项中。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_input_and_nothing_typed_is_lost(admin, wrong, said):
    before = Unit.objects.count()
    answer = send(admin, "/units/new/", **TYPED | wrong)
    assert said in list(errors(answer))
    kept = inputs(answer.content.decode())
    names = {"name", "short_name", "position"}
    assert {name: kept[name] for name in names} == {name: (TYPED | wrong)[name] for name in names}
    assert Unit.objects.count() == before


def test_the_form_shows_the_unit_and_keeps_the_old_name_as_an_alias(admin, cast):
    unit = cast.scj.unit
    address = f"/units/{unit.pk}/edit/"
    assert inputs(admin.get(address).content.decode())["name"] == "县市场监督管理局"
    send(admin, address, name="县市场和知识产权局")
    unit.refresh_from_db()
    assert (unit.name, unit.kind, unit.code) == ("县市场和知识产权局", "department", "scj")
    assert [alias.name for alias in unit.aliases.all()] == ["县市场监督管理局"]


def test_the_bureau_stays_the_bureau(admin, cast):
    send(admin, f"/units/{cast.sfj.unit.pk}/edit/", source="三定方案")
    cast.sfj.unit.refresh_from_db()
    assert (cast.sfj.unit.kind, cast.sfj.unit.source) == ("bureau", "三定方案")


def test_two_people_at_one_unit_do_not_overwrite_each_other(admin, cast):
    address = f"/units/{cast.scj.unit.pk}/edit/"
    opened = admin.get(address)
    send(admin, address, position="7")
    answer = again(admin, address, opened, position="8")
    assert "这个单位在您打开之后被别人改过" in "".join(errors(answer))
    assert inputs(answer.content.decode())["position"] == "8"
    again(admin, address, answer)
    assert Unit.objects.get(code="scj").position == 8


@pytest.mark.parametrize("kind", ["units", "groups"])
def test_other_names_are_added_and_taken_away(admin, cast, kind):
    owner = cast.scj.unit if kind == "units" else GroupFactory()
    address = f"/{kind}/{owner.pk}/aliases/"
    answer = send(admin, address, name="市监局")
    assert messages(admin.get(answer["Location"])) == ["已加别名“市监局”。"]
    assert "不必再加" in "".join(errors(send(admin, address, name="市监局")))
    assert "已是“蔚汾镇人民政府”的名称或别名" in "".join(errors(send(admin, address, name="蔚汾镇")))
    alias = UnitAlias.objects.get()
    assert admin.post(f"/aliases/{alias.pk}/remove/")["Location"] == address
    assert admin.post(f"/aliases/{alias.pk}/remove/").status_code == 404
    assert not UnitAlias.objects.exists()
