"""The month's material: prepare, read, edit, issue, and take its files."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from liaisons.access import Request, found, requires
from liaisons.permissions import Permission as P
from reform.bulletin import files, pack
from reform.bulletin.facts import digest
from reform.forms.bulletin import BulletinForm, IssueForm
from reform.jobs import make_bulletin_pdf
from reform.models import Bulletin, BulletinFile
from reform.views.acting import carried_out, done
from xingxian_portal.foundation import audit, clock, document_pdf, handing_out
from xingxian_portal.foundation.official_document import levelled

READERS = (P.REVIEW, P.READ_ANY_TEXT, P.EXPORT_ANY, P.READ_OWN)
DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _bulletins(request: Request) -> QuerySet[Bulletin]:
    return Bulletin.objects.visible_to(request.user).select_related("frozen_by", "saved_by", "issued_by")


@requires(P.REVIEW)
@require_POST
def prepare(request: Request) -> HttpResponseBase:
    """Freeze a month and make its draft."""
    made: list[Bulletin] = []
    month = request.POST.get("month", "")[:7]
    done(request, lambda: made.append(pack.prepare(month, by=request.user)), "已取数并生成草稿，请核对、修改后印发。")
    return redirect("bulletin", made[0].pk) if made else redirect("exports")


@requires(*READERS)
def bulletin(request: Request, pk: int) -> HttpResponseBase:
    """Show one: its text and files; to the bureau also what it was made from, and what can be done."""
    return _page(request, found(_bulletins(request), pk=pk))


def _page(
    request: Request, row: Bulletin, form: BulletinForm | None = None, issue: IssueForm | None = None
) -> HttpResponseBase:
    mine = BulletinFile.objects.visible_to(request.user).filter(bulletin=row).select_related("file", "unit")
    writes = request.user.may(P.REVIEW)
    given: dict[str, Any] = {
        "bulletin": row, "writes": writes, "main": [one for one in mine if not one.unit], "feedback": [one for one in mine if one.unit],
        "sound": digest(row.facts) == row.facts_sha256, "pdf_possible": document_pdf.is_possible(), "status": 200,
        "paragraphs": levelled(row.text),
    }  # fmt: skip
    if row.is_draft:
        given["form"] = form or BulletinForm(initial=pack.as_fields(row) | {"revision": row.revision})
        given["issue"] = issue or IssueForm(initial={"number": pack.next_number(clock.today())})
    return render(request, "reform/bulletin.html", given)


@requires(P.REVIEW)
def edit(request: Request, pk: int) -> HttpResponseBase:
    """Save the draft's text; what was typed stays on the page when it cannot be saved."""
    row = found(_bulletins(request), pk=pk)
    form = BulletinForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, row, form if request.method == "POST" else None)
    texts = dict(form.cleaned_data)
    revision = texts.pop("revision") or 0
    if not carried_out(form, lambda: pack.edit(row, by=request.user, revision=revision, **texts)):
        row.refresh_from_db()
        form.data = request.POST.copy()
        form.data["revision"] = str(row.revision)
        return _page(request, row, form)
    messages.success(request, "草稿已保存。")
    return redirect("bulletin", pk)


@requires(P.REVIEW)
@never_cache
def draft(request: Request, pk: int) -> HttpResponseBase:
    """Hand out the draft's document as it would look if it were issued today."""
    row = found(_bulletins(request).filter(state=Bulletin.DRAFT), pk=pk)
    data = files.document(row, clock.today())
    with transaction.atomic():
        audit.record("bulletin.download", by=request.user, subject=row, after={"draft": row.revision})
    answer = HttpResponse(data, content_type=DOCUMENT)
    answer["Content-Disposition"] = content_disposition_header(True, f"（草稿）{row.title}.docx") or "attachment"
    return answer


@requires(P.REVIEW)
@require_POST
def issue(request: Request, pk: int) -> HttpResponseBase:
    """Issue the draft under its number."""
    row = found(_bulletins(request), pk=pk)
    form = IssueForm(request.POST)
    if not form.is_valid() or not carried_out(form, lambda: pack.issue(row, by=request.user, **form.cleaned_data)):
        row.refresh_from_db()
        for errors in form.errors.values() if not row.is_draft else ():
            messages.warning(request, str(errors[0]))
        return _page(request, row, issue=form)
    with suppress(OperationalError):  # a timed job makes the PDF when the queue does not answer
        make_bulletin_pdf.apply_async((row.pk,), retry=False)
    messages.success(request, "已印发，各单位已收到消息。")
    return redirect("bulletin", pk)


@requires(P.REVIEW)
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    """Put the draft aside."""
    row = found(_bulletins(request), pk=pk)
    done(request, lambda: pack.drop(row, by=request.user), "草稿已弃用，可以重新取数。")
    return redirect("exports")


@requires(*READERS)
def file(request: Request, pk: int) -> HttpResponseBase:
    """Hand out one file as it was made."""
    rows = BulletinFile.objects.visible_to(request.user).select_related("file", "bulletin", "unit")
    row = found(rows, pk=pk)
    unit_code = row.unit.code if row.unit else ""
    return handing_out.hand_out(
        row.file, "bulletin.download", by=request.user, subject=row.bulletin, unit_code=unit_code
    )
