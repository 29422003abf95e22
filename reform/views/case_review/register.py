"""案卷目录: the register, one entry with its documents, and the documents themselves."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.models import Unit
from liaisons.permissions import Permission as P
from reform.case_review import reassigning, register, rights
from reform.forms.case_register import CaseFileForm, FilterForm, NewCaseFileForm, shown
from reform.forms.elsewhere import ElsewhereForm
from reform.forms.typed import FILES
from reform.models import CaseDocument, CaseFile, CaseReview
from reform.views.acting import carried_out, done
from xingxian_portal.foundation import clock, handing_out, stamps, uploads

PER_PAGE = 40
KEEPS = (P.FILE, P.ORGANISE_REVIEWS)
READS = (P.READ_OWN, P.READ_ANY_FILING)


def kept_units(request: Request) -> list[Unit]:
    """Give the units for which the person registers."""
    rows = Unit.objects.filter(
        Q(pk__in=request.user.unit_ids_with(P.FILE)) | Q(kind=Unit.BUREAU), closed_on__isnull=True
    )
    return [unit for unit in rows if rights.registers_for(request.user, unit)]


def _seen(request: Request) -> QuerySet[CaseFile]:
    return CaseFile.objects.visible_to(request.user).select_related("unit", "field")


@requires(*READS)
def file_list(request: Request) -> HttpResponseBase:
    """List the register of the units one sees."""
    rows = _seen(request)
    units = list(Unit.objects.filter(case_files__in=rows.values("pk")).distinct())
    form = FilterForm(request.GET or None, units=units)
    if form.is_valid():
        rows = _narrowed(rows, form.cleaned_data)
    rows = rows.annotate(document_count=Count("documents", distinct=True), draw_count=Count("drawn", distinct=True))
    rows = rows.order_by(*CaseFile._meta.ordering or ())  # an aggregate forgets it
    given = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "form": form,
        "one_unit": len(units) < 2, "keeps": bool(kept_units(request)), "is_narrowed": any(request.GET.values()),
    }  # fmt: skip
    return render(request, "reform/case_review/files.html", given)


def _narrowed(rows: QuerySet[CaseFile], wanted: dict) -> QuerySet[CaseFile]:
    if unit := wanted.get("unit"):
        rows = rows.filter(unit=unit)
    if kind := wanted.get("kind"):
        rows = rows.filter(kind=kind)
    for word in wanted.get("text", "").split():
        rows = rows.filter(Q(number__icontains=word) | Q(title__icontains=word) | Q(party__icontains=word))
    return rows


@requires(*KEEPS)
def new_file(request: Request) -> HttpResponseBase:
    """Enter a case file."""
    form = NewCaseFileForm(request.POST or None, units=kept_units(request))
    if form.is_valid():
        values = dict(form.cleaned_data)
        unit = values.pop("unit")
        if carried_out(form, lambda: register.register(unit, values, by=request.user)):
            messages.success(request, f"已登记 {values['number']}。")
            return redirect("case_file_new" if "another" in request.POST else "case_files")
    return render(request, "reform/case_review/file_form.html", {"form": form})


@requires(*READS)
def case_file(request: Request, pk: int) -> HttpResponseBase:
    """Show one entry with its documents and where it was drawn."""
    return _file_page(request, found(_seen(request), pk=pk))


def _file_page(request: Request, file: CaseFile, refusal: str = "") -> HttpResponseBase:
    seen = file.drawn.visible_to(request.user).values_list("pk", flat=True)
    given = {
        "file": file, "documents": file.documents.select_related("file", "elsewhere"), "refusal": refusal,
        "drawn": file.drawn.select_related("round"), "results": set(seen), "endings": uploads.ENDINGS,
        "keeps": rights.registers_for(request.user, file.unit), "fixed_because": register.fixed_because(file),
    }  # fmt: skip
    return render(request, "reform/case_review/file.html", given)


@requires(*KEEPS)
def edit_file(request: Request, pk: int) -> HttpResponseBase:
    """Correct an entry."""
    file = found(_seen(request).filter(unit__in=kept_units(request)), pk=pk)
    form = CaseFileForm(request.POST or None, initial=shown(file))
    seen = request.POST.get("seen") or stamps.stamp(file)
    if form.is_valid():
        values = dict(form.cleaned_data)
        if carried_out(form, lambda: register.edit(file, values, seen=seen, by=request.user)):
            messages.success(request, "已保存。")
            return redirect("case_file", pk)
        seen = stamps.stamp(CaseFile.objects.get(pk=pk))
    return render(request, "reform/case_review/file_form.html", {"form": form, "file": file, "seen": seen})


@requires(*KEEPS)
@require_POST
def remove_file(request: Request, pk: int) -> HttpResponseBase:
    """Take an entry out."""
    file = found(_seen(request), pk=pk)
    if done(request, lambda: register.remove(file, by=request.user), f"已删除 {file.number}。"):
        return redirect("case_files")
    return redirect("case_file", pk)


# ── documents ──────────────────────────────────────────────


@requires(*KEEPS)
@require_POST
def attach(request: Request, pk: int) -> HttpResponseBase:
    """Put scans into a file."""
    file = found(_seen(request), pk=pk)
    sent = request.FILES.getlist(FILES)
    if not sent:
        return _file_page(request, file, "请先选择文件。")
    try:
        done(request, lambda: register.attach(file, sent, by=request.user), f"已添加 {len(sent)} 个文件。")
    except uploads.Refused as refused:
        return _file_page(request, file, str(refused))
    return redirect("case_file", pk)


@requires(*KEEPS)
@never_cache
def name_elsewhere(request: Request, pk: int) -> HttpResponseBase:
    """Name a film or recording that is too large and stays with the unit."""
    file = found(_seen(request).filter(unit__in=kept_units(request)), pk=pk)
    form = ElsewhereForm(request.POST or None, initial={"kept_on": clock.today()})
    if form.is_valid() and carried_out(form, lambda: register.name_elsewhere(file, form.details(), by=request.user)):
        messages.success(request, "已登记留存本单位的文件，评查员看得到存放地点。请保管好原件。")
        return redirect("case_file", pk)
    back = reverse("case_file", args=[pk])
    given = {"form": form, "back": back, "back_to": "回到案卷", "of": f"{file.number}　{file.title}"}
    return render(request, "reform/elsewhere.html", given)


@requires(*READS, P.SCORE_CASES)
@never_cache
@xframe_options_sameorigin
def document(request: Request, pk: int) -> HttpResponseBase:
    """Send a document, to be shown beside the sheet with `?shown=1`, to who sees the file or has a sheet on it."""
    rows = CaseDocument.objects.select_related("file", "case_file__unit")
    taken = [one.sheet.pk for one in reassigning.taken_from(request.user)]
    mine = CaseReview.objects.filter(reviewer__user=request.user).exclude(pk__in=taken)
    seen = rows.filter(
        Q(case_file__drawn__sheets__in=mine) | Q(case_file__in=CaseFile.objects.visible_to(request.user))
    ).distinct()
    row = found(seen.filter(file__isnull=False), pk=pk)
    assert row.file
    return handing_out.hand_out(
        row.file, "docket.download", by=request.user, subject=row, unit_code=row.case_file.unit.code,
        after={"case_file": row.case_file_id}, shown=bool(request.GET.get("shown")),
    )  # fmt: skip


@requires(*KEEPS)
@require_POST
def detach(request: Request, pk: int) -> HttpResponseBase:
    """Take a document out again."""
    rows = CaseDocument.objects.filter(case_file__in=CaseFile.objects.visible_to(request.user))
    row = found(rows.select_related("file", "elsewhere", "case_file__unit"), pk=pk)
    done(request, lambda: register.detach(row, by=request.user), f"已删去 {row}。")
    return redirect("case_file", row.case_file_id)
