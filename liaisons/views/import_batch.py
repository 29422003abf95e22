"""One workbook that was sent: how far its check is, what it would change, what is wrong, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaisons import import_runs, imports
from liaisons.access import Request, found, requires
from liaisons.views.imports import BRINGS, workbook
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import annotated, batches, confirmation
from xingxian_portal.foundation.workbook.imports import ImportBatch, ImportRow
from xingxian_portal.foundation.workbook.resource import SheetResource

ROWS_SHOWN, ISSUES_SHOWN = 50, 500


def _own(request: Request, pk: int) -> tuple[ImportBatch, SheetResource]:
    """Give the batch and its sheet; 404 for what another sent, and for a sheet that is not the visitor's any more."""
    batch = found(ImportBatch.objects.visible_to(request.user).select_related("file"), pk=pk)
    sheet = imports.opened(batch, request.user)
    if sheet is None:
        raise Http404
    return batch, sheet


@requires(*BRINGS)
@never_cache
def import_batch(request: Request, pk: int) -> HttpResponseBase:
    """Show the batch; while it is worked on the page asks again by itself."""
    batch, sheet = _own(request, pk)
    if request.htmx:
        answer = render(request, "liaisons/import_progress.html", {"batch": batch})
        if not batch.is_working:
            answer["HX-Refresh"] = "true"
        return answer
    page = Paginator(batch.rows.all(), ROWS_SHOWN).get_page(request.GET.get("page"))
    context = {
        "batch": batch, "sheet": sheet, "page": page, "rows": _rows(page, sheet), "issues": batch.issues.all()[:ISSUES_SHOWN],
        "issue_count": batch.issues.count(), "changes": batch.counts.get("new", 0) + batch.counts.get("changed", 0),
        "token": confirmation.token(batch, request.user), "may_leave_out": _may_leave_out(batch, request),
        "is_open": batch.state in batches.OPEN,
    }  # fmt: skip
    return render(request, "liaisons/import_batch.html", context)


def _rows(page: Page[ImportRow], sheet: SheetResource) -> list[dict[str, Any]]:
    return [
        {"row": row, "differences": sheet.differences(sheet.back(row.before), sheet.back(row.after) or {})}
        for row in page
    ]


def _may_leave_out(batch: ImportBatch, request: Request) -> bool:
    good = batch.state == ImportBatch.FAULTY and not batch.counts.get("whole")
    return good and imports.may_leave_out(request.user)


def _done(request: Request, pk: int, act: Callable[[ImportBatch, SheetResource], str]) -> HttpResponseBase:
    """Do one act on the visitor's batch and come back to its page; `act` gives what to say."""
    batch, sheet = _own(request, pk)
    try:
        said = act(batch, sheet)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if said:
            messages.success(request, said)
    return redirect("import_batch", pk)


@requires(*BRINGS)
@require_POST
def confirm(request: Request, pk: int) -> HttpResponseBase:
    """Import what was previewed: everything is checked again and written whole, or nothing is."""

    def act(batch: ImportBatch, sheet: SheetResource) -> str:
        good_only = bool(request.POST.get("good_only"))
        if batch.state in (ImportBatch.WRITING, ImportBatch.APPLIED):
            return ""  # a second click
        if good_only and not imports.may_leave_out(request.user):
            raise Http404
        confirmation.require(request.POST.get("token", ""), batch, request.user)
        import_runs.begin(batches.confirm(batch, by=request.user, good_only=good_only), sheet)
        return ""

    return _done(request, pk, act)


@requires(*BRINGS)
@require_POST
def recheck(request: Request, pk: int) -> HttpResponseBase:
    """Check the same file again against what the portal holds now."""

    def act(batch: ImportBatch, sheet: SheetResource) -> str:
        import_runs.begin(batches.recheck(batch), sheet)
        return "已按平台现在的内容重新检查。"

    return _done(request, pk, act)


@requires(*BRINGS)
@require_POST
def undo(request: Request, pk: int) -> HttpResponseBase:
    """Take the import back while nothing it wrote was touched."""

    def act(batch: ImportBatch, sheet: SheetResource) -> str:
        import_runs.begin(batches.order_undo(batch), sheet)
        batch.refresh_from_db()
        if batch.state == ImportBatch.APPLIED and (why := batch.issues.filter(code="undo").first()):
            raise Refused(why.message)
        return ""

    return _done(request, pk, act)


@requires(*BRINGS)
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    """Give the workbook up; nothing of it is kept but that it was sent."""

    def act(batch: ImportBatch, sheet: SheetResource) -> str:
        batches.drop(batch, by=request.user)
        return "已放弃，文件已删除，什么也没有导入。"

    return _done(request, pk, act)


@requires(*BRINGS)
@never_cache
def annotated_file(request: Request, pk: int) -> HttpResponseBase:
    """Hand out the sender's own workbook with every problem marked in its cell, to mend and send again."""
    batch, _ = _own(request, pk)
    try:
        data = annotated.made(batch)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("import_batch", pk)
    stem = batch.file_name.rpartition(".")[0] or batch.file_name
    return workbook(data, f"{stem.removesuffix(annotated.SUFFIX)}{annotated.SUFFIX}.xlsx")
