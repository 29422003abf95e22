from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from liaisons import accounts
from liaisons.models import FormerPassword, Person, User
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation import clock


@pytest.fixture
def liu(cast) -> User:
    cast.weifen.name = "刘晓燕"
    cast.weifen.save()
    Person.objects.create(name="刘晓燕", phone="138 0000 1234", user=cast.weifen)
    return cast.weifen


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("Short-1", "10"),
        ("all-small-letters", "三类"),
        ("ALLCAPITALS2022", "三类"),
        ("My-WeiFen-2022", "用户名、姓名"),
        ("Aa1-刘晓燕-xyz", "用户名、姓名"),
        ("LiuXiaoYan@2022", "用户名、姓名"),
        ("Aa-138-0000-1234", "电话号码"),
        ("Aa-00001234-bb", "电话号码"),
    ],
)
def test_what_is_short_plain_or_oneself_is_refused(liu, password, why):
    with pytest.raises(ValidationError, match=why):
        validate_password(password, liu)


@pytest.mark.parametrize("password", ["Lvliang-2022-xx", "黄河之水Tian4shang", "correct Horse 7 battery"])
def test_anything_else_will_do(liu, password):
    assert validate_password(password, liu) is None


def test_the_last_five_are_barred_and_the_sixth_may_come_back(cast):
    words = [f"Lvliang-2022-{letter}{letter}" for letter in "abcdef"]
    for word in words:
        accounts.choose_password(cast.weifen, word)

    barred = []
    for word in [PASSWORD, *words]:
        try:
            validate_password(word, cast.weifen)
        except ValidationError:
            barred.append(word)
    assert barred == words[1:]
    assert FormerPassword.objects.filter(user=cast.weifen).count() == 5


def test_a_password_given_by_an_administrator_is_barred_too(cast):
    given = accounts.reset_password(cast.weifen, by=cast.admin)
    user = User.objects.get(pk=cast.weifen.pk)
    accounts.choose_password(user, "Lvliang-2022-xx")

    with pytest.raises(ValidationError, match="最近"):
        validate_password(given, user)


def test_a_password_that_got_too_old_is_changed_before_anything_else(cast, settings):
    accounts.choose_password(cast.weifen, "Lvliang-2022-xx")
    cast.weifen.refresh_from_db()
    with time_machine.travel(clock.real_now() + dt.timedelta(days=91), tick=False):
        client = client_of(cast.weifen)
        assert client.get("/roles/")["Location"] == "/password/"
        assert "这个密码已用满 90 天" in client.get("/password/").content.decode()
        settings.PORTAL_PASSWORD_DAYS = 0
        assert client.get("/roles/").status_code == 200


def test_an_account_of_before_the_rule_is_not_hurried(cast):
    assert accounts.password_is_due(cast.weifen) is False
