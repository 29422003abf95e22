"""The database lets the trail only grow, whoever writes to it and by whichever way."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.running_portal import ROOT
from tests.trail import run, write
from xingxian_portal.foundation import audit_guard, audit_seals, clock
from xingxian_portal.foundation.audit import AppendOnly, AuditEntry
from xingxian_portal.foundation.audit_seals import AuditSeal

LONG_AGO = dt.timedelta(days=200)


def test_the_code_refuses_to_change_or_delete_an_entry(entries):
    for act in (entries[0].save, entries[0].delete, AuditEntry.objects.all().delete, AuditSeal.objects.all().delete):
        with pytest.raises(AppendOnly, match="只能追加"):
            act()
    with pytest.raises(AppendOnly, match="只能追加"):
        AuditEntry.objects.update(note="x")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE foundation_auditentry SET note = 'x'",
        "DELETE FROM foundation_auditentry",
        "UPDATE foundation_auditseal SET hash = 'x'",
        "DELETE FROM foundation_auditseal",
    ],
)
def test_the_database_refuses_it_too(entries, sql):
    audit_seals.seal()
    before = list(AuditEntry.objects.values()), list(AuditSeal.objects.values())
    with pytest.raises(IntegrityError, match=audit_guard.SAYS):
        run(sql)
    assert (list(AuditEntry.objects.values()), list(AuditSeal.objects.values())) == before


def test_an_entry_cannot_be_overwritten_by_one_of_the_same_number(entries):
    columns = (
        "id, recorded_at, business_at, action, outcome, subject_kind, subject_key, unit_code, note, address, request_id"
    )
    replace = "INSERT OR REPLACE" if connection.vendor == "sqlite" else "INSERT"
    keep = "" if connection.vendor == "sqlite" else "ON CONFLICT (id) DO UPDATE SET note = 'x'"
    with pytest.raises(IntegrityError, match=audit_guard.SAYS):
        run(
            f"{replace} INTO foundation_auditentry ({columns}) SELECT id, recorded_at, business_at, 'x', 'ok', '', '', '', '', '', '' "
            f"FROM foundation_auditentry WHERE id = {entries[0].pk} {keep}"
        )


@pytest.mark.postgres
def test_postgresql_refuses_to_truncate(entries):
    with pytest.raises(IntegrityError, match=audit_guard.SAYS):
        run("TRUNCATE foundation_auditentry")


def test_flush_is_refused_and_nothing_is_lost(entries):
    with pytest.raises(Exception, match="flush"), transaction.atomic():
        call_command("flush", interactive=False)
    assert AuditEntry.objects.count() == 5


def test_a_row_may_go_only_after_180_days(entries):
    with time_machine.travel(clock.real_now() - LONG_AGO, tick=False):
        old = write(6)
    run(f"DELETE FROM foundation_auditentry WHERE id = {old.pk}")
    assert AuditEntry.objects.count() == 5
    with pytest.raises(IntegrityError, match=audit_guard.SAYS):
        run("UPDATE foundation_auditentry SET note = 'x'")
    with time_machine.travel(clock.real_now() - dt.timedelta(days=179), tick=False):
        young = write(7)
    with pytest.raises(IntegrityError, match=audit_guard.SAYS):
        run(f"DELETE FROM foundation_auditentry WHERE id = {young.pk}")


@pytest.mark.postgres
@pytest.mark.parametrize("table", list(audit_guard.TABLES))
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {}"])
def test_the_account_that_the_portal_runs_under_has_no_right_to_change_the_trail(entries, table, act):
    run((ROOT / "deploy/audit_rights.sql").read_text())
    run("SET LOCAL ROLE portal_app")
    write(6)
    assert audit_seals.seal() == 6
    key = audit_guard.KEYS.get(table, "sequence")
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(act.format(table, key, key))
