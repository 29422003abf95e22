"""What a wish asks of the wall: the same question as in the address of the wall and its list, in the same words."""

from __future__ import annotations

from dataclasses import dataclass

from liaisons.exports import Choice, Wish
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import wall_choices, wall_filters, wall_kept
from reform.desk import month_words
from reform.wall_filters import Asked
from reform.wall_grid import Cell, Grid
from reform.wall_source import Ground, Source
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

CHOSEN = ("plan", "group", "unit", "task", "light", "show")


def sees_all(user: User) -> bool:
    """Say whether every unit's rows go out to `user`, or those of its own units alone."""
    return user.may(Permission.EXPORT_ANY)


def may(user: User) -> bool:
    """Say whether anything goes out to `user`."""
    return sees_all(user) or user.may(Permission.READ_OWN)


def scope(user: User) -> str:
    """Say whose rows go out to `user`."""
    if sees_all(user):
        return "全县"
    return "、".join(
        Unit.objects.filter(pk__in=user.unit_ids_with(Permission.READ_OWN)).values_list("short_name", flat=True)
    )


@dataclass(frozen=True)
class Question:
    """A wish about the wall, understood: the question, the grid that answers it, and its filters in words."""

    asked: Asked
    grid: Grid
    filters: list[str]


def question(wish: Wish) -> Question:
    """Give what the wish asks of the wall; raises Refused when no plan is in force."""
    source = Source.read(wall_filters.plan_in(wish.query))
    if source is None:
        raise Refused("还没有下达的实施方案，没有可以导出的内容。")
    today = clock.local_date(wish.at)
    asked = wall_filters.read(wish.query, source.ground, today)
    shown = wall_kept.shown(source, asked, asked.on or today, today)
    return Question(asked, shown.grid, _words(asked, source.ground, source.series))


def own_only(grid: Grid, user: User) -> Grid:
    """Give the grid of the cells of the user's own units, the whole of it where every unit's go out to `user`."""
    own = user.unit_ids_with(Permission.READ_OWN)
    return grid if sees_all(user) else grid.narrowed(lambda cell: cell.unit.pk in own)


def duties(grid: Grid) -> list[Cell]:
    """Give the cells that the list behind the wall shows: every duty, the roll-ups of leads aside."""
    return [cell for cell in grid.cells if not cell.rollup]


def _words(asked: Asked, ground: Ground, series: int) -> list[str]:
    choices = wall_choices.choices_of_list(asked, ground, series)
    chosen = [choice.label for name in CHOSEN for choice in choices[name] if choice.chosen and getattr(asked, name)]
    month = [f"{month_words(asked.month)}到期"] if asked.month else []
    node = [one.title for of in ground.milestones.values() for one in of if asked.node.startswith(f"{one.code}.")][:1]
    day = [f"{asked.on:%Y-%m-%d} 的情况"] if asked.on else []
    return [*day, *chosen, *month, *node]


def choices(user: User) -> list[Choice]:
    """Give what can be chosen before a ledger or a wall is taken."""
    source = Source.read()
    if source is None:
        return []
    offered = wall_choices.choices_of_list(Asked(), source.ground, source.series)
    labels = {"group": "单位群组", "task": "任务", "light": "状态"}
    found = [
        Choice(name, label, [("", "不限"), *((one.value, one.label) for one in offered[name])])
        for name, label in labels.items()
    ]
    return [*found, Choice("on", "截至哪一天")]
