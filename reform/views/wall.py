"""挂图作战: the wall of any day, and its big-screen face."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from reform import county_figures, wall_aside, wall_choices, wall_filters, wall_kept, wall_markup, wall_screen
from reform.wall_filters import Asked
from reform.wall_kept import Shown
from reform.wall_source import Source
from xingxian_portal.foundation import clock


@dataclass(frozen=True)
class Look:
    """One question about the wall, understood and answered."""

    source: Source
    asked: Asked
    on: dt.date
    today: dt.date
    shown: Shown

    @classmethod
    def at(cls, request: Request) -> Look | None:
        """Answer what the address asks; None when no plan is in force."""
        source = Source.read(wall_filters.plan_in(request.GET))
        if source is None:
            return None
        today = clock.today()
        asked = wall_filters.read(request.GET, source.ground, today)
        on = asked.on or today
        return cls(source, asked, on, today, wall_kept.shown(source, asked, on, today))

    @property
    def context(self) -> dict[str, Any]:
        """Give what the templates of the wall and of the list have in common."""
        return {
            "asked": self.asked,
            "on": self.on,
            "today": self.today,
            "plan": self.shown.whole.plan,
            "is_issued": self.shown.whole.is_issued,
            "figures": self.shown.figures,
            "links": wall_choices.links(self.asked, self.on, self.today),
        }


@requires(Permission.VIEW_WALL)
def wall(request: Request) -> HttpResponseBase:
    """Show the wall of the day asked for, with figures, filters and what needs the person now."""
    look = Look.at(request)
    if look is None:
        return render(request, "reform/wall_without_plan.html")
    shown = look.shown
    aside = wall_aside.of(request.user, shown, look.source.series) if look.on == look.today else None
    figures = _county_figures(request, look)
    return render(
        request, "reform/wall.html", look.context | {"shown": shown, "aside": aside, "county_figures": figures}
    )


def _county_figures(request: Request, look: Look) -> list[county_figures.CountyFigure]:
    """Give what the county adds up to since the plan's day; totals are for those who read every unit's text."""
    plan = look.shown.whole.plan
    return county_figures.of(plan.dated_on, look.on) if request.user.may(Permission.READ_ANY_TEXT) else []


@requires(Permission.VIEW_WALL)
def screen(request: Request) -> HttpResponseBase:
    """Show the wall for a screen across the room: a part of the units at a time, the next one a minute later."""
    look = Look.at(request)
    if look is None:
        return render(request, "reform/wall_without_plan.html")
    turn = wall_screen.turn(look.shown.grid, request.GET.get("turn", ""))
    template = "reform/wall/screen_turn.html" if request.htmx else "reform/wall_screen.html"
    return render(
        request,
        template,
        look.context | {"turn": turn, "table": wall_markup.table(turn.grid, look.asked, look.source.ground)},
    )
