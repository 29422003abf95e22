import stat

import pytest
from django.contrib.auth import authenticate

from liaisons.models import User
from xingxian_portal.processes import demo_accounts


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    monkeypatch.delenv("PORTAL_DEMO_PASSWORD", raising=False)


def test_the_password_given_is_used_and_not_written_down(tmp_path, monkeypatch):
    monkeypatch.setenv("PORTAL_DEMO_PASSWORD", "看得懂的口令 2022")
    assert demo_accounts.password(tmp_path) == "看得懂的口令 2022"
    assert list(tmp_path.iterdir()) == []


def test_without_one_it_is_drawn_once_for_its_owner_alone(tmp_path):
    drawn = demo_accounts.password(tmp_path)
    assert demo_accounts.password(tmp_path) == drawn
    assert demo_accounts.password(tmp_path / "..") != drawn
    assert len(drawn) == 14
    assert stat.S_IMODE((tmp_path / "demo_password").stat().st_mode) == 0o600


def test_every_demo_account_and_no_other_is_let_in(cast):
    demo_accounts.let_in("neu-2022-word")
    for name in demo_accounts.ACCOUNTS:
        assert authenticate(username=name, password="neu-2022-word")
    assert authenticate(username="weifenld", password="neu-2022-word") is None
    assert User.objects.get(username="sfj").password.count("neu-2022-word") == 0


def test_nobody_is_logged_out_when_the_password_is_the_same(cast):
    demo_accounts.let_in("neu-2022-word")
    before = list(User.objects.values_list("password", flat=True))
    demo_accounts.let_in("neu-2022-word")
    assert list(User.objects.values_list("password", flat=True)) == before


def test_an_account_whose_password_was_changed_is_let_in_again(cast):
    demo_accounts.let_in("neu-2022-word")
    cast.scj.set_password("something-else-1")
    cast.scj.save()
    demo_accounts.let_in("neu-2022-word")
    assert authenticate(username="scj", password="neu-2022-word")
