"""The chain of seals: laid in the order of commit, each entry once, and every way of tampering found and named."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.races import at_once
from tests.trail import run, write
from xingxian_portal.foundation import audit_seals, clock, jobs
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_seals import SEALED_FIELDS, AuditSeal, Head
from xingxian_portal.foundation.audit_verification import AuditCheck, verify


def test_a_seal_covers_every_column_of_an_entry():
    assert set(SEALED_FIELDS) == {field.attname for field in AuditEntry._meta.concrete_fields}


def test_each_entry_is_sealed_once_however_often_the_sealer_runs(entries):
    assert [audit_seals.seal(), audit_seals.seal()] == [5, 0]
    assert list(AuditSeal.objects.values_list("sequence", "entry_id")) == [
        (place, entry.pk) for place, entry in enumerate(entries, 1)
    ]


def test_an_untouched_trail_verifies_and_says_what_waits(entries):
    audit_seals.seal()
    write(6)
    found = verify()
    assert (found.checked, found.unsealed, found.trouble, found.end) == (5, 1, "", audit_seals.head())


def test_an_empty_trail_verifies(chain):
    found = verify()
    assert (found.checked, found.unsealed, found.trouble) == (0, 0, "")


def test_an_entry_committed_late_under_a_low_number_is_sealed_late(entries, tampering):
    low = AuditEntry.objects.get(pk=entries[1].pk)
    run("DELETE FROM foundation_auditentry WHERE id = %s", low.pk)
    audit_seals.seal()
    low._state.adding = True
    low.save()
    assert audit_seals.seal() == 1
    assert AuditSeal.objects.last().entry_id == low.pk
    assert verify().trouble == ""


def test_an_entry_that_was_committed_hours_late_is_found_the_next_day(entries):
    with time_machine.travel(clock.real_now() - dt.timedelta(days=3), tick=False):
        old = write(6)
    with time_machine.travel(clock.real_now() - dt.timedelta(days=1), tick=False):
        assert audit_seals.seal() == 6
    with time_machine.travel(clock.real_now() - dt.timedelta(days=3), tick=False):
        late = write(7)
    assert audit_seals.seal() == 1
    assert {old.pk, late.pk} <= set(AuditSeal.objects.values_list("entry_id", flat=True))


def test_more_entries_than_one_batch_are_sealed_in_one_chain(chain, monkeypatch):
    monkeypatch.setattr(audit_seals, "AT_ONCE", 3)
    for number in range(10):
        write(number)
    assert audit_seals.seal() == 10
    assert verify().checked == 10


TAMPERINGS = [
    ("UPDATE foundation_auditentry SET note = 'nothing' WHERE id = %s", 3, "第 3 环", "内容与封存时不符"),
    ("UPDATE foundation_auditentry SET before = '{}' WHERE id = %s", 1, "第 1 环", "内容与封存时不符"),
    ("UPDATE foundation_auditentry SET actor_id = 7 WHERE id = %s", 5, "第 5 环", "内容与封存时不符"),
    ("UPDATE foundation_auditentry SET outcome = 'refused' WHERE id = %s", 4, "第 4 环", "内容与封存时不符"),
    ("DELETE FROM foundation_auditentry WHERE id = %s", 2, "第 2 环", "不见了"),
    ("DELETE FROM foundation_auditseal WHERE entry_id = %s", 3, "第 3 环", "不见了"),
    ("UPDATE foundation_auditseal SET hash = 'f00' WHERE entry_id = %s", 2, "第 2 环", "内容与封存时不符"),
    ("UPDATE foundation_auditseal SET previous_hash = 'f00' WHERE entry_id = %s", 4, "第 4 环", "次序被改动过"),
]  # fmt: skip


@pytest.mark.parametrize(("sql", "number", "where", "what"), TAMPERINGS)
def test_what_is_changed_or_missing_is_found_and_the_first_is_named(entries, tampering, sql, number, where, what):
    audit_seals.seal()
    run(sql, entries[number - 1].pk)
    found = verify()
    assert where in found.trouble
    assert what in found.trouble
    assert found.checked == number - 1


def test_of_two_changes_the_first_is_named(entries, tampering):
    audit_seals.seal()
    run("UPDATE foundation_auditentry SET note = 'x' WHERE id IN (%s, %s)", entries[3].pk, entries[1].pk)
    assert f"第 2 环（审计记录 {entries[1].pk}）" in verify().trouble


def test_swapped_seals_are_found(entries, tampering):
    audit_seals.seal()
    run("UPDATE foundation_auditseal SET entry_id = -1 WHERE entry_id = %s", entries[1].pk)
    run("UPDATE foundation_auditseal SET entry_id = %s WHERE entry_id = %s", entries[1].pk, entries[2].pk)
    run("UPDATE foundation_auditseal SET entry_id = %s WHERE entry_id = -1", entries[2].pk)
    assert "第 2 环" in verify().trouble


def test_a_chain_laid_with_another_key_is_found(entries, settings):
    settings.DIGEST_KEY = "the key of somebody who has the database only"
    audit_seals.seal()
    settings.DIGEST_KEY = "the portal's own key, which he does not know"
    assert "第 1 环" in verify().trouble


def test_an_end_cut_off_is_missed_by_what_was_noted_outside_of_the_database(entries, tampering):
    audit_seals.seal()
    run("DELETE FROM foundation_auditentry WHERE id = %s", entries[4].pk)
    run("DELETE FROM foundation_auditseal WHERE entry_id = %s", entries[4].pk)
    assert "末尾的记录被删除" in verify().trouble


def test_an_end_cut_off_and_sealed_again_is_found_too(entries, tampering):
    audit_seals.seal()
    run("DELETE FROM foundation_auditseal WHERE sequence > 3")
    run("UPDATE foundation_auditentry SET note = 'x' WHERE id = %s", entries[3].pk)
    audit_seals.seal()
    assert "第 5 环与库外留存的链头不符" in verify().trouble


def test_an_end_that_somebody_wrote_down_must_still_be_a_link(entries, settings, tampering):
    audit_seals.seal()
    written_down = audit_seals.head()
    write(6)
    audit_seals.seal()
    assert verify(written_down).trouble == ""
    assert "第 5 环" in verify(Head(5, "f00")).trouble


def test_the_job_notes_what_it_found_for_the_auditor(entries, tampering):
    audit_seals.seal()
    assert jobs.verify_audit() == ""
    run("DELETE FROM foundation_auditentry WHERE id = %s", entries[0].pk)
    assert "第 1 环" in jobs.verify_audit()
    assert [(check.checked, bool(check.trouble)) for check in AuditCheck.objects.all()] == [(0, True), (5, False)]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_lay_one_chain(chain):
    for number in range(20):
        write(number)
    done = at_once(audit_seals.seal, audit_seals.seal)
    assert [each for each in done if isinstance(each, Exception)] == []
    audit_seals.seal()
    assert verify().checked == 20
    assert verify().trouble == ""
