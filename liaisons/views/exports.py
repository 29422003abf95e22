"""Taking an export: at once when it is small, else from the page that shows how far the worker is."""

from __future__ import annotations

import io

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from liaisons import export_runs, exports
from liaisons.access import Request, found, requires
from liaisons.exports import Export, Made, Wish
from liaisons.models import ExportRun
from liaisons.permissions import Permission
from xingxian_portal.foundation import clock, handing_out
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.printed import printed

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@requires(Permission.VIEW_WALL)
@never_cache
def take(request: Request, slug: str) -> HttpResponseBase:
    """Hand out the export asked for; whole telephone numbers only go out to a form sent on purpose."""
    export = exports.named(slug, request.user)
    if export is None:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    in_full = request.method == "POST" and bool(given.get("in_full")) and export.in_full(request.user)
    wish = Wish(request.user, clock.now(), export.asked(given), in_full)
    try:
        made = export.make(wish)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("exports")
    if made.rows > settings.EXPORT_ROWS_AT_ONCE:
        return redirect("export_run", export_runs.ask(export, wish, made).pk)
    return _answer(export, wish, made)


def _answer(export: Export, wish: Wish, made: Made) -> HttpResponseBase:
    data = printed(made.sheets, made.tones)
    exports.note(export, wish, made)
    name = f"{made.name or export.title}{timezone.localtime(wish.at):%Y%m%d%H%M}.xlsx"
    return FileResponse(io.BytesIO(data), as_attachment=True, filename=name, content_type=WORKBOOK)


@requires(Permission.VIEW_WALL)
def run_page(request: Request, pk: int) -> HttpResponseBase:
    """Show how far one's own big export is; the page asks again by itself until it is there."""
    run = found(ExportRun.objects.filter(asked_by=request.user), pk=pk)
    template = "liaisons/export_progress.html" if request.htmx else "liaisons/export_run.html"
    return render(request, template, {"run": run})


@requires(Permission.VIEW_WALL)
@never_cache
def run_file(request: Request, pk: int) -> HttpResponseBase:
    """Hand out the written workbook."""
    run = found(ExportRun.objects.filter(asked_by=request.user, file__isnull=False).select_related("file"), pk=pk)
    export = exports.named(run.slug, request.user)
    if export is None or run.file is None:
        raise Http404
    with transaction.atomic():
        wish = Wish(request.user, run.as_of, run.query, run.in_full)
        exports.note(export, wish, Made((), run.total), run=run.pk)
        return handing_out.hand_out(run.file, "export.download", by=request.user, subject=run)
