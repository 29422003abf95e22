"""Verifying the audit trail: is any sealed entry changed, missing or moved; how many are not sealed yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import models

from xingxian_portal.foundation import audit_seals, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_seals import AuditCheckpoint, AuditSeal, Head

AT_ONCE = 2000
Pair = tuple[AuditSeal, AuditEntry | None]


class AuditCheck(models.Model):
    """What one verification found; the 审计员 sees the last one on top of the trail."""

    checked_at = models.DateTimeField("校验时间（真实）")
    checked = models.PositiveBigIntegerField("校验条数")
    unsealed = models.PositiveBigIntegerField("未封存条数")
    trouble = models.TextField("问题", blank=True)

    class Meta:
        verbose_name = "审计校验"
        verbose_name_plural = verbose_name
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.trouble or f"{self.checked} 条完整"


class Trouble(Exception):
    """The first place at which trail and chain do not fit, in words."""


@dataclass
class Finding:
    """The outcome of a verification: the links that fit, the end of them, what is wrong with the next, what has no seal."""

    checked: int
    end: Head
    unsealed: int = 0
    trouble: str = ""


def verify(expected: Head | None = None) -> Finding:
    """Hold every sealed entry to its seal and every seal to the one before, up to the first that does not fit.

    `expected` is an end of the chain that somebody wrote down earlier: it must still be a link of it.
    """
    finding = Finding(0, Head())
    try:
        finding.end = _last_checkpoint()
        noted = _noted(expected)
        for seal, entry in _pairs(finding.end.sequence):
            _hold(seal, entry, finding.end)
            finding.end = Head(seal.sequence, seal.hash)
            _compare(noted.pop(seal.sequence, finding.end), finding.end)
            finding.checked += 1
        _nothing_cut_off(noted, finding.end)
    except Trouble as trouble:
        finding.trouble = str(trouble)
    finding.unsealed = audit_seals.unsealed().count()
    return finding


def verify_and_note() -> AuditCheck:
    """Verify and keep what was found for the page of the 审计员."""
    found = verify()
    return AuditCheck.objects.create(
        checked_at=clock.real_now(), checked=found.checked, unsealed=found.unsealed, trouble=found.trouble
    )


def _noted(expected: Head | None) -> dict[int, Head]:
    """Give the ends of the chain noted outside of the database by place; of two for one place, the older holds."""
    noted: dict[int, Head] = {}
    for head in [*([expected] if expected else []), *audit_seals.witnessed()]:
        noted.setdefault(head.sequence, head)
    return noted


def _last_checkpoint() -> Head:
    """Give where the chain begins after pruning; raises Trouble when a checkpoint was not made by the portal."""
    end, mac = Head(), ""
    for point in AuditCheckpoint.objects.order_by("sequence"):
        if point.mac != mac_of(point, mac):
            raise Trouble(f"清理点（第 {point.sequence} 环）被改动过，或者前面的清理点不见了。")
        end, mac = Head(point.sequence, point.hash), point.mac
    return end


def mac_of(point: AuditCheckpoint, previous_mac: str) -> str:
    """Give the code that a checkpoint must carry, after one with `previous_mac`."""
    return audit_seals.keyed(previous_mac, point.sequence, point.hash, point.entries, point.pruned_at.timestamp())


def _pairs(after: int) -> Iterator[Pair]:
    while seals := list(AuditSeal.objects.filter(sequence__gt=after).order_by("sequence")[:AT_ONCE]):
        last = seals[-1].sequence
        ids = AuditSeal.objects.filter(sequence__gt=after, sequence__lte=last).values("entry_id")
        entries = {entry.pk: entry for entry in AuditEntry.objects.filter(pk__in=ids)}
        for seal in seals:
            yield seal, entries.get(seal.entry_id)
        after = last


def _hold(seal: AuditSeal, entry: AuditEntry | None, end: Head) -> None:
    place = f"第 {seal.sequence} 环（审计记录 {seal.entry_id}）"
    if seal.sequence != end.sequence + 1:
        raise Trouble(f"第 {end.sequence + 1} 环不见了：下一环是{place}。")
    if seal.previous_hash != end.hash:
        raise Trouble(f"{place}接不上前一环：封存的次序被改动过。")
    if entry is None:
        raise Trouble(f"{place}：这条审计记录不见了。")
    if seal.hash != audit_seals.hash_of(seal, entry):
        raise Trouble(
            f"{place}：内容与封存时不符，被改动或调换过（动作 {entry.action}，记录时间 {entry.recorded_at:%Y-%m-%d %H:%M:%S}）。"
        )


def _compare(noted: Head, end: Head) -> None:
    if noted.hash != end.hash:
        raise Trouble(
            f"第 {end.sequence} 环与库外留存的链头不符：这一环之前的记录被删除后重新封存过，或数据库是从旧备份恢复的。"
        )


def _nothing_cut_off(noted: dict[int, Head], end: Head) -> None:
    if (last := max(noted, default=0)) > end.sequence:
        raise Trouble(
            f"链条止于第 {end.sequence} 环，而库外留存的链头已到第 {last} 环：末尾的记录被删除，或数据库是从旧备份恢复的。"
        )
