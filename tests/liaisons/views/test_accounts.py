from __future__ import annotations

import re

import pytest

from liaisons import roles
from liaisons.models import RoleGrant, User
from tests.cast import PASSWORD, account, client_of


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/accounts/\d+/">([^<]+)</a>', page)


@pytest.mark.parametrize("more", [0, 15])
def test_the_list_costs_the_same_however_long(cast, more, django_assert_num_queries):
    for number in range(more):
        account(f"more{number}", "更多", cast.weifen.unit, roles.FILER)
    client = client_of(cast.admin)

    with django_assert_num_queries(4 + 3):  # the frame, the count, the page, its roles
        page = client.get("/accounts/").content.decode()
    assert len(listed(page)) == 10 + more


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("q=weifen", ["weifen", "weifenld"]),
        ("q=市场联络", ["scj"]),
        ("q=蔚汾镇 分管", ["weifenld"]),
        ("q=县市场局", ["pingcha", "scj"]),
        ("state=off", ["lingdao"]),
        ("q=%25", []),
        ("q=%00", ["admin"]),
        ("q=" + "长" * 500, []),
    ],
)
def test_accounts_are_found_by_name_unit_and_state(cast, asked, found):
    User.objects.filter(pk=cast.lingdao.pk).update(is_active=False)

    assert listed(client_of(cast.admin).get(f"/accounts/?{asked}").content.decode())[: len(found) or None] == found


def test_nothing_found_says_so(cast):
    assert "没有符合条件的账号" in client_of(cast.admin).get("/accounts/?q=zzz").content.decode()


NEW = {"username": "weijiatan", "name": "新联络员", "unit": ""}


def test_a_new_account_s_password_is_shown_once_and_must_be_changed(cast, client):
    admin = client_of(cast.admin)
    answer = admin.post("/accounts/new/", NEW | {"unit": cast.weifen.unit.pk})
    password = re.search(r'id="initial-password">([^<]+)<', answer.content.decode())[1]
    user = User.objects.get(username="weijiatan")

    assert "no-store" in answer["Cache-Control"]
    assert password not in admin.get(f"/accounts/{user.pk}/").content.decode()
    client.post("/login/", {"username": "weijiatan", "password": password})
    assert [client.get(path)["Location"] for path in ("/", "/notices/", "/accounts/")] == ["/password/"] * 3
    assert client.post("/notices/read/")["Location"] == "/password/"
    assert client.get("/password/").status_code == 200
    own = {"current": password, "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}
    client.post("/password/", own)
    assert client.get("/notices/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"username": "weifen"}, "这个用户名已有人使用。"),
        ({"username": "WeiFen"}, "这个用户名已有人使用。"),
        ({"username": "蔚汾"}, "用户名用字母开头"),
        ({"username": "a" * 41}, "40"),
        ({"username": ""}, "请填写用户名。"),
        ({"unit": "999999"}, "请在列表里选择一个单位。"),
        ({"unit": "x"}, "请在列表里选择一个单位。"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast, wrong, said):
    page = client_of(cast.admin).post("/accounts/new/", NEW | wrong).content.decode()

    assert said in page
    assert 'value="新联络员"' in page
    assert User.objects.count() == 10


def test_amending_shows_the_new_name(cast):
    answer = client_of(cast.admin).post(
        f"/accounts/{cast.weifen.pk}/edit/", {"name": "改名", "unit": cast.scj.unit.pk}, follow=True
    )

    assert "<h1>改名</h1>" in answer.content.decode()


def test_nothing_but_name_and_unit_can_be_amended(cast):
    sent = {"name": "改名", "username": "root", "is_active": "", "role": "officer", "password": "x"}
    client_of(cast.admin).post(f"/accounts/{cast.weifen.pk}/edit/", sent)

    user = User.objects.get(pk=cast.weifen.pk)
    assert (user.username, user.is_active, user.role_names) == ("weifen", True, ["联络员"])
    assert user.check_password(PASSWORD)


def test_disable_enable_and_reset_are_buttons(cast, client):
    admin, pk = client_of(cast.admin), cast.weifen.pk

    assert "账号已停用" in admin.post(f"/accounts/{pk}/disable/", follow=True).content.decode()
    assert "已经是停用状态" in admin.post(f"/accounts/{pk}/disable/", follow=True).content.decode()
    assert "账号已启用" in admin.post(f"/accounts/{pk}/enable/", follow=True).content.decode()
    page = admin.post(f"/accounts/{pk}/reset-password/").content.decode()
    password = re.search(r'id="initial-password">([^<]+)<', page)[1]
    assert client.login(username="weifen", password=password)


def test_one_s_own_account_has_no_such_buttons(cast):
    client, pk = client_of(cast.admin), cast.admin.pk

    assert "停用账号" not in client.get(f"/accounts/{pk}/").content.decode()
    assert "不能停用自己的账号" in client.post(f"/accounts/{pk}/disable/", follow=True).content.decode()
    assert "自己的密码" in client.post(f"/accounts/{pk}/reset-password/", follow=True).content.decode()


@pytest.mark.parametrize("act", ["", "edit/", "roles/"])
def test_an_account_that_is_not_there_is_not_found(cast, act):
    assert client_of(cast.admin).get(f"/accounts/999999/{act}").status_code == 404


def test_a_role_is_granted_and_taken_back(cast):
    client, address = client_of(cast.anquan), f"/accounts/{cast.pingcha.pk}/roles/"
    page = client.post(address, {"role": "filer", "unit": cast.scj.unit.pk}, follow=True).content.decode()
    assert "已授予填报员。" in page

    grant = RoleGrant.objects.get(user=cast.pingcha, role="filer")
    page = client.post(f"{address}{grant.pk}/revoke/", follow=True).content.decode()
    assert "已收回填报员。" in page
    assert [g.role for g in RoleGrant.objects.filter(user=cast.pingcha)] == ["reviewer"]


@pytest.mark.parametrize(
    ("who", "sent", "said"),
    [
        ("admin", {"role": "auditor"}, "必须是不同的人"),
        ("weifen", {"role": "officer", "unit": "own"}, "只能授予县司法局的人员"),
        ("weifen", {"role": "leader"}, "请在列表里选择角色。"),
        ("weifen", {"role": ""}, "请选择角色。"),
        ("lingdao", {"role": "liaison", "unit": ""}, "请选择联络员所属的单位。"),
    ],
)
def test_a_grant_that_cannot_be_is_explained(cast, who, sent, said):
    user = getattr(cast, who)
    if sent.get("unit") == "own":
        sent = sent | {"unit": user.unit.pk}

    page = client_of(cast.anquan).post(f"/accounts/{user.pk}/roles/", sent).content.decode()

    assert said in page
    assert RoleGrant.objects.filter(user=user).count() == 1


def test_a_role_of_another_account_is_not_found_under_this_one(cast):
    grant = cast.weifen.grants[0]

    answer = client_of(cast.anquan).post(f"/accounts/{cast.scj.pk}/roles/{grant.pk}/revoke/")

    assert (answer.status_code, RoleGrant.objects.filter(pk=grant.pk).exists()) == (404, True)


def test_the_system_administrator_sees_roles_but_grants_none(cast):
    client, address = client_of(cast.admin), f"/accounts/{cast.pingcha.pk}/roles/"

    assert "角色由安全管理员授予。" in client.get(address).content.decode()
    client.post(address, {"role": "county_leader"})
    assert RoleGrant.objects.filter(user=cast.pingcha).count() == 1
