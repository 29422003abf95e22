from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password

from liaisons import accounts
from liaisons.models import User
from tests.cast import PASSWORD, client_of
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused


def trail() -> list[tuple]:
    return list(AuditEntry.objects.order_by("pk").values_list("action", "actor_id", "subject_key", "before", "after"))


def test_a_new_account_opens_with_a_password_to_be_changed_and_no_role(cast):
    user, password = accounts.open_account(username="new", name="新人", unit=cast.weifen.unit, by=cast.admin)

    assert (user.check_password(password), user.must_change_password, user.role_names) == (True, True, [])
    town = {"unit": cast.weifen.unit.code, "active": True}
    assert trail() == [("account.open", cast.admin.pk, str(user.pk), None, town)]


def test_initial_passwords_differ_and_satisfy_the_rules():
    drawn = {accounts.initial_password() for _ in range(50)}

    assert len(drawn) == 50
    assert [validate_password(password) for password in drawn] == [None] * 50


def test_a_taken_user_name_is_refused(cast):
    with pytest.raises(Refused, match="已有人使用") as refusal:
        accounts.open_account(username="weifen", name="新人", unit=None, by=cast.admin)

    assert (refusal.value.field, trail()) == ("username", [])


def test_an_account_whose_entry_cannot_be_written_is_not_made(cast, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(RuntimeError):
        accounts.open_account(username="new", name="新人", unit=None, by=cast.admin)

    assert not User.objects.filter(username="new").exists()


def test_amending_keeps_roles_and_says_what_was_there_before(cast):
    accounts.amend(cast.weifen, name="改名", unit=cast.scj.unit, by=cast.admin)

    changed = User.objects.get(pk=cast.weifen.pk)
    assert (changed.name, changed.unit, changed.role_names) == ("改名", cast.scj.unit, ["联络员"])
    before, after = trail()[0][3:]
    assert (before["unit"], after["unit"]) == (cast.weifen.unit.code, "scj")


def test_disabling_ends_the_session_at_the_next_click(cast):
    client = client_of(cast.weifen)

    accounts.disable(cast.weifen, by=cast.admin)

    assert client.get("/notices/")["Location"].startswith("/login/")


def test_enabling_gives_back_roles_and_password(cast):
    accounts.disable(cast.weifen, by=cast.admin)
    user = accounts.enable(cast.weifen, by=cast.admin)

    assert (user.is_active, user.role_names, user.check_password(PASSWORD)) == (True, ["联络员"], True)
    assert [entry[0] for entry in trail()] == ["account.disable", "account.enable"]


@pytest.mark.parametrize("verb", [accounts.disable, accounts.reset_password])
def test_nobody_does_this_to_oneself(cast, verb):
    with pytest.raises(Refused, match="自己的"):
        verb(cast.admin, by=cast.admin)

    assert trail() == []


def test_a_second_click_on_disabling_changes_nothing(cast):
    accounts.disable(cast.weifen, by=cast.admin)

    with pytest.raises(Refused, match="已经是停用状态"):
        accounts.disable(cast.weifen, by=cast.admin)
    assert len(trail()) == 1


def test_resetting_the_password_ends_sessions_and_asks_for_an_own_one(cast):
    client = client_of(cast.weifen)

    password = accounts.reset_password(cast.weifen, by=cast.admin)

    user = User.objects.get(pk=cast.weifen.pk)
    assert (user.check_password(password), user.must_change_password) == (True, True)
    assert client.get("/notices/")["Location"].startswith("/login/")


def test_no_password_stands_in_the_trail(cast):
    _, first = accounts.open_account(username="new", name="新人", unit=None, by=cast.admin)
    second = accounts.reset_password(cast.weifen, by=cast.admin)

    kept = "".join(str(vars(entry)) for entry in AuditEntry.objects.all())
    assert (first in kept, second in kept, "新人" in kept) == (False, False, False)
