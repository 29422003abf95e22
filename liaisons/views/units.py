"""单位: listed, made, corrected, their other names. Merging and dissolving stand with the duties they move."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from liaisons import units
from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.forms.units import NewUnitForm, UnitForm
from liaisons.models import Unit
from liaisons.permissions import Permission
from liaisons.views.filling import filled

READERS = (Permission.MANAGE_UNITS, Permission.EDIT_PLANS)


@requires(*READERS)
def unit_list(request: Request) -> HttpResponseBase:
    """List all units, those that stand by kind, then those that are closed."""
    rows = list(Unit.objects.select_related("successor").prefetch_related("aliases", "memberships__group"))
    standing = [
        (name, [unit for unit in rows if unit.kind == kind and not unit.closed_on])
        for kind, name in Unit._meta.get_field("kind").choices or []
    ]
    closed = [unit for unit in rows if unit.closed_on]
    context = {"standing": [(name, units) for name, units in standing if units], "closed": closed}
    return render(request, "liaisons/units.html", context | {"may_write": request.user.may(Permission.MANAGE_UNITS)})


@requires(Permission.MANAGE_UNITS)
def new_unit(request: Request) -> HttpResponseBase:
    """Make a unit."""
    sheet = Sheet(request.POST or None, NewUnitForm, {})

    def save() -> HttpResponseBase:
        unit = units.create(by=request.user, **sheet.form.values())
        messages.success(request, f"{unit.name}已建立。要让它承办事项，请把它加入群组或写进方案。")
        return redirect("unit", unit.pk)

    return filled(request, sheet, save) or render(request, "liaisons/unit/form.html", {"sheet": sheet})


@requires(Permission.MANAGE_UNITS)
def edit_unit(request: Request, pk: int) -> HttpResponseBase:
    """Correct a unit."""
    unit = found(Unit.objects, pk=pk)

    form = partial(UnitForm, unit=unit)
    sheet = Sheet(request.POST or None, form, {}, lambda: units.stamp_of(found(Unit.objects, pk=pk)))

    def save() -> HttpResponseBase:
        units.amend(unit, by=request.user, seen=sheet.seen, **sheet.form.values())
        messages.success(request, "已保存。原来的名称留作别名。")
        return redirect("unit", pk)

    return filled(request, sheet, save) or render(request, "liaisons/unit/form.html", {"sheet": sheet, "unit": unit})
