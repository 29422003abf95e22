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

from xingxian_portal.foundation import audit, clock, uploads
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import contents, incoming, reversal, template_mark
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportIssue, ImportRow
from xingxian_portal.foundation.workbook.issues import ERROR, Issue
from xingxian_portal.foundation.workbook.plans import CHANGED, NEW, UNCHANGED, Change, Plan
from xingxian_portal.foundation.workbook.resource import SheetResource

AT_ONCE = 500  # rows; more go to a worker
CHUNK = 2000
MOST_ISSUES = 20_000
LEASE = dt.timedelta(seconds=130)  # above the time limit of a job
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
    mine = ImportBatch.objects.waiting(now).filter(pk=batch.pk).update(claimed_until=now + LEASE)
    batch.refresh_from_db()
    return bool(mine)


def work(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime | None = None) -> None:
    """Do what a batch waits for, unless somebody else is at it: check it, or write it."""
    if not claim(batch):
        return
    if batch.state == ImportBatch.READING:
        examine(batch, sheet)
    else:
        apply(batch, sheet, at=at or clock.now())


def plan_of(batch: ImportBatch, sheet: SheetResource) -> Plan:
    """Read the batch's file and check every row; nothing is written but how far it has come. Raises Refused."""
    if batch.file is None:
        raise Refused("这份文件已过保存期，请重新上传。")
    with batch.file.location.open("rb") as file:
        sheets = contents.read(file)
    mark = template_mark.of(sheets)
    if mark:
        template_mark.require(mark, sheet)
    found = sheet.read(sheets, ours=mark is not None)
    _tell(batch, 0, len(found.rows))
    return sheet.examine(found, lambda done, rows: _tell(batch, done, rows))


def _tell(batch: ImportBatch, done: int, rows: int) -> None:
    if batch.state == ImportBatch.READING:
        until = clock.real_now() + LEASE
        ImportBatch.objects.filter(pk=batch.pk).update(done_rows=done, all_rows=rows, claimed_until=until)


def examine(batch: ImportBatch, sheet: SheetResource) -> None:
    """Check the workbook and keep what it would change and what is wrong, for the page that asks for confirmation."""
    try:
        plan = plan_of(batch, sheet)
    except Refused as refusal:
        plan = Plan(issues=[Issue(str(refusal), code="file")])
    with transaction.atomic():
        batch = _locked(batch)
        if batch.state != ImportBatch.READING:
            return  # somebody else was quicker
        _keep(batch, sheet, plan)
        _settle(batch, ImportBatch.READY if plan.is_good else ImportBatch.FAULTY)


def _locked(batch: ImportBatch) -> ImportBatch:
    return ImportBatch.objects.select_for_update().select_related(None).get(pk=batch.pk)


def _settle(batch: ImportBatch, state: str, **values: Any) -> None:
    batch.state, batch.claimed_until = state, None
    for name, value in values.items():
        setattr(batch, name, value)
    batch.save()


def _keep(batch: ImportBatch, sheet: SheetResource, plan: Plan) -> None:
    batch.rows.all().delete()
    batch.issues.all().delete()
    changes = [change for change in plan.changes if change.action != UNCHANGED]
    for start in range(0, len(changes), CHUNK):
        ImportRow.objects.bulk_create([_row(batch, sheet, change) for change in changes[start : start + CHUNK]])
    _keep_issues(batch, plan.issues)
    errors = [issue for issue in plan.issues if issue.is_error]
    batch.notes = plan.notes
    batch.counts = {
        "rows": plan.rows, NEW: plan.counted(NEW), CHANGED: plan.counted(CHANGED), UNCHANGED: plan.counted(UNCHANGED),
        "untouched": plan.untouched, "errors": len(errors), "warnings": len(plan.issues) - len(errors),
        "bad_rows": len({issue.row for issue in errors if issue.row}), "whole": sum(not issue.row for issue in errors),
    }  # fmt: skip


def _row(batch: ImportBatch, sheet: SheetResource, change: Change) -> ImportRow:
    return ImportRow(
        batch=batch, number=change.row, label=sheet.label_of(change)[:200], action=change.action, target=change.target,
        key=[str(part) for part in change.key], before=sheet.kept(change.before), after=sheet.kept(change.after),
    )  # fmt: skip


def _keep_issues(batch: ImportBatch, issues: Sequence[Issue]) -> None:
    rows = [
        ImportIssue(
            batch=batch, sheet=one.sheet, cell=one.cell, row=one.row, label=one.label[:120], value=one.value[:120],
            code=one.code, level=one.level, message=one.message[:300], accepted=list(one.accepted),
        )
        for one in issues[:MOST_ISSUES]
    ]  # fmt: skip
    ImportIssue.objects.bulk_create(rows, batch_size=CHUNK)


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
    _settle(batch, ImportBatch.WRITING, good_only=good_only, done_rows=0)
    return batch


def apply(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime) -> None:
    """Check the workbook again and write it, all or nothing; what cannot be written is told on the batch's page."""
    try:
        with transaction.atomic():
            batch = _locked(batch)
            if batch.state == ImportBatch.WRITING:
                _write(batch, sheet, at)
    except _Stopped as stopped:
        _stop(batch, stopped.issues, stopped.becomes)
    except Refused as refusal:
        _stop(batch, [Issue(str(refusal), code="file")], ImportBatch.FAULTY)


class _Stopped(Exception):
    """The import was stopped by these issues; everything it wrote is rolled back."""

    def __init__(self, issues: Sequence[Issue], state: str) -> None:
        super().__init__()
        self.issues, self.becomes = issues, state


def _write(batch: ImportBatch, sheet: SheetResource, at: dt.datetime) -> None:
    plan = plan_of(batch, sheet)
    changes = [change for change in plan.changes if change.action != UNCHANGED]
    if not plan.is_good and not batch.good_only:
        raise _Stopped(plan.issues, ImportBatch.CONFLICT)
    if moved := list(_moved(batch, sheet, plan)):
        raise _Stopped(moved, ImportBatch.CONFLICT)
    refused = list(sheet.write_all(changes, at=at))
    if refused:
        raise _Stopped([_refused(change, sheet, plan, why) for change, why in refused], ImportBatch.FAULTY)
    _note_targets(batch, changes)
    if sheet.holds_personal_data:
        forget_file(batch)
    counts = batch.counts | {NEW: plan.counted(NEW), CHANGED: plan.counted(CHANGED), UNCHANGED: plan.counted(UNCHANGED)}
    _settle(batch, ImportBatch.APPLIED, confirmed_at=at, counts=counts)
    audit.record("import.apply", by=sheet.by, subject=batch, unit_code=batch.unit_code, after=counts, at=at)


def _moved(batch: ImportBatch, sheet: SheetResource, plan: Plan) -> list[Issue]:
    """Give what others changed between the preview and the confirmation."""
    seen = {number: (action, before) for number, action, before in batch.rows.values_list("number", "action", "before")}
    return [
        Issue(
            f"“{sheet.label_of(change)}”在您预览之后被别人改过，这次没有导入。请重新上传，看清现在的值再确认。",
            plan.sheet, "", change.row, code="moved",
        )
        for change in plan.changes
        if change.action != UNCHANGED and not _is_as_seen(change, sheet, seen.get(change.row))
    ]  # fmt: skip


def _is_as_seen(change: Change, sheet: SheetResource, seen: tuple[str, Any] | None) -> bool:
    return seen is not None and seen[0] == change.action and sheet.back(seen[1]) == sheet.known(change.before)


def _refused(change: Change, sheet: SheetResource, plan: Plan, why: Refused) -> Issue:
    label = sheet.columns[why.field].label if why.field and why.field in sheet.columns else ""
    return Issue(str(why), plan.sheet, "", change.row, label, sheet.label_of(change), "refused")


def _note_targets(batch: ImportBatch, changes: Sequence[Change]) -> None:
    targets = {change.row: change.target for change in changes if change.target}
    rows = [row for row in batch.rows.only("pk", "number") if row.number in targets]
    for row in rows:
        row.target = targets[row.number]
    ImportRow.objects.bulk_update(rows, ["target"], batch_size=CHUNK)


@transaction.atomic
def _stop(batch: ImportBatch, issues: Sequence[Issue], state: str) -> None:
    batch = _locked(batch)
    if batch.state != ImportBatch.WRITING:
        return
    batch.issues.all().delete()
    _keep_issues(batch, issues)
    errors = [issue for issue in issues if issue.level == ERROR]
    counts = batch.counts | {"errors": len(errors), "bad_rows": len({issue.row for issue in errors if issue.row})}
    _settle(batch, state, counts=counts, good_only=False)


@transaction.atomic
def drop(batch: ImportBatch, *, by: Any) -> None:
    """Give up a batch that was not imported; its file goes. Dropping it twice is no fault."""
    batch = _locked(batch)
    if batch.state in OPEN:
        forget_file(batch)
        _settle(batch, ImportBatch.DROPPED)
        audit.record("import.drop", by=by, subject=batch, unit_code=batch.unit_code)


def forget_file(batch: ImportBatch) -> None:
    """Take the workbook away, its SHA-256 stays; the bytes go when the transaction has ended well."""
    if (file := batch.file) is not None:
        batch.file = None
        batch.save(update_fields=["file"])
        file.delete()
        transaction.on_commit(lambda: file.location.unlink(missing_ok=True))


@transaction.atomic
def undo(batch: ImportBatch, sheet: SheetResource, *, at: dt.datetime | None = None) -> None:
    """Take an import back, all of it, as long as nothing it wrote was changed since. Raises Refused."""
    at, batch = at or clock.now(), _locked(batch)
    if batch.state == ImportBatch.UNDONE:
        return
    if batch.state != ImportBatch.APPLIED:
        raise Refused("这份文件没有导入，不用撤销。")
    changes = [reversal.of(row, sheet) for row in batch.rows.all()]
    reversal.require_untouched(changes, sheet)
    for change in changes:
        if change.action == NEW:
            sheet.remove(change, at=at)
    for _, refusal in sheet.write_all([change for change in changes if change.action == CHANGED], at=at):
        raise refusal
    _settle(batch, ImportBatch.UNDONE, undone_at=at)
    audit.record("import.undo", by=sheet.by, subject=batch, unit_code=batch.unit_code, after=batch.counts, at=at)
