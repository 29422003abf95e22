"""别名: other names of a unit or a group, by which imports and the reader of plans find it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from liaisons import aliases
from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.forms.units import AliasForm
from liaisons.models import Unit, UnitAlias, UnitGroup
from liaisons.permissions import Permission
from liaisons.views.filling import filled


@requires(Permission.MANAGE_UNITS)
def unit_aliases(request: Request, pk: int) -> HttpResponseBase:
    """List a unit's other names and add one."""
    return _page(request, found(Unit.objects, pk=pk), "unit")


@requires(Permission.MANAGE_UNITS)
def group_aliases(request: Request, pk: int) -> HttpResponseBase:
    """List a group's other names and add one."""
    return _page(request, found(UnitGroup.objects, pk=pk), "group")


def _page(request: Request, owner: Unit | UnitGroup, kind: str) -> HttpResponseBase:
    sheet = Sheet(request.POST or None, AliasForm, {})

    def save() -> HttpResponseBase:
        alias = aliases.add(sheet.form.cleaned_data["name"], owner, by=request.user)
        messages.success(request, f"已加别名“{alias.name}”。")
        return redirect(f"{kind}_aliases", owner.pk)

    context = {"sheet": sheet, "owner": owner, "kind": kind, "aliases": owner.aliases.all()}
    return filled(request, sheet, save) or render(request, "liaisons/aliases.html", context)


@requires(Permission.MANAGE_UNITS)
@require_POST
def remove_alias(request: Request, pk: int) -> HttpResponseBase:
    """Take an alias away."""
    alias = found(UnitAlias.objects.select_related("unit", "group"), pk=pk)
    aliases.remove(alias, by=request.user)
    messages.success(request, f"已去掉别名“{alias.name}”。")
    return redirect("unit_aliases", alias.unit_id) if alias.unit_id else redirect("group_aliases", alias.group_id)
