"""The audit trail: one append-only entry for each act, in the same transaction as the act.

If the entry cannot be written the act is undone with it. Personal data stand in an entry only as the person's id
and as a keyed digest (`digest`), so that making a leaver anonymous later changes no entry. The database holds the
entries to growing only (`audit_guard`), a chain of hashes is laid over them (`audit_seals`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, NoReturn

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from xingxian_portal.foundation import clock, phones
from xingxian_portal.foundation.keyed_digest import digest as digest
from xingxian_portal.foundation.phones import Phone

# Where the running request comes from: set by the middleware, empty in jobs and commands.
origin: ContextVar[dict[str, str] | None] = ContextVar("audit_origin", default=None)


class TrailEncoder(DjangoJSONEncoder):
    """Writes what an entry holds; a telephone number as its digest."""

    def default(self, o: Any) -> Any:
        """Give a value as JSON can hold it."""
        return o.digest if isinstance(o, Phone) else super().default(o)


class AppendOnly(Exception):
    """Somebody tried to change or delete what may only be added to."""


class AppendOnlyQuerySet(models.QuerySet):
    """Rows that can be added and read, never changed or deleted."""

    def update(self, **kwargs: Any) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise AppendOnly("审计记录只能追加，不能修改。")

    def delete(self) -> NoReturn:
        """Refuse: the trail is append-only."""
        raise AppendOnly("审计记录只能追加，不能删除。")


class AppendOnlyModel(models.Model):
    """Base of tables that only grow."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert; refuses a second save of the same row."""
        if not self._state.adding:
            raise AppendOnly("这类记录只能追加，不能修改。")
        # A row with a key of its own would else be tried as an update first, which the database refuses.
        super().save(*args, **kwargs | {"force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: the table only grows."""
        raise AppendOnly("这类记录只能追加，不能删除。")


class AuditEntry(AppendOnlyModel):
    """Who did what to which object when, from where, with what before and after."""

    OK, REFUSED = "ok", "refused"
    recorded_at = models.DateTimeField("记录时间（真实）", db_index=True)
    business_at = models.DateTimeField("业务时间")
    actor_id = models.BigIntegerField("操作人编号", null=True, db_index=True)
    action = models.CharField("动作", max_length=60, db_index=True)
    outcome = models.CharField("结果", max_length=8, choices=[(OK, "成功"), (REFUSED, "拒绝")], default=OK)
    subject_kind = models.CharField("对象类别", max_length=60, blank=True)
    subject_key = models.CharField("对象", max_length=100, blank=True)
    unit_code = models.CharField("单位编码", max_length=20, blank=True, db_index=True)
    before = models.JSONField("变更前", null=True, encoder=TrailEncoder)
    after = models.JSONField("变更后", null=True, encoder=TrailEncoder)
    note = models.TextField("说明", blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=64, blank=True)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = verbose_name
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_kind", "subject_key"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.recorded_at:%Y-%m-%d %H:%M:%S} {self.action}"


def record(
    action: str,
    *,
    by: Any = None,
    subject: models.Model | None = None,
    unit_code: str = "",
    before: dict | None = None,
    after: dict | None = None,
    note: str = "",
    outcome: str = AuditEntry.OK,
    at: Any = None,
) -> AuditEntry:
    """Write one entry inside the caller's transaction; raises TransactionManagementError outside of one.

    A mobile number that somebody typed into a reason or a title is masked here.
    """
    told = Told(subject, unit_code, before, after)
    entry = _entry(action, told, {"by": by, "note": note, "outcome": outcome, "at": at})
    entry.save()
    return entry


@dataclass(frozen=True)
class Told:
    """What an entry says of one object: which, whose, what it was and what it is."""

    subject: models.Model | None
    unit_code: str = ""
    before: dict | None = None
    after: dict | None = None


def record_all(action: str, told: Iterable[Told], *, by: Any = None, note: str = "", at: Any = None) -> None:
    """Write an entry for each of many objects that one act changed, as `record` does for one."""
    AuditEntry.objects.bulk_create(
        _entry(action, one, {"by": by, "note": note, "outcome": AuditEntry.OK, "at": at}) for one in told
    )


def _entry(action: str, told: Told, how: Mapping[str, Any]) -> AuditEntry:
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("审计记录必须与所记的动作写在同一事务里。")
    return AuditEntry(
        recorded_at=clock.real_now(),
        business_at=how["at"] or clock.now(),
        actor_id=getattr(how["by"], "pk", None),
        action=action,
        outcome=how["outcome"],
        subject_kind=told.subject._meta.label_lower if told.subject else "",
        subject_key=str(told.subject.pk) if told.subject else "",
        unit_code=told.unit_code,
        before=phones.masked_within(told.before),
        after=phones.masked_within(told.after),
        note=phones.masked_within(how["note"]),
        **(origin.get() or {}),
    )
