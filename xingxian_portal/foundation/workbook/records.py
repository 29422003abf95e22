"""What is kept of a plan: its changes row by row, its issues, its counts, and the ids of what was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportIssue, ImportRow
from xingxian_portal.foundation.workbook.issues import Issue
from xingxian_portal.foundation.workbook.plans import CHANGED, NEW, UNCHANGED, Change, Plan
from xingxian_portal.foundation.workbook.resource import SheetResource

CHUNK = 2000
MOST_ISSUES = 20_000


def keep(batch: ImportBatch, sheet: SheetResource, plan: Plan) -> None:
    """Put the plan's rows and issues in the place of those that were kept; the batch itself is saved by the caller."""
    _keep_rows(batch, sheet, [change for change in plan.changes if change.action != UNCHANGED])
    keep_issues(batch, plan.issues)
    errors = [issue for issue in plan.issues if issue.is_error]
    batch.notes = plan.notes
    batch.counts = {
        "rows": plan.rows, NEW: plan.counted(NEW), CHANGED: plan.counted(CHANGED), UNCHANGED: plan.counted(UNCHANGED),
        "untouched": plan.untouched, "warnings": len(plan.issues) - len(errors),
        "whole": sum(not issue.row for issue in errors),
    } | counted(plan.issues)  # fmt: skip


def _keep_rows(batch: ImportBatch, sheet: SheetResource, changes: Sequence[Change]) -> None:
    batch.rows.all().delete()
    for start in range(0, len(changes), CHUNK):
        ImportRow.objects.bulk_create([_row(batch, sheet, change) for change in changes[start : start + CHUNK]])


def counted(issues: Sequence[Issue]) -> dict[str, int]:
    """Give how many errors there are, and in how many rows."""
    errors = [issue for issue in issues if issue.is_error]
    return {"errors": len(errors), "bad_rows": len({issue.row for issue in errors if issue.row})}


def _row(batch: ImportBatch, sheet: SheetResource, change: Change) -> ImportRow:
    return ImportRow(
        batch=batch, number=change.row, label=sheet.label_of(change)[:200], action=change.action, target=change.target,
        key=[str(part) for part in change.key], before=sheet.kept(change.before), after=sheet.kept(change.after),
    )  # fmt: skip


def keep_issues(batch: ImportBatch, issues: Sequence[Issue]) -> None:
    """Put these issues in the place of those that were kept."""
    batch.issues.all().delete()
    rows = [
        ImportIssue(
            batch=batch, sheet=one.sheet, cell=one.cell, row=one.row, label=one.label[:120], value=one.value[:120],
            code=one.code, level=one.level, message=one.message[:300], accepted=list(one.accepted),
        )
        for one in issues[:MOST_ISSUES]
    ]  # fmt: skip
    ImportIssue.objects.bulk_create(rows, batch_size=CHUNK)


def moved(batch: ImportBatch, sheet: SheetResource, plan: Plan) -> Iterator[Issue]:
    """Give what others changed between the preview and the confirmation."""
    seen = {number: (action, before) for number, action, before in batch.rows.values_list("number", "action", "before")}
    for change in plan.changes:
        if change.action != UNCHANGED:
            action, before = seen.get(change.row, ("", None))
            if action != change.action or sheet.back(before) != sheet.known(change.before):
                yield Issue(
                    f"“{sheet.label_of(change)}”在您预览之后被别人改过，这次没有导入。请重新检查，看清现在的值再确认。",
                    plan.sheet, "", change.row, code="moved",
                )  # fmt: skip


def refused(change: Change, sheet: SheetResource, plan: Plan, why: Refused) -> Issue:
    """Give what a verb refused as an issue of its row."""
    label = sheet.columns[why.field].label if why.field and why.field in sheet.columns else ""
    return Issue(str(why), plan.sheet, "", change.row, label, sheet.label_of(change), "refused")


def note_written(batch: ImportBatch, sheet: SheetResource, changes: Sequence[Change]) -> None:
    """Keep with each row the id of what was written, and what the portal holds now: the verb may have filled in more.

    The rows are written anew: of fifty thousand that takes a fifth of the time of an update.
    """
    there = sheet.existing()
    for change in changes:
        change.after = there.get(change.key, change.after)
    _keep_rows(batch, sheet, changes)
