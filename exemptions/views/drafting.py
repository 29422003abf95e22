"""A unit's work on an edition: begin, head, items, examples, file, withdraw, give up."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from exemptions import editions, items, list_succession
from exemptions.editions import NotComplete
from exemptions.forms import item as item_forms
from exemptions.forms.edition import FiledHeadForm, HeadForm
from exemptions.models import Edition, Item, LegalBasis
from exemptions.models.edition import EditionQuerySet
from exemptions.views.lists import editions_of
from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.models import Unit
from liaisons.permissions import Permission as P
from liaisons.views.filling import filled
from reform.forms.typed import ids
from reform.views.acting import carried_out, done
from xingxian_portal.foundation.refusal import Refused


def own_editions(request: Request) -> EditionQuerySet:
    """Give the editions of the units for which the person files."""
    return editions_of(request).kept_by(request.user)


@requires(P.FILE)
@require_POST
def begin(request: Request, pk: int, kind: str) -> HttpResponseBase:
    """起草 the next edition of one's own list."""
    unit = found(Unit.objects.filter(pk__in=request.user.unit_ids_with(P.FILE)), pk=pk)
    begun: list[Edition] = []
    if done(request, lambda: begun.append(editions.begin(unit, kind, by=request.user)), "已起草，填好后报送备案。"):
        return redirect("edition", begun[0].pk)
    return redirect("exemption_lists")


@requires(P.FILE)
def edit_head(request: Request, pk: int) -> HttpResponseBase:
    """Write what stands above the items, or the count and the file of a list without items."""
    row = found(own_editions(request), pk=pk)
    if not row.is_editable:
        return _closed(request, row)
    return _items_head(request, row) if row.exemption_list.has_items else _filed_head(request, row)


def _items_head(request: Request, row: Edition) -> HttpResponseBase:
    first = {name: getattr(row, name) for name in HeadForm.base_fields}
    sheet = Sheet(request.POST or None, HeadForm, first, lambda: editions.stamp(Edition.objects.get(pk=row.pk)))

    def save() -> HttpResponseBase:
        editions.write_head(row, by=request.user, seen=sheet.seen, **sheet.form.cleaned_data)
        messages.success(request, "已保存。")
        return redirect("edition", row.pk)

    return filled(request, sheet, save) or render(
        request, "exemptions/head_form.html", {"sheet": sheet, "edition": row, "form": sheet.form}
    )


def _filed_head(request: Request, row: Edition) -> HttpResponseBase:
    first = {"stated_count": row.stated_count, "reason": row.reason, "note": row.note}
    form = FiledHeadForm(request.POST or None, request.FILES or None, initial=first)
    if form.is_valid() and carried_out(form, lambda: _write_filed(request, row, dict(form.cleaned_data))):
        messages.success(request, "已保存。")
        return redirect("edition", row.pk)
    return render(request, "exemptions/head_form.html", {"form": form, "edition": row})


def _write_filed(request: Request, row: Edition, values: dict[str, Any]) -> None:
    if file := values.pop("file", None):
        editions.attach(row, file, by=request.user)
    editions.write_head(row, by=request.user, **values)


def _closed(request: Request, row: Edition) -> HttpResponseBase:
    messages.warning(request, f"这一版清单现在是“{row.get_state_display()}”，不能修改。")
    return redirect("edition", row.pk)


@requires(P.FILE)
def new_item(request: Request, pk: int) -> HttpResponseBase:
    """Add an item at the end."""
    row = found(own_editions(request), pk=pk)
    if not row.is_editable:
        return _closed(request, row)
    first = {"authority": row.exemption_list.unit.name, "measures": ["order", "education"], "kind": Item.FIRST}
    return _item_page(request, row, None, _sheet(request, first, []))


@requires(P.FILE)
def edit_item(request: Request, pk: int) -> HttpResponseBase:
    """Change an item of an edition in work."""
    item = found(Item.objects.in_full(), pk=pk)
    row = found(own_editions(request), pk=item.edition_id)
    if not row.is_editable:
        return _closed(request, row)
    sheet = _sheet(request, item_forms.shown(item), item_forms.rows(item), item)
    return _item_page(request, row, item, sheet)


def _sheet(request: Request, first: dict[str, Any], rows: list[dict[str, Any]], item: Item | None = None) -> Sheet:
    def mark() -> str:
        return items.stamp(Item.objects.get(pk=item.pk)) if item else ""

    parts = {"conditions": (item_forms.ConditionRows, rows)}
    return Sheet(request.POST or None, item_forms.ItemForm, first, mark if item else None, parts)


def _item_page(request: Request, row: Edition, item: Item | None, sheet: Sheet) -> HttpResponseBase:
    def save() -> HttpResponseBase:
        conditions = [form.read() for form in sheet.rows["conditions"].filled()]
        values = dict(sheet.form.cleaned_data) | {"conditions": conditions}
        if item:
            items.change(item, by=request.user, seen=sheet.seen, **values)
        else:
            items.add(row, by=request.user, **values)
        messages.success(request, "已保存。")
        return redirect("item_new", row.pk) if "another" in request.POST else redirect("edition", row.pk)

    bases = LegalBasis.objects.filter(status=LegalBasis.IN_FORCE)
    given = {"sheet": sheet, "edition": row, "item": item, "bases": bases}
    return filled(request, sheet, save) or render(request, "exemptions/item_form.html", given)


@requires(P.FILE)
@require_POST
def remove_item(request: Request, pk: int) -> HttpResponseBase:
    """Take an item out."""
    item = found(Item.objects.filter(edition__in=own_editions(request)), pk=pk)
    done(request, lambda: items.remove(item, by=request.user), f"已删去：{item.conduct}")
    return redirect("edition", item.edition_id)


@requires(P.FILE)
def examples(request: Request, pk: int) -> HttpResponseBase:
    """Choose from the examples what to begin with."""
    row = found(own_editions(request), pk=pk)
    if not row.is_editable or not row.exemption_list.has_items:
        return _closed(request, row)
    if request.method == "POST":
        chosen = ids(request.POST.getlist("item"))
        said = f"已加入 {len(chosen)} 项，请逐项核实依据和条件。"
        if chosen and done(request, lambda: items.take_over(row, chosen, by=request.user), said):
            return redirect("edition", row.pk)
        if not chosen:
            messages.warning(request, "请先勾选要采用的示例。")
    return render(request, "exemptions/examples.html", {"edition": row, "items": items.examples()})


@requires(P.FILE)
@require_POST
def file_edition(request: Request, pk: int) -> HttpResponseBase:
    """报送备案; what is missing is said on the edition's page."""
    row = found(own_editions(request), pk=pk)
    try:
        editions.file(row, by=request.user)
    except NotComplete as refused:
        for fault in refused.faults:
            messages.error(request, fault)
    except Refused as refused:
        messages.warning(request, str(refused))
    else:
        messages.success(request, "已报送，等县司法局审查。")
    return redirect("edition", pk)


@requires(P.FILE)
@require_POST
def withdraw(request: Request, pk: int) -> HttpResponseBase:
    """撤回."""
    row = found(own_editions(request), pk=pk)
    done(request, lambda: editions.withdraw(row, by=request.user), "已撤回。修改后请重新报送，报送时间按再次报送计算。")
    return redirect("edition", pk)


@requires(P.FILE)
@require_POST
def drop(request: Request, pk: int) -> HttpResponseBase:
    """Give a draft up."""
    row = found(own_editions(request), pk=pk)
    done(request, lambda: editions.drop(row, by=request.user), f"已放弃：{row}")
    return redirect("exemption_lists")


@requires(P.FILE)
@require_POST
def bring_over(request: Request, pk: int) -> HttpResponseBase:
    """并入 the list of a merged unit into one's own draft."""
    row = found(own_editions(request), pk=pk)
    brought: list[Edition] = []
    said = "已并入本单位清单的草稿，两边都有的行为不重复。请核对后报送备案。"
    if done(request, lambda: brought.append(list_succession.bring_over(row, by=request.user)[0]), said):
        return redirect("edition", brought[0].pk)
    return redirect("edition", pk)
