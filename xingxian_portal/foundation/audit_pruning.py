"""Pruning the audit trail: what has been kept long enough goes, and a checkpoint holds the rest of the chain.

The law asks for six months at least (网络安全法 第二十一条). Below 180 days nothing goes: the setting refuses it, this
file refuses it, and the database refuses it by a trigger (`audit_guard`).
"""

from __future__ import annotations

import datetime as dt

from django.db import models, transaction

from xingxian_portal.foundation import audit, audit_seals, audit_verification, clock
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_guard import LEAST_DAYS
from xingxian_portal.foundation.audit_seals import AuditCheckpoint, AuditSeal
from xingxian_portal.foundation.refusal import Refused


def prune(keep_days: int) -> int:
    """Take away what was sealed more than `keep_days` days ago; give how many entries went.

    Raises Refused below 180 days, and when the trail does not verify: what is wrong would be wiped out with it.
    """
    if keep_days < LEAST_DAYS:
        raise Refused(f"审计记录至少保存 {LEAST_DAYS} 天，不能只留 {keep_days} 天。")
    if found := audit_verification.verify().trouble:
        raise Refused(f"审计记录校验不通过，先查明再清理：{found}")
    with transaction.atomic():
        last = _last_to_go(clock.real_now() - dt.timedelta(days=keep_days))
        gone = _cut(last, keep_days) if last else 0
    if last:
        audit_seals.forget_witnessed(last.sequence)
    return gone


def _last_to_go(limit: dt.datetime) -> AuditSeal | None:
    """Give the last link before the first that must stay: a chain is cut at one place."""
    seals = AuditSeal.objects.order_by("sequence")
    stays = seals.filter(sealed_at__gte=limit).first()
    return (seals.filter(sequence__lt=stays.sequence) if stays else seals).last()


def _cut(last: AuditSeal, keep_days: int) -> int:
    # Plain querysets: those of the trail itself refuse to delete.
    seals: models.QuerySet[AuditSeal] = models.QuerySet(AuditSeal).filter(sequence__lte=last.sequence)
    old: models.QuerySet[AuditEntry] = models.QuerySet(AuditEntry).filter(pk__in=seals.values("entry_id"))
    entries, _ = old.delete()
    seals.delete()
    before = AuditCheckpoint.objects.order_by("-sequence").first()
    point = AuditCheckpoint(sequence=last.sequence, hash=last.hash, entries=entries, pruned_at=clock.real_now())
    point.mac = audit_verification.mac_of(point, before.mac if before else "")
    point.save()
    audit.record("trail.prune", after={"entries": entries, "keep_days": keep_days, "up_to": last.sequence})
    return entries
