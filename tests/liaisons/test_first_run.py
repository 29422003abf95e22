from __future__ import annotations

import stat
from pathlib import Path

import pytest

from liaisons import first_run
from liaisons.models import User
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused

ADMIN = {"username": "guanli", "name": "管理", "password": "Xing-xian-2022"}


@pytest.fixture(autouse=True)
def folder(settings, tmp_path, db) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_code_is_drawn_once_and_only_its_owner_can_read_it(folder):
    code = first_run.setup_code()

    assert first_run.setup_code() == code
    assert len(code.replace("-", "")) == 20
    assert stat.S_IMODE((folder / "setup_code").stat().st_mode) == 0o600
    assert [path.name for path in folder.iterdir()] == ["setup_code"]


def test_two_folders_never_have_the_same_code(folder, settings, tmp_path_factory):
    code = first_run.setup_code()
    settings.DATA_DIR = tmp_path_factory.mktemp("other")

    assert first_run.setup_code() != code


def test_the_code_makes_the_first_administrator(folder):
    user = first_run.make_first_admin(code=f" {first_run.setup_code().upper()} ", **ADMIN)

    assert (user.role_names, user.check_password("Xing-xian-2022")) == (["系统管理员"], True)
    assert AuditEntry.objects.get().action == "account.open"
    assert (first_run.is_open(), first_run.setup_code(), list(folder.iterdir())) == (False, "", [])


@pytest.mark.parametrize("code", ["", " ", "0000-0000-0000-0000-0000", "设置码"])
def test_a_wrong_code_makes_nobody(code):
    first_run.setup_code()

    with pytest.raises(Refused, match="设置码不正确") as refusal:
        first_run.make_first_admin(code=code, **ADMIN)
    assert (refusal.value.field, User.objects.count()) == ("code", 0)


def test_of_two_with_the_right_code_the_second_is_refused(folder):
    code = first_run.setup_code()
    first_run.make_first_admin(code=code, **ADMIN)

    with pytest.raises(Refused):
        first_run.make_first_admin(code=code, **ADMIN | {"username": "second"})
    assert User.objects.count() == 1


def test_who_takes_the_file_away_first_wins(folder, monkeypatch):
    code = first_run.setup_code()
    # The other one has taken the file, but its account is not committed yet.
    monkeypatch.setattr(first_run, "setup_code", lambda: (folder / "setup_code").unlink() or code)

    with pytest.raises(Refused, match="刚刚已经建立"):
        first_run.make_first_admin(code=code, **ADMIN)
    assert User.objects.count() == 0


def test_an_account_made_another_way_ends_the_first_run_too(folder):
    first_run.setup_code()
    User.objects.create_superuser("admin", "x", name="管理")

    assert (first_run.is_open(), list(folder.iterdir())) == (False, [])
