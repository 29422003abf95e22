"""Where one can go from the wall: filters to choose, days to look back to, and the rows behind each figure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace

from reform import wall_filters
from reform.lights import NAMES, Light
from reform.wall_filters import SHOWS, Asked
from reform.wall_grid import official_order
from reform.wall_source import Ground

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """One entry of a list to choose from."""

    value: str
    label: str
    chosen: bool


def choices(asked: Asked, ground: Ground, series: int) -> dict[str, list[Choice]]:
    """Give what can be chosen above the wall: plan, group, task and light, by these names."""
    plans = sorted(ground.plans.values(), key=lambda plan: (plan.kind != plan.PLAN, -plan.dated_on.toordinal()))
    newest = {plan.series_id: plan for plan in sorted(plans, key=lambda plan: plan.version)}
    tasks = {m.task.code: m.task for version in ground.versions for m in ground.milestones.get(version.pk, ())}
    return {
        "plan": [Choice(p.code, str(p), p.series_id == series) for p in plans if newest[p.series_id] is p],
        "group": [Choice(group.code, group.name, group.code == asked.group) for group in ground.groups],
        "task": [Choice(code, str(task), code == asked.task) for code, task in tasks.items()],
        "light": [Choice(light, NAMES[light], light == asked.light) for light in NAMES],
    }


def choices_of_list(asked: Asked, ground: Ground, series: int) -> dict[str, list[Choice]]:
    """Give what can be chosen above the list: the same, and unit and show."""
    units = sorted(ground.tables.units.values(), key=official_order)
    return choices(asked, ground, series) | {
        "unit": [Choice(unit.code, unit.short_name, unit.code == asked.unit) for unit in units],
        "show": [Choice(show, label, show == asked.show) for show, label in SHOWS.items()],
    }


def days(asked: Asked, on: dt.date, dates: Iterable[dt.date]) -> list[Choice]:
    """Give the days worth looking at, each node's, as addresses."""
    return [Choice(asked.address(on=day), f"{day.month}.{day.day}", day == on) for day in dates]


def links(asked: Asked, on: dt.date, today: dt.date) -> dict[str, str]:
    """Give the addresses of the days around, of the question without filters, and of the rows behind each figure."""
    figures = asked.without_light
    return {
        "now": asked.address(on=None),
        "day_before": asked.address(on=_other_day(on - ONE_DAY, today)),
        "day_after": asked.address(on=_other_day(on + ONE_DAY, today)),
        "wall": replace(asked, unit="", node="", month="", show="").address(),
        "cleared": asked.cleared,
        "due": figures.address(show=wall_filters.DUE),
        "closed": figures.address(show=wall_filters.CLOSED),
        "overdue": figures.address(show=wall_filters.CLOSABLE, light=Light.OVERDUE),
        "review": figures.address(show=wall_filters.CLOSABLE, light=Light.REVIEW),
        "reports": figures.address(show=wall_filters.REPORTS, month=f"{on:%Y-%m}"),
        "unreported": figures.address(show=wall_filters.UNREPORTED, month=f"{on:%Y-%m}"),
    }


def _other_day(day: dt.date, today: dt.date) -> dt.date | None:
    # The address of today names no day, so that it stays the wall of today tomorrow.
    return None if day == today else max(wall_filters.FIRST_DAY, min(day, wall_filters.LAST_DAY))
