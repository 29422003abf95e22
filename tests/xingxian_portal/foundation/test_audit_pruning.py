"""Pruning: only what was kept long enough, never below 180 days, and the rest still verifies."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from tests.trail import run, write
from xingxian_portal.foundation import audit_seals, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_pruning import prune
from xingxian_portal.foundation.audit_seals import AuditCheckpoint, AuditSeal
from xingxian_portal.foundation.audit_verification import verify
from xingxian_portal.foundation.refusal import Refused


def sealed(count: int, days_ago: int) -> None:
    """Write and seal entries so many days ago."""
    with time_machine.travel(clock.real_now() - dt.timedelta(days=days_ago), tick=False):
        for number in range(count):
            write(number)
        audit_seals.seal()


@pytest.fixture
def years(chain) -> None:
    """Give a trail of two years: three entries of the first, two of the second, four of today."""
    for count, days_ago in ((3, 700), (2, 300), (4, 0)):
        sealed(count, days_ago)


def test_what_was_kept_long_enough_goes_and_the_rest_verifies(years):
    assert prune(365) == 3
    assert AuditSeal.objects.count() == 6
    # The act of pruning is an entry itself, not sealed yet.
    assert AuditEntry.objects.filter(action="trail.prune").count() == 1
    found = verify()
    assert (found.checked, found.unsealed, found.trouble) == (6, 1, "")


def test_it_can_be_pruned_again_and_down_to_nothing(years):
    assert [prune(365), prune(365), prune(180)] == [3, 0, 2]
    assert verify().trouble == ""
    assert list(AuditCheckpoint.objects.values_list("sequence", "entries")) == [(3, 3), (5, 2)]


def test_a_chain_pruned_whole_goes_on_where_it_ended(chain):
    sealed(3, 300)
    assert prune(180) == 3
    assert audit_seals.seal() == 1
    assert AuditSeal.objects.get().sequence == 4
    assert verify().trouble == ""


@pytest.mark.parametrize("days", [179, 0, -1])
def test_fewer_than_180_days_are_refused(years, days):
    with pytest.raises(Refused, match="至少保存 180 天"):
        prune(days)
    assert AuditEntry.objects.count() == 9


def test_a_trail_that_does_not_verify_is_not_pruned(years, tampering):
    run("DELETE FROM foundation_auditentry WHERE id = (SELECT min(id) FROM foundation_auditentry)")
    with pytest.raises(Refused, match="先查明再清理"):
        prune(365)
    assert AuditEntry.objects.count() == 8


def test_the_cut_of_somebody_else_is_found(years, tampering):
    run("DELETE FROM foundation_auditentry WHERE id IN (SELECT entry_id FROM foundation_auditseal WHERE sequence < 4)")
    run("DELETE FROM foundation_auditseal WHERE sequence < 4")
    assert "第 1 环不见了" in verify().trouble
    forged = AuditSeal.objects.get(sequence=4)
    AuditCheckpoint(sequence=3, hash=forged.previous_hash, entries=3, pruned_at=clock.real_now(), mac="f00").save()
    assert "清理点（第 3 环）被改动过" in verify().trouble


def test_a_checkpoint_that_is_gone_is_missed(years, tampering):
    prune(365)
    prune(180)
    run("DELETE FROM foundation_auditcheckpoint WHERE sequence = 3")
    assert "清理点（第 5 环）" in verify().trouble


def test_what_was_noted_outside_of_the_database_shrinks_with_it(years, settings):
    before = len(settings.AUDIT_WITNESS_FILE.read_text().splitlines())
    prune(365)
    assert (before, len(settings.AUDIT_WITNESS_FILE.read_text().splitlines())) == (3, 2)


def test_an_entry_still_waiting_for_its_seal_is_not_pruned(years):
    with time_machine.travel(clock.real_now() - dt.timedelta(days=800), tick=False):
        waiting = write(9)
    prune(180)
    assert AuditEntry.objects.filter(pk=waiting.pk).exists()
