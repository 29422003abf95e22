from __future__ import annotations

import pytest

from liaisons.models import User
from liaisons.sign_in import sign_in
from tests.cast import PASSWORD
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.refusal import Refused


def test_the_right_password_gives_the_account_and_the_open_session_an_entry(cast, rf, client):
    assert sign_in(rf.post("/login/"), "weifen", PASSWORD) == cast.weifen
    assert AuditEntry.objects.count() == 0

    client.post("/login/", {"username": "weifen", "password": PASSWORD})
    assert list(AuditEntry.objects.values_list("action", "actor_id", "outcome")) == [
        ("session.open", cast.weifen.pk, "ok")
    ]


@pytest.mark.parametrize("username", ["weifen", "nobody", "' OR 1=1 --", "蔚汾"])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(cast, rf, username):
    with pytest.raises(Refused, match=r"^用户名或密码不正确，请重新输入。$"):
        sign_in(rf.post("/login/"), username, "wrong")


def test_a_refusal_is_in_the_trail_without_what_was_typed(cast, rf):
    for username in ("weifen", "my-secret-password"):
        with pytest.raises(Refused):
            sign_in(rf.post("/login/"), username, "wrong-password")

    entries = AuditEntry.objects.order_by("pk")
    assert [(e.outcome, e.actor_id, e.subject_key) for e in entries] == [
        ("refused", None, str(cast.weifen.pk)), ("refused", None, ""),
    ]  # fmt: skip
    assert "secret" not in "".join(str(vars(e)) for e in entries)


def test_only_the_owner_of_a_disabled_account_learns_that_it_is(cast, rf):
    User.objects.filter(pk=cast.weifen.pk).update(is_active=False)

    with pytest.raises(Refused, match="已停用"):
        sign_in(rf.post("/login/"), "weifen", PASSWORD)
    with pytest.raises(Refused, match="不正确"):
        sign_in(rf.post("/login/"), "weifen", "wrong")
