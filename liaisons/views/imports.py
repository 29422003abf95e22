"""导入: which sheets one may bring in, their templates, sending a workbook, and what one has sent before."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache

from liaisons import import_runs, imports
from liaisons.access import Request, requires
from liaisons.forms.imports import SubjectForm, WorkbookForm
from liaisons.models import User
from liaisons.permissions import Permission as P
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook import batches, template
from xingxian_portal.foundation.workbook.imports import ImportBatch
from xingxian_portal.foundation.workbook.resource import SheetResource

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BRINGS = (P.FILE, P.KEEP_CONTACTS, P.KEEP_ANY_CONTACTS, P.MANAGE_UNITS, P.MANAGE_CALENDAR, P.ORGANISE_REVIEWS)
BATCHES_SHOWN = 20


@requires(*BRINGS)
def import_list(request: Request) -> HttpResponseBase:
    """List the sheets one may bring in, and the workbooks one has sent."""
    sent = ImportBatch.objects.visible_to(request.user).select_related("file")
    page = Paginator(sent, BATCHES_SHOWN).get_page(request.GET.get("page"))
    mine = imports.all_sheets()
    rows = [(batch, imports.title_of(batch.sheet), batch.sheet in mine and mine[batch.sheet].admits(request.user)) for batch in page]  # fmt: skip
    context = {"parts": imports.offered_to(request.user), "page": page, "rows": rows}
    return render(request, "liaisons/imports.html", context)


def _kind(request: Request, slug: str) -> type[SheetResource]:
    kind = imports.named(slug, request.user)
    if kind is None:
        raise Http404
    return kind


@requires(*BRINGS)
def import_sheet(request: Request, slug: str) -> HttpResponseBase:
    """Take a workbook for a sheet; what is refused is said beside the file."""
    kind = _kind(request, slug)
    subjects = kind.subjects(request.user)
    sent = request.method == "POST"
    first = {"subject": request.GET.get("subject", "")}  # a page of what is imported into leads here
    form = WorkbookForm(
        request.POST if sent else None, request.FILES if sent else None, subjects=subjects, initial=first
    )
    if form.is_valid():
        sheet = kind(by=request.user, subject=form.chosen)
        try:
            batch, is_new = batches.receive(cast(UploadedFile, form.cleaned_data["file"]), sheet)
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            if is_new:
                import_runs.begin(batch, sheet)
                return redirect("import_batch", batch.pk)
            said = _said_before(batch)
            if batch.made_by_id == request.user.pk:
                messages.info(request, said)
                return redirect("import_batch", batch.pk)
            form.add_error("file", said)
    context = {
        "sheet": kind,
        "form": form,
        "subjects": subjects,
        "template": SubjectForm(subjects=subjects, initial=first, auto_id="template_%s"),
    }
    return render(request, "liaisons/import_sheet.html", context)


def _said_before(batch: ImportBatch) -> str:
    maker = User.objects.filter(pk=batch.made_by_id).first()
    when = f"{batch.confirmed_at:%Y-%m-%d %H:%M}" if batch.confirmed_at else ""
    return f"这份文件已导入过（{when}，{maker or ''}），没有再写入。"


@requires(*BRINGS)
@never_cache
def import_template(request: Request, slug: str) -> HttpResponseBase:
    """Hand out the template, filled with what the asker's unit has."""
    kind = _kind(request, slug)
    form = SubjectForm(request.GET, subjects=kind.subjects(request.user))
    if not form.is_valid():
        messages.error(request, str(form.errors["subject"][0]))
        return redirect("import_sheet", slug)
    sheet = kind(by=request.user, subject=form.chosen)
    data = template.made(sheet)
    with transaction.atomic():
        audit.record("import.template", by=request.user, after={"sheet": slug, "subject": form.chosen})
    return workbook(data, f"{sheet.title}模板{sheet.subject().label if form.chosen else ''}.xlsx")


def workbook(data: bytes, name: str) -> HttpResponse:
    """Answer with a workbook under this name."""
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(data, content_type=XLSX, headers=headers)
