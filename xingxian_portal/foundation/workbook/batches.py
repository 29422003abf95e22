"""What happens to a workbook that was sent in: kept, checked, confirmed, undone. Only this file writes a batch's state.

Nothing of a workbook stays half in: everything is written in one transaction, after every row was checked again
against what stands in the portal then.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from xingxian_portal.foundation import audit, clock, uploads
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import contents, file_keeping, incoming, records, reversal, template_mark
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workbook.issues import Issue
from xingxian_portal.foundation.workbook.plans import CHANGED, NEW, UNCHANGED, Plan
from xingxian_portal.foundation.workbook.reading import Reading
from xingxian_portal.foundation.workbook.resource import SheetResource

AT_ONCE, NO_LIMIT = 500, 10**9  # rows at a time; more go to a worker
MOST_ATTEMPTS = 5
# Longer than anything takes between two signs of life. Twice at work does no harm: the second waits for the row's lock.
LEASE = dt.timedelta(seconds=130)
OPEN = (ImportBatch.READY, ImportBatch.FAULTY, ImportBatch.CONFLICT)


def applied_before(sheet: SheetResource, sha256: str) -> ImportBatch | None:
    """Give the batch by which this very file was imported for the same subject, unless it was undone."""
    same = ImportBatch.objects.filter(sheet=sheet.slug, subject=sheet.subject_key, sha256=sha256)
    return same.filter(state=ImportBatch.APPLIED).first()


def receive(file: UploadedFile, sheet: SheetResource, *, at: dt.datetime | None = None) -> tuple[ImportBatch, bool]:
    """Keep a workbook as a batch to be checked; gives it, and whether it is new.

    A file that was imported for the same subject already gives that batch. Raises Refused.
    """
    subject, by = sheet.subject(), sheet.by
    kind = incoming.check(file)
    with uploads.written(file, kind, by_id=by.pk) as row:
        if known := applied_before(sheet, row.sha256):
            row.location.unlink(missing_ok=True)
            return known, False
        with transaction.atomic():
            row.save()
            batch = ImportBatch.objects.create(
                sheet=sheet.slug, subject=subject.key, subject_label=subject.label, unit_code=subject.unit_code,
                period=subject.period, template_version=sheet.version, file=row, file_name=row.original_name, sha256=row.sha256,
                made_at=at or clock.now(), made_by_id=by.pk,
            )  # fmt: skip
            after = {"sheet": sheet.slug, "subject": subject.key, "sha256": row.sha256, "size": row.size}
            audit.record("import.upload", by=by, subject=batch, unit_code=subject.unit_code, after=after, at=at)
    return batch, True


def claim(batch: ImportBatch) -> bool:
    """Take up a batch that is to be worked on; says whether nobody else did."""
    now = clock.real_now()
    rows = ImportBatch.objects.waiting(now).filter(pk=batch.pk)
    mine = rows.update(claimed_until=now + LEASE, attempts=F("attempts") + 1)
    batch.refresh_from_db()
    return bool(mine)


def release(batch: ImportBatch) -> None:
    """Leave a batch that one has taken up to somebody else."""
    ImportBatch.objects.filter(pk=batch.pk, state__in=ImportBatch.WORKING).update(claimed_until=None)


def work(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime | None = None, most: int = NO_LIMIT) -> bool:
    """Do what a batch waits for, unless somebody else is at it: check it, write it, or take it back.

    One with more than `most` rows is left to a worker; says whether nothing is left for one.
    """
    if not claim(batch):
        return True
    try:
        if batch.state == ImportBatch.READING:
            examine(batch, sheet, most)
        elif batch.counts.get("rows", 0) > most:
            raise _TooMuch
        elif batch.state == ImportBatch.UNDOING:
            take_back(batch, sheet, at=at or clock.now())
        else:
            apply(batch, sheet, at=at or clock.now())
    except _TooMuch:
        release(batch)
        return False
    return True


class _TooMuch(Exception):
    """There are more rows than are to be worked through now."""


def read(batch: ImportBatch, sheet: SheetResource) -> Reading:
    """Read the rows of the batch's file. Raises Refused."""
    sheet.subject()  # it may be closed by now, or another's
    if batch.file is None:
        raise Refused("这份文件已过保存期，请重新上传。")
    with batch.file.location.open("rb") as file:
        sheets = contents.read(file)
    mark = template_mark.of(sheets)
    if mark:
        template_mark.require(mark, sheet)
    return sheet.read(sheets, ours=mark is not None)


def _tell(batch: ImportBatch, done: int, rows: int) -> None:
    until = clock.real_now() + LEASE
    ImportBatch.objects.filter(pk=batch.pk).update(done_rows=done, all_rows=rows, claimed_until=until)


def examine(batch: ImportBatch, sheet: SheetResource, most: int = NO_LIMIT) -> None:
    """Check the workbook and keep what it would change and what is wrong, for the page that asks for confirmation."""
    try:
        found = read(batch, sheet)
        if len(found.rows) > most:
            raise _TooMuch
        _tell(batch, 0, len(found.rows))
        plan = sheet.examine(found, lambda done, rows: _tell(batch, done, rows))
    except Refused as refusal:
        plan = Plan(issues=[Issue(str(refusal), code="file")])
    with transaction.atomic():
        batch = _locked(batch)
        if batch.state != ImportBatch.READING:
            return  # somebody else was quicker
        records.keep(batch, sheet, plan)
        _settle(batch, ImportBatch.READY if plan.is_good else ImportBatch.FAULTY)


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update().select_related(None).get(pk=batch.pk)


def _settle(batch: ImportBatch, state: str, **values: Any) -> None:
    batch.state, batch.claimed_until = state, None
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()


@transaction.atomic
def confirm(batch: ImportBatch, *, by: Any, good_only: bool = False, at: dt.datetime | None = None) -> ImportBatch:
    """Order the import of a batch that was looked at; `good_only` leaves out the rows with errors. Raises Refused.

    The writing itself is `apply`. A second click finds the batch at work or done and does nothing.
    """
    batch = _locked(batch)
    if batch.state in (ImportBatch.WRITING, ImportBatch.APPLIED):
        return batch
    if batch.state != ImportBatch.READY and not (good_only and batch.state == ImportBatch.FAULTY):
        raise Refused("这份文件现在不能导入，请重新上传。")
    if good_only and batch.counts.get("whole"):
        raise Refused("文件整体有错误，不能只导入没有错误的行。")
    if not batch.counts.get(NEW, 0) + batch.counts.get(CHANGED, 0):
        raise Refused("没有需要导入的改动。")
    action = "import.confirm_good_rows" if good_only else "import.confirm"
    audit.record(action, by=by, subject=batch, unit_code=batch.unit_code, after=batch.counts, at=at)
    _settle(batch, ImportBatch.WRITING, good_only=good_only, attempts=0)
    return batch


@transaction.atomic
def recheck(batch: ImportBatch) -> ImportBatch:
    """Have a workbook checked again that was not imported: somebody changed what it was held against. Raises Refused."""
    batch = _locked(batch)
    if batch.state not in OPEN:
        raise Refused("这份文件已经导入、放弃，或正在处理。")
    _settle(batch, ImportBatch.READING, done_rows=0, attempts=0)
    return batch


def give_up(batch: ImportBatch, why: str) -> None:
    """Stop what is at work for good, after it went wrong too often or its maker lost the right; nothing was written."""
    _stop(batch, [Issue(why, code="file")], ImportBatch.FAULTY)


def apply(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime) -> None:
    """Check the workbook again and write it, all or nothing; what cannot be written is told on the batch's page."""
    try:
        found = read(batch, sheet)  # before anything is locked: of many rows reading and checking take seconds
        plan = sheet.examine(found)
        with transaction.atomic():
            batch = _locked(batch)
            if batch.state == ImportBatch.WRITING:
                _write(batch, sheet, plan if sheet.still_stands(plan) else sheet.examine(found), at)
    except _Stopped as stopped:
        _stop(batch, stopped.issues, stopped.becomes)
    except Refused as refusal:
        _stop(batch, [Issue(str(refusal), code="file")], ImportBatch.FAULTY)


class _Stopped(Exception):
    """The import was stopped by these issues; everything it wrote is rolled back."""

    def __init__(self, issues: Sequence[Issue], state: str) -> None:
        super().__init__()
        self.issues, self.becomes = issues, state


def _write(batch: ImportBatch, sheet: SheetResource, plan: Plan, at: dt.datetime) -> None:
    changes = [change for change in plan.changes if change.action != UNCHANGED]
    if not plan.is_good and not batch.good_only:
        raise _Stopped(plan.issues, ImportBatch.CONFLICT)
    if moved := list(records.moved(batch, sheet, plan)):
        raise _Stopped(moved, ImportBatch.CONFLICT)
    if refused := [records.refused(change, sheet, plan, why) for change, why in sheet.write_all(changes, at=at)]:
        raise _Stopped(refused, ImportBatch.FAULTY)
    records.note_written(batch, sheet, changes)
    if sheet.holds_personal_data:
        file_keeping.forget(batch)
    counts = batch.counts | {NEW: plan.counted(NEW), CHANGED: plan.counted(CHANGED), UNCHANGED: plan.counted(UNCHANGED)}
    _settle(batch, ImportBatch.APPLIED, confirmed_at=at, counts=counts)
    audit.record("import.apply", by=sheet.by, subject=batch, unit_code=batch.unit_code, after=counts, at=at)


@transaction.atomic
def _stop(batch: ImportBatch, issues: Sequence[Issue], state: str) -> None:
    batch = _locked(batch)
    if batch.state not in ImportBatch.WORKING:
        return
    if batch.state == ImportBatch.UNDOING:
        state = ImportBatch.APPLIED  # it stays in
    records.keep_issues(batch, issues)
    # What a verb refused concerns one row, but is only known once all are written: none can be left out.
    whole = sum(not issue.row or issue.code == "refused" for issue in issues)
    _settle(batch, state, counts=batch.counts | records.counted(issues) | {"whole": whole}, good_only=False)


@transaction.atomic
def drop(batch: ImportBatch, *, by: Any) -> None:
    """Give up a batch that was not imported; its file goes. Dropping it twice is no fault."""
    batch = _locked(batch)
    if batch.state in OPEN:
        file_keeping.forget(batch)
        _settle(batch, ImportBatch.DROPPED)
        audit.record("import.drop", by=by, subject=batch, unit_code=batch.unit_code)


@transaction.atomic
def order_undo(batch: ImportBatch) -> ImportBatch:
    """Order that an import be taken back; `work` does it, a worker where it has many rows. Raises Refused."""
    batch = _locked(batch)
    if batch.state in (ImportBatch.UNDOING, ImportBatch.UNDONE):
        return batch
    if batch.state != ImportBatch.APPLIED:
        raise Refused("这份文件没有导入，不用撤销。")
    _settle(batch, ImportBatch.UNDOING, attempts=0)
    return batch


def take_back(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime) -> None:
    """Take an import back, or say on its page why it stays."""
    try:
        undo(batch, sheet, at=at)
    except Refused as refusal:
        _stop(batch, [Issue(str(refusal), code="undo")], ImportBatch.APPLIED)


@transaction.atomic
def undo(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime | None = None) -> None:
    """Take an import back, all of it, as long as nothing it wrote was changed since. Raises Refused."""
    at, batch = at or clock.now(), _locked(batch)
    if batch.state == ImportBatch.UNDONE:
        return
    if batch.state not in (ImportBatch.APPLIED, ImportBatch.UNDOING):
        raise Refused("这份文件没有导入，不用撤销。")
    changes = [reversal.of(row, sheet) for row in batch.rows.order_by("-number")]  # the last one first
    reversal.require_untouched(changes, sheet)
    sheet.remove_all([change for change in changes if change.action == NEW], at=at)
    for _, refusal in sheet.write_all([change for change in changes if change.action == CHANGED], at=at):
        raise refusal
    _settle(batch, ImportBatch.UNDONE, undone_at=at)
    audit.record("import.undo", by=sheet.by, subject=batch, unit_code=batch.unit_code, after=batch.counts, at=at)
