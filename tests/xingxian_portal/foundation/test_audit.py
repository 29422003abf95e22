"""One entry for each act, in its transaction, without personal data; no act without its entry."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from liaisons import accounts, aliases, granting, notices, roles
from liaisons.models import Notice, RoleGrant, Unit, UnitAlias, UnitGroup, User
from tests.cast import PASSWORD, client_of
from tests.reform.breaking import no_trail
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.phones import Phone

NUMBER = "13800001234"
ACTS = {
    "open an account": lambda cast: accounts.open_account(username="new", name="新人", unit=None, by=cast.admin),
    "amend an account": lambda cast: accounts.amend(cast.weifen, name="改名", unit=None, by=cast.admin),
    "close an account": lambda cast: accounts.disable(cast.weifen, by=cast.admin),
    "reset a password": lambda cast: accounts.reset_password(cast.weifen, by=cast.admin),
    "choose a password": lambda cast: accounts.choose_password(cast.weifen, "Another-password-2022"),
    "grant a role": lambda cast: granting.grant(cast.weifen, roles.UNIT_LEADER, cast.scj.unit, by=cast.anquan),
    "add an alias": lambda cast: aliases.add("蔚汾河镇", cast.weifen.unit, by=cast.sfj),
    "acknowledge a notice": lambda cast: notices.acknowledge(Notice.objects.get(), by=cast.weifen),
}
TABLES = (User, RoleGrant, Unit, UnitAlias, UnitGroup, Notice)


def everything() -> list:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_whose_entry_cannot_be_written_is_undone(cast, act):
    Notice.objects.create(recipient=cast.weifen, dedupe_key="a", kind="x", title="t", sent_at=clock.now())
    before = everything()
    with no_trail(), pytest.raises(DatabaseError):
        act(cast)
    assert everything() == before
    act(cast)
    assert everything() != before
    assert AuditEntry.objects.count() == 1


def test_nobody_is_let_in_whose_log_in_cannot_be_recorded(cast, client):
    client.raise_request_exception = False
    with no_trail():
        assert client.post("/login/", {"username": "weifen", "password": PASSWORD}).status_code == 500
    assert client.get("/notices/").status_code == 302


def test_an_entry_outside_of_a_transaction_is_refused(transactional_db):
    assert connection.get_autocommit()
    with pytest.raises(transaction.TransactionManagementError, match="同一事务"):
        audit.record("unit.amend")


def test_an_entry_says_who_what_where_and_when(cast):
    client_of(cast.admin).post(f"/accounts/{cast.weifen.pk}/disable/", headers={"x-forwarded-for": "203.0.113.1"})
    entry = AuditEntry.objects.get()
    assert (entry.actor_id, entry.action, entry.outcome) == (cast.admin.pk, "account.disable", "ok")
    assert (entry.subject_kind, entry.subject_key, entry.address) == ("liaisons.user", str(cast.weifen.pk), "127.0.0.1")
    assert len(entry.request_id) == 12
    assert entry.recorded_at


def test_numbers_stand_in_an_entry_masked_or_as_a_digest(db):
    with transaction.atomic():
        audit.record("unit.amend", before={"phone": Phone.of(NUMBER)}, after={"tel": NUMBER}, note=f"电话 {NUMBER}")
    entry = AuditEntry.objects.get()
    assert entry.before == {"phone": audit.digest(NUMBER)}
    assert (entry.after, entry.note) == ({"tel": "138****1234"}, "电话 138****1234")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM foundation_auditentry")
        assert NUMBER not in str(cursor.fetchall())
