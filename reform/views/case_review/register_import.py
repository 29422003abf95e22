"""案卷目录 by Excel: the workbook to fill in, and taking it back, uploaded or pasted."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from liaisons.access import Request, requires
from liaisons.models import Unit
from reform import rights
from reform.case_review import register_sheet
from reform.forms.case_register import CaseFileForm
from reform.views.case_review.register import KEEPS, kept_units
from xingxian_portal.foundation import uploads
from xingxian_portal.foundation.refusal import Refused

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ImportForm(forms.Form):
    """A table, as a workbook or pasted; for whom."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label="单位", empty_label=None)
    book = forms.FileField(label="Excel 文件", required=False, widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    pasted = forms.CharField(
        label="或者从 Excel、WPS 复制后粘贴在这里", required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="连同列名一起复制。",
    )  # fmt: skip

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["unit"]).queryset = Unit.objects.filter(
            pk__in=[unit.pk for unit in units]
        )


@requires(*KEEPS)
def template(request: Request) -> HttpResponseBase:
    """Send the workbook to fill in."""
    headers = {"Content-Disposition": content_disposition_header(True, "案卷目录模板.xlsx") or "attachment"}
    return HttpResponse(register_sheet.template(), content_type=XLSX, headers=headers)


@requires(*KEEPS)
def import_files(request: Request) -> HttpResponseBase:
    """Take a table: every row or none, all that is wrong said by row, what was pasted still there."""
    sent = request.method == "POST"
    form = ImportForm(request.POST if sent else None, request.FILES if sent else None, units=kept_units(request))
    errors: list[str] = []
    if form.is_valid():
        try:
            made = _taken(request, form)
        except register_sheet.RowsRefused as refused:
            errors = refused.errors
            form.add_error(None, str(refused))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        else:
            messages.success(request, f"已登记 {made} 卷。")
            return redirect("case_files")
    return render(
        request, "reform/case_review/import.html", {"form": form, "errors": errors, "columns": register_sheet.COLUMNS}
    )


def _taken(request: Request, form: ImportForm) -> int:
    entries, errors = [], []
    for number, row in register_sheet.records(_rows(form)):
        entry = CaseFileForm(row)
        if entry.is_valid():
            entries.append((number, entry.cleaned_data))
        else:
            errors += [f"第 {number} 行：{entry.fields[name].label}：{said[0]}" for name, said in entry.errors.items()]
    if errors:
        raise register_sheet.RowsRefused(errors)
    try:
        return register_sheet.register_all(form.cleaned_data["unit"], entries, by=request.user)
    except rights.Denied as denied:
        raise Http404 from denied


def _rows(form: ImportForm) -> list[list[Any]]:
    book = form.cleaned_data["book"]
    if not book:
        return register_sheet.rows_of_text(form.cleaned_data["pasted"])
    if uploads.check(book) != "xlsx":
        raise Refused("请上传 .xlsx 文件。", "book")
    return register_sheet.rows_of_book(book)
