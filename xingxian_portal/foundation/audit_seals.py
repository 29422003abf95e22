"""The chain of hashes that one sealer lays over the committed entries of the audit trail, each minute.

An act writes its entry and takes no lock for the chain. The sealer comes after: it takes the committed entries
that have no seal yet, in the order in which it finds them, so that an entry with a low number that was committed late
is sealed late and none is left out. Each seal is keyed (`DIGEST_KEY`): whoever can only write to the database can
lay no chain that fits.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db import IntegrityError, models, transaction

from xingxian_portal.foundation import clock, key_file
from xingxian_portal.foundation.audit import AppendOnlyModel, AuditEntry, TrailEncoder

AT_ONCE = 500
# How long an act's transaction may stay open at most; whatever is older is looked for once a day.
LATEST_COMMIT = dt.timedelta(hours=1)
# What a seal covers, in this order. Do not change it: every seal made so far would stop fitting.
SEALED_FIELDS = (
    "id", "recorded_at", "business_at", "actor_id", "action", "outcome", "subject_kind", "subject_key", "unit_code",
    "before", "after", "note", "address", "request_id",
)  # fmt: skip


class AuditSeal(AppendOnlyModel):
    """One link of the chain: the place of an entry, and the hash over it and over the link before."""

    sequence = models.PositiveBigIntegerField("序号", primary_key=True)
    # Not a foreign key: an entry that was taken away must be missed, not forbid looking at its seal.
    entry_id = models.BigIntegerField("审计记录编号", unique=True)
    sealed_at = models.DateTimeField("封存时间（真实）", db_index=True)
    previous_hash = models.CharField("前一环", max_length=64, blank=True)
    hash = models.CharField("本环", max_length=64)

    class Meta:
        verbose_name = "审计封存"
        verbose_name_plural = verbose_name
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"第 {self.sequence} 环：审计记录 {self.entry_id}"


class AuditCheckpoint(AppendOnlyModel):
    """Where pruning cut the chain: the last link that went, so that the first one left can still be held to it."""

    sequence = models.PositiveBigIntegerField("清理到第几环", primary_key=True)
    hash = models.CharField("该环", max_length=64)
    entries = models.PositiveBigIntegerField("清理条数")
    pruned_at = models.DateTimeField("清理时间（真实）")
    mac = models.CharField("校验码", max_length=64)

    class Meta:
        verbose_name = "审计清理点"
        verbose_name_plural = verbose_name
        ordering = ["sequence"]

    def __str__(self) -> str:
        return f"已清理到第 {self.sequence} 环"


@dataclass(frozen=True)
class Head:
    """The end of the chain so far: how many links, and the hash of the last one."""

    sequence: int = 0
    hash: str = ""


def keyed(*parts: object) -> str:
    """Give the hash of some parts under the portal's key, 64 hexadecimal digits."""
    text = "\n".join(str(part) for part in parts)
    return hmac.new(b"audit-seal:" + settings.DIGEST_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def canonical(entry: AuditEntry) -> str:
    """Give an entry as one text that is the same on every database."""
    values = {name: getattr(entry, name) for name in SEALED_FIELDS}
    # A database gives moments in whatever zone it likes.
    values |= {name: getattr(entry, name).astimezone(dt.UTC).isoformat() for name in ("recorded_at", "business_at")}
    return json.dumps(values, cls=TrailEncoder, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def hash_of(seal: AuditSeal, entry: AuditEntry) -> str:
    """Give the hash that a seal over `entry` must hold."""
    return keyed(seal.previous_hash, seal.sequence, seal.sealed_at.astimezone(dt.UTC).isoformat(), canonical(entry))


def head() -> Head:
    """Give the end of the chain; of a chain that was pruned away whole, its checkpoint."""
    last = AuditSeal.objects.order_by("-sequence").first() or AuditCheckpoint.objects.order_by("-sequence").first()
    return Head(last.sequence, last.hash) if last else Head()


def unsealed() -> models.QuerySet[AuditEntry]:
    """Give the entries that have no seal yet."""
    return AuditEntry.objects.exclude(models.Exists(AuditSeal.objects.filter(entry_id=models.OuterRef("pk"))))


def seal() -> int:
    """Seal what was committed since the last time; give how many entries. Runs timed; two at once do no harm."""
    waiting, total = _worth_looking_at(), 0
    while count := _seal_some(waiting):
        total += count
    if total:
        _witness(head())
    return total


def _worth_looking_at() -> models.QuerySet[AuditEntry]:
    # To compare the whole trail with the whole chain each minute would cost more each month.
    last = AuditSeal.objects.order_by("-sequence").first()
    if last is None or clock.local_date(last.sealed_at) != clock.local_date(clock.real_now()):
        return unsealed()
    return unsealed().filter(recorded_at__gte=last.sealed_at - LATEST_COMMIT)


def _seal_some(waiting: models.QuerySet[AuditEntry]) -> int:
    end = head()
    links = _links(end, waiting.order_by("pk")[:AT_ONCE])
    try:
        with transaction.atomic():
            AuditSeal.objects.bulk_create(links)
    except IntegrityError:
        return 0  # another sealer took these places meanwhile; what is left waits for the next minute
    return len(links)


def _links(end: Head, entries: Iterable[AuditEntry]) -> list[AuditSeal]:
    now, links = clock.real_now(), []
    for entry in entries:
        link = AuditSeal(sequence=end.sequence + 1, entry_id=entry.pk, sealed_at=now, previous_hash=end.hash)
        link.hash = hash_of(link, entry)
        links.append(link)
        end = Head(link.sequence, link.hash)
    return links


def _witness(end: Head) -> None:
    # Outside of the database: whoever cuts off the end of trail and chain there would leave no gap to be found.
    with settings.AUDIT_WITNESS_FILE.open("a") as file:
        file.write(f"{end.sequence} {end.hash}\n")


def witnessed() -> list[Head]:
    """Give the ends of the chain as this machine noted them outside of the database, from old to new."""
    if not settings.AUDIT_WITNESS_FILE.exists():
        return []
    lines = (line.split() for line in settings.AUDIT_WITNESS_FILE.read_text().splitlines())
    return [Head(int(words[0]), words[1]) for words in lines if len(words) == 2 and words[0].isdigit()]


def forget_witnessed(sequence: int) -> None:
    """Drop what was noted of links that were pruned, so that the file does not grow for ever."""
    kept = [f"{end.sequence} {end.hash}\n" for end in witnessed() if end.sequence > sequence]
    key_file.replace(settings.AUDIT_WITNESS_FILE, "".join(kept))
