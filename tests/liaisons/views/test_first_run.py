from __future__ import annotations

import pytest

from liaisons import first_run
from liaisons.models import User

GIVEN = {"username": "guanli", "name": "管理员", "new_password": "Lvliang-2022-xx", "again": "Lvliang-2022-xx"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, db):
    settings.DATA_DIR = tmp_path


def test_the_first_administrator_is_made_and_the_page_is_gone(client):
    response = client.post("/setup/", GIVEN | {"code": first_run.setup_code()})

    assert response["Location"] == "/login/"
    assert User.objects.get().role_names == ["系统管理员"]
    assert [client.get("/setup/").status_code, client.post("/setup/", GIVEN).status_code] == [404, 404]
    assert client.login(username="guanli", password="Lvliang-2022-xx")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"code": "0000"}, "设置码不正确"),
        ({"code": ""}, "请填写设置码。"),
        ({"username": "管理"}, "用户名用字母开头"),
        ({"username": ""}, "请填写用户名。"),
        ({"again": "else"}, "两次输入的新密码不一致。"),
        ({"username": "Lvliang-2022-xx"}, "相似"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(client, wrong, said):
    page = client.post("/setup/", GIVEN | {"code": first_run.setup_code()} | wrong).content.decode()

    assert said in page
    assert 'value="管理员"' in page
    assert User.objects.count() == 0
