"""The pages of groups: who belongs to them from which day."""

import datetime as dt

import pytest

from liaisons.models import GroupMember, UnitGroup
from tests.cast import client_of
from tests.factories import GroupFactory, UnitFactory
from tests.filling import again, errors, inputs, messages, send
from tests.reform.walls import TODAY, it_is

FRAME = 4


@pytest.fixture(autouse=True)
def _june(db):
    it_is(TODAY)


@pytest.fixture
def admin(cast):
    return client_of(cast.admin)


def join(client, group, **typed):
    """Fill in the form beside the members; the page holds another form's button as well, so it is named here."""
    shown = inputs(client.get(f"/groups/{group.pk}/").content.decode())
    return client.post(f"/groups/{group.pk}/join/", {"on": shown["on"]} | typed)


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_however_long(admin, number, django_assert_num_queries):
    first = GroupFactory(units=UnitFactory.create_batch(number))
    GroupFactory.create_batch(number, follows=first)
    with django_assert_num_queries(FRAME + 2 + 3):  # groups, aliases; units, groups, memberships of today
        assert admin.get("/groups/").content.decode().count("与“") == number


def test_a_group_of_nobody_is_marked(admin):
    assert "还没有群组" in admin.get("/groups/").content.decode()
    GroupFactory()
    assert "一个单位也没有，不能用于下达" in admin.get("/groups/").content.decode()


def test_officers_read_and_change_nothing(cast):
    client, group = client_of(cast.sfj), GroupFactory(units=[cast.weifen.unit])
    member = GroupMember.objects.get()
    html = client.get(f"/groups/{group.pk}/").content.decode()
    assert "蔚汾镇人民政府" in html
    assert "加入一个单位" not in html
    for address in ("join/", "detach/", f"members/{member.pk}/leave/", "edit/", "aliases/"):
        assert client.post(f"/groups/{group.pk}/{address}").status_code == 404
    assert client_of(cast.weifen).get(f"/groups/{group.pk}/").status_code == 404


def test_a_group_is_made_and_corrected(admin):
    answer = send(admin, "/groups/new/", name="各行政执法单位")
    group = UnitGroup.objects.get()
    assert answer["Location"] == f"/groups/{group.pk}/"
    assert (group.code, group.confirmed) == ("gxzzfdw", False)
    send(admin, f"/groups/{group.pk}/edit/", note="名单由县司法局确定", to_confirm=None)
    group.refresh_from_db()
    assert (group.name, group.note, group.confirmed) == ("各行政执法单位", "名单由县司法局确定", True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "请填写名称。"),
        ({"name": "长" * 10000}, "最多 40 个字，现在有 10000 个。"),
        ({"name": "县市场局"}, "“县市场局”已是“县市场监督管理局”的名称或别名。"),
        ({"follows": "999999"}, "请在列表里选择一个群组。"),
        ({"position": "x"}, "请填写整数。"),
    ],
)
def test_what_is_wrong_is_said_beside_its_input(admin, wrong, said):
    answer = send(admin, "/groups/new/", **{"name": "执法部门"} | wrong)
    assert said in list(errors(answer))
    assert not UnitGroup.objects.exists()


def test_groups_do_not_borrow_from_each_other_in_a_ring(admin):
    first = GroupFactory(name="甲组")
    second = GroupFactory(name="乙组", follows=first)
    answer = send(admin, f"/groups/{first.pk}/edit/", follows=second.pk)
    assert "“乙组”的成员就取自本群组，不能互相跟随。" in list(errors(answer))
    answer = send(admin, f"/groups/{first.pk}/edit/", follows=first.pk)
    assert "“甲组”的成员就取自本群组，不能互相跟随。" in list(errors(answer))


def test_two_people_at_one_group_do_not_overwrite_each_other(admin):
    group = GroupFactory()
    address = f"/groups/{group.pk}/edit/"
    opened = admin.get(address)
    send(admin, address, note="先到的")
    answer = again(admin, address, opened, note="后到的")
    assert "这个群组在您打开之后被别人改过" in "".join(errors(answer))
    assert UnitGroup.objects.get().note == "先到的"


def test_a_unit_joins_and_leaves_on_its_day(admin, cast):
    group, unit = GroupFactory(), cast.weifen.unit
    answer = join(admin, group, unit=unit.pk, on="2022-06-01")
    assert messages(admin.get(answer["Location"]))[0].startswith("蔚汾镇自 2022-06-01 起加入。已经下达的事项不变")
    member = GroupMember.objects.get()
    leave = f"/groups/{group.pk}/members/{member.pk}/leave/"
    assert "退出日期早于加入日期 2022-06-01。" in list(errors(send(admin, leave, on="2022-05-01")))
    send(admin, leave)
    member.refresh_from_db()
    assert member.left_on == TODAY
    assert "已退出的" in admin.get(f"/groups/{group.pk}/").content.decode()
    assert "已于 2022-06-20 退出" in "".join(errors(send(admin, leave)))


def test_who_cannot_join_is_told_on_the_same_page(admin, cast):
    group, unit = GroupFactory(units=[cast.weifen.unit]), cast.weifen.unit
    closed = UnitFactory(closed_on=dt.date(2022, 5, 1))
    assert "蔚汾镇自 2000-01-01 起已是成员。" in list(errors(join(admin, group, unit=unit.pk)))
    assert "请在列表里选择一个现有的单位。" in list(errors(join(admin, group, unit=closed.pk)))
    assert "请选择单位。" in list(errors(join(admin, group)))
    answer = join(admin, group, unit=cast.scj.unit.pk, on="2122-01-01")
    assert "日期应在 2000 年到 2099 年之间。" in list(errors(answer))
    assert inputs(answer.content.decode())["unit"] == str(cast.scj.unit.pk)


def test_a_borrowed_list_becomes_ones_own(admin, cast):
    first = GroupFactory(name="甲组", units=[cast.weifen.unit])
    second = GroupFactory(name="乙组", follows=first)
    assert "本群组的成员取自“甲组”" in "".join(errors(admin.post(f"/groups/{second.pk}/join/", {
        "unit": cast.scj.unit.pk, "on": "2022-06-20",
    })))  # fmt: skip
    answer = admin.post(f"/groups/{second.pk}/detach/", follow=True)
    assert messages(answer) == ["已单列名单：现有成员照抄过来，以后各自调整。"]
    assert [row.unit for row in second.memberships.all()] == [cast.weifen.unit]
    assert messages(admin.post(f"/groups/{second.pk}/detach/", follow=True)) == ["本群组已有自己的名单。"]


def test_a_member_of_another_group_is_not_found_here(admin, cast):
    group = GroupFactory(units=[cast.weifen.unit])
    other = GroupFactory()
    assert admin.get(f"/groups/{other.pk}/members/{group.memberships.get().pk}/leave/").status_code == 404
