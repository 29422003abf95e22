"""单位: one unit with what it owes; merged or dissolved with a page that says before what will happen."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponseBase
from django.shortcuts import redirect, render

from liaisons import role_succession, units
from liaisons.access import Request, found, requires
from liaisons.forms.sheet import Sheet
from liaisons.forms.units import DissolveForm, MergeForm
from liaisons.models import Unit
from liaisons.permissions import Permission
from liaisons.views.filling import filled
from reform import mergers, unit_standing
from reform.lights import GLYPHS, NAMES, WORST_FIRST
from reform.lit import Lamp
from reform.models import Obligation
from xingxian_portal.foundation import clock

PER_PAGE = 40


@requires(Permission.VIEW_WALL)
def unit(request: Request, pk: int) -> HttpResponseBase:
    """Show one unit: what it is, its groups, its duties by light."""
    shown = found(Unit.objects.select_related("successor").prefetch_related("aliases", "predecessors"), pk=pk)
    rows = (
        Obligation.objects.visible_to(request.user).filter(unit=shown).select_related("milestone__task__plan", "unit")
    )
    lit = Lamp().all(rows.order_by("due_on", "pk"))
    numbers = Counter(one.light for one in lit)
    context = {
        "unit": shown, "page": Paginator(lit, PER_PAGE).get_page(request.GET.get("page")),
        "lights": [(light, GLYPHS[light], NAMES[light], numbers[light]) for light in WORST_FIRST if numbers[light]],
        "memberships": shown.memberships.select_related("group").order_by("group__position"),
        "standing": _standing(request, shown, [one.obligation for one in lit]),
        "today": clock.today(),
        "may_write": request.user.may(Permission.MANAGE_UNITS),
    }  # fmt: skip
    return render(request, "reform/unit.html", context)


def _standing(request: Request, shown: Unit, duties: list[Obligation]) -> unit_standing.Standing | None:
    sees = unit_standing.may_see(request.user, shown)
    return unit_standing.of(request.user, shown, duties, clock.today()) if sees else None


@requires(Permission.MANAGE_UNITS)
def merge(request: Request, pk: int) -> HttpResponseBase:
    """Merge a unit into another: choose, look at what will happen, confirm."""
    shown = found(Unit.objects.select_related("successor"), pk=pk)
    sheet = Sheet(request.POST or None, MergeForm, {"on": clock.today(), "joins_groups": True})
    context = {"unit": shown, "sheet": sheet}

    def save() -> HttpResponseBase | None:
        values = sheet.form.cleaned_data
        units.require_closable(shown, values["on"], values["into"], clock.today())
        if "sure" not in request.POST:
            context["foreseen"] = _foreseen(shown, **values)
            return None
        done = mergers.merge_unit(shown, by=request.user, **values)
        moved, revoked = len(done.moved), len(done.revoked)
        words = f"{moved} 项未办结的事项转由{values['into'].short_name}承办，{revoked} 项重复的已撤销。"
        messages.success(request, f"{shown.name}已并入{values['into'].name}：{words}")
        return redirect("unit", values["into"].pk)

    return filled(request, sheet, save) or render(request, "reform/unit/merge.html", context)


def _foreseen(unit: Unit, into: Unit, on: dt.date, joins_groups: bool) -> dict[str, Any]:
    places = mergers.open_places(unit, into, on)
    given = {"into": into, "on": on, "joins_groups": joins_groups, "places": places}
    return given | {"handover": mergers.handover(unit, into), "holders": role_succession.holders(unit)}


@requires(Permission.MANAGE_UNITS)
def dissolve(request: Request, pk: int) -> HttpResponseBase:
    """Dissolve a unit; the page says before how many duties that revokes."""
    shown = found(Unit.objects.select_related("successor"), pk=pk)
    sheet = Sheet(request.POST or None, DissolveForm, {"on": clock.today()})

    def save() -> HttpResponseBase:
        done = mergers.dissolve_unit(shown, by=request.user, **sheet.form.cleaned_data)
        messages.success(request, f"{shown.name}已撤销，{len(done.revoked)} 项未办结的事项随之撤销。")
        return redirect("unit", pk)

    context = {"unit": shown, "sheet": sheet, "handover": mergers.handover(shown, None)}
    context["holders"] = role_succession.holders(shown)
    return filled(request, sheet, save) or render(request, "reform/unit/dissolve.html", context)
