"""评查标准: the versions, one version, its successor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet, Sum
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons.access import Request, found, requires
from liaisons.forms.fields import WordsField
from liaisons.forms.rows import Rows
from liaisons.permissions import Permission as P
from reform.case_review import standards
from reform.forms.case_review import POINTS, NewStandardForm, StandardForm
from reform.models import ReviewItem, ReviewStandard, ReviewVeto
from reform.views.acting import carried_out, done

MOST_ITEMS = 120


class ItemForm(forms.Form):
    """One item of the sheet."""

    section = WordsField(label="部分", max_length=30)
    title = WordsField(label="评查项目", max_length=120)
    points = forms.DecimalField(
        label="分值", max_digits=5, decimal_places=2, min_value=0.01, max_value=100, error_messages=POINTS
    )
    problem_class = forms.ChoiceField(label="问题类别", choices=ReviewItem.CLASSES, initial=ReviewItem.PAPERS)
    rule = WordsField(label="扣分规则", max_length=200, required=False)
    source = WordsField(label="来源", max_length=200, required=False)


class VetoForm(forms.Form):
    """One veto: what must not be found in a file, and what it does to the file."""

    text = WordsField(label="否决情形", max_length=200)
    effect = forms.ChoiceField(label="后果", choices=ReviewVeto.EFFECTS, initial=ReviewVeto.FAIL)
    source = WordsField(label="来源", max_length=200, required=False)


def _rows_of(form: type[forms.Form]) -> Any:
    return forms.formset_factory(
        form, Rows, extra=1, can_delete=True, max_num=MOST_ITEMS, absolute_max=MOST_ITEMS, validate_max=True
    )


ItemRows, VetoRows = _rows_of(ItemForm), _rows_of(VetoForm)


@requires(P.VIEW_WALL)
def standard_list(request: Request) -> HttpResponseBase:
    """List every version."""
    rows = ReviewStandard.objects.all()
    if not request.user.may(P.ORGANISE_REVIEWS):
        rows = rows.exclude(issued_at=None)
    return render(request, "reform/case_review/standards.html", {"standards": rows})


def _seen(request: Request, pk: int) -> ReviewStandard:
    rows = ReviewStandard.objects.all()
    return found(rows if request.user.may(P.ORGANISE_REVIEWS) else rows.exclude(issued_at=None), pk=pk)


@requires(P.VIEW_WALL)
def standard(request: Request, pk: int) -> HttpResponseBase:
    """Show one version whole."""
    row = _seen(request, pk)
    total = row.items.aggregate(total=Sum("points"))["total"]
    newest = ReviewStandard.objects.filter(code=row.code).order_by("-version").first()
    context = {"standard": row, "items": row.items.all(), "vetoes": row.vetoes.all(), "total": total, "newest": newest}
    return render(request, "reform/case_review/standard.html", context)


@requires(P.ORGANISE_REVIEWS)
def new_standard(request: Request) -> HttpResponseBase:
    """Begin a standard of its own, from nothing or from one that is there."""
    form = NewStandardForm(request.POST or None)
    if form.is_valid():
        made: list[ReviewStandard] = []
        if carried_out(form, lambda: made.append(standards.begin(**form.cleaned_data, by=request.user))):
            return redirect("review_standard_edit", made[0].pk)
    return render(request, "reform/case_review/standard_new.html", {"form": form})


@requires(P.ORGANISE_REVIEWS)
@require_POST
def revise(request: Request, pk: int) -> HttpResponseBase:
    """Begin the next version."""
    draft = standards.revise(_seen(request, pk), by=request.user)
    return redirect("review_standard_edit", draft.pk)


@requires(P.ORGANISE_REVIEWS)
def edit(request: Request, pk: int) -> HttpResponseBase:
    """Change a version that is not issued."""
    row = _seen(request, pk)
    if not row.is_draft:
        messages.info(request, "这一版已经启用，不能再改；请修订出新的一版。")
        return redirect("review_standard", pk)
    names = list(StandardForm.base_fields)
    form = StandardForm(request.POST or None, initial={name: getattr(row, name) for name in names})
    items = _rows(request, ItemRows, "items", row.items.all())
    vetoes = _rows(request, VetoRows, "vetoes", row.vetoes.all())
    if request.method == "POST" and all([form.is_valid(), items.is_valid(), vetoes.is_valid()]):
        given = form.cleaned_data | {"items": _filled(items), "vetoes": _filled(vetoes)}
        if carried_out(form, lambda: standards.edit(row, by=request.user, **given)):
            messages.success(request, "已保存。")
            return redirect("review_standard", pk)
    context = {"standard": row, "form": form, "items": items, "vetoes": vetoes}
    return render(request, "reform/case_review/standard_form.html", context)


def _rows(request: Request, rows: Any, prefix: str, there: QuerySet[Any]) -> Any:
    if request.method == "POST":
        return rows(request.POST, prefix=prefix)
    columns = list(rows.form.base_fields)
    return rows(initial=list(there.values(*columns)), prefix=prefix)


def _filled(rows: Any) -> list[dict[str, Any]]:
    return [{name: one.cleaned_data[name] for name in rows.form.base_fields} for one in rows.filled()]


@requires(P.ORGANISE_REVIEWS)
@require_POST
def issue(request: Request, pk: int) -> HttpResponseBase:
    """启用."""
    row = _seen(request, pk)
    done(request, lambda: standards.issue(row, by=request.user), "已启用，新建的评查活动可以选用这一版。")
    return redirect("review_standard", pk)
