"""Files of a case: taken in, handed out, taken out again; and its papers as .docx."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from exemptions.cases import materials, papers
from exemptions.forms.case_acts import FilesForm, MaterialElsewhereForm
from exemptions.models import CaseFile, ExemptionCase
from exemptions.views.cases import READERS, material, visible, worked_on
from liaisons.access import Request, requires
from liaisons.permissions import Permission as P
from reform.views.acting import carried_out, done
from xingxian_portal.foundation import audit, clock, handing_out

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@requires(P.FILE)
@require_POST
def attach(request: Request, pk: int) -> HttpResponseBase:
    """Add files to a case."""
    row = worked_on(request, pk)
    form, files = FilesForm(request.POST), request.FILES.getlist("files")
    if not files:
        messages.warning(request, "请先选择文件，再点上传。")
    elif not form.is_valid():
        messages.warning(request, "请选择材料所属的环节。")
    else:
        stage = form.cleaned_data["stage"]
        done(request, lambda: materials.attach(row, files, stage=stage, by=request.user), "已添加材料。")
    return redirect("exemption_case", pk)


@requires(P.FILE)
@never_cache
def name_elsewhere(request: Request, pk: int) -> HttpResponseBase:
    """Name a film or recording that is too large and stays with the unit."""
    row = worked_on(request, pk)
    back = reverse("exemption_case", args=[pk])
    form = MaterialElsewhereForm(request.POST or None, initial={"kept_on": clock.today()})
    if form.is_valid() and carried_out(form, lambda: _named(request, row, form)):
        messages.success(request, "已登记留存本单位的材料，同样算证据。请保管好原件。")
        return redirect(back)
    given = {"form": form, "back": back, "back_to": "回到案件", "of": f"{row.party_name}　{row.number}"}
    return render(request, "reform/elsewhere.html", given)


def _named(request: Request, row: ExemptionCase, form: MaterialElsewhereForm) -> CaseFile:
    return materials.name_elsewhere(row, form.details(), stage=form.cleaned_data["stage"], by=request.user)


@requires(P.FILE)
@require_POST
def detach(request: Request, pk: int) -> HttpResponseBase:
    """Take a file out of a case."""
    file = material(request, pk)
    worked_on(request, file.case_id)
    done(request, lambda: materials.detach(file, by=request.user), "已删除材料。")
    return redirect("exemption_case", file.case_id)


@requires(*READERS)
@never_cache
def download(request: Request, pk: int) -> HttpResponseBase:
    """Hand out a file of a case."""
    row = material(request, pk)
    if row.file is None:  # it lies with the unit
        raise Http404
    return handing_out.hand_out(
        row.file,
        "case_file.download",
        by=request.user,
        subject=row,
        unit_code=row.case.unit.code,
        after={"case": row.case_id},
    )


@requires(*READERS)
@never_cache
def paper(request: Request, pk: int, slug: str) -> HttpResponseBase:
    """Draw a paper of the case."""
    row = visible(request, pk)
    asked = papers.BY_SLUG.get(slug)
    if asked is None or asked not in papers.ready(row):
        raise Http404
    data = papers.write(row, asked)
    with transaction.atomic():
        audit.record("case.export", by=request.user, subject=row, unit_code=row.unit.code, after={"paper": slug})
    response = HttpResponse(data, content_type=DOCX)
    name = f"{asked.title} {row.number}.docx"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response.headers["Cache-Control"] = "private, no-store"
    return response
