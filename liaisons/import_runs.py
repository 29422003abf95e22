"""Workbooks that a worker checks or writes: handed over, taken up again when a worker is lost, cleared away.

What is due lies in the batch and not in the queue. Rights are checked anew each time: what was taken from the sender
meanwhile is neither checked nor written.
"""

from __future__ import annotations

import datetime as dt

import structlog
from kombu.exceptions import OperationalError

from liaisons import imports
from liaisons.models import User
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook import batches, file_keeping
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportBatchQuerySet
from xingxian_portal.foundation.workbook.resource import SheetResource

BIG = 400_000  # bytes; what is bigger surely holds more rows than are worked through at once
GAVE_UP = "多次处理都没有成功，什么也没有写入。请稍后重试，或联系系统管理员。"
logger = structlog.get_logger(__name__)


def begin(batch: ImportBatch, sheet: SheetResource) -> None:
    """Check or write the batch now where it is small, else by a worker."""
    big = batch.state == ImportBatch.READING and batch.file is not None and batch.file.size > BIG
    if big or not batches.work(batch, sheet, most=batches.AT_ONCE):
        hand_over(batch.pk)


def hand_over(pk: int) -> None:
    """Ask a worker to take the batch up; without a queue the next look at what waits does."""
    from liaisons.jobs import work_on_import

    try:
        work_on_import.apply_async((pk,), retry=False)
    except OperationalError:
        logger.warning("import_not_queued", batch=pk)


def take_up() -> int:
    """Hand over what waits and what a lost worker left; gives how many."""
    keys = list(_waiting().values_list("pk", flat=True))
    for pk in keys:
        hand_over(pk)
    return len(keys)


def work(pk: int) -> bool:
    """Check or write the batch, unless somebody else does or did; says whether it waits for nothing more."""
    batch = ImportBatch.objects.select_related("file").get(pk=pk)
    if not batch.is_working:
        return True
    maker = User.objects.get(pk=batch.made_by_id)
    sheet = imports.opened(batch, maker) if maker.is_active else None
    if sheet is None:
        batches.give_up(batch, "你已没有导入这张表的权限。")
        return True
    if batch.attempts >= batches.MOST_ATTEMPTS and _waiting().filter(pk=pk).exists():
        batches.give_up(batch, GAVE_UP)  # it took its workers down with it
        return True
    try:
        batches.work(batch, sheet)
    except Exception:
        logger.exception("import_failed", batch=pk)
        if batch.attempts < batches.MOST_ATTEMPTS:
            batches.release(batch)
            return False
        batches.give_up(batch, GAVE_UP)
    return True


def _waiting() -> ImportBatchQuerySet:
    return ImportBatch.objects.waiting(clock.real_now())


def forget_people(before: dt.datetime) -> int:
    """Take away the record of imports of personal data made before a moment: their rows hold names; gives how many."""
    old = ImportBatch.objects.filter(sheet__in=_personal(), made_at__lt=before).exclude(state__in=ImportBatch.WORKING)
    return old.delete()[1].get(ImportBatch._meta.label, 0)


def clear_away(at: dt.datetime | None = None) -> int:
    """Take away the workbooks that were kept long enough; gives how many. What they changed stays on record."""
    return file_keeping.forget_old(at or clock.real_now(), _personal())


def _personal() -> list[str]:
    return [slug for slug, kind in imports.all_sheets().items() if kind.holds_personal_data]
