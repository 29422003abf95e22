"""What is kept of the wall as long as nothing changes: the grid asked for, its figures and its HTML; never a page.

Everything is kept under what it is made of (the source, the question, the day), so that nothing has to be thrown away
when something changes, and nothing grows old by the clock.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from reform import figures, wall, wall_choices, wall_filters, wall_markup
from reform.figures import Figures
from reform.wall_filters import Asked
from reform.wall_grid import Cell, Grid
from reform.wall_source import Ground, Source


@dataclass(frozen=True)
class Shown:
    """What a question shows: the whole wall of the day, the part asked for, its figures and its table."""

    source: Source
    asked: Asked
    whole: Grid
    grid: Grid
    figures: Figures
    asides: dict[Any, Any] = field(default_factory=dict, compare=False)  # what stood beside it, for whom

    @cached_property
    def chart(self) -> SafeString:
        """Give filters, table and legend as they stand on the page; the same for everybody who asks the same."""
        ground, whole = self.source.ground, self.whole
        context = {
            "asked": self.asked,
            "grid": self.grid,
            "table": wall_markup.table(self.grid, self.asked, ground),
            "filters": _filters(ground, self.source.series, self.asked),
            "links": wall_choices.links(self.asked, whole.on, whole.today),
        }
        return render_to_string("reform/wall/chart.html", context)

    @cached_property
    def look_back(self) -> SafeString:
        """Give the choice of another day."""
        dates = tuple(sorted({column.due_on for column in self.whole.columns if column.due_on}))
        return _look_back(self.asked, self.whole.on, self.whole.today, dates)

    @cached_property
    def of_all(self) -> Figures:
        """Give the figures of the whole wall."""
        return self.figures if self.grid is self.whole else figures.of(self.whole)

    @cached_property
    def overdue(self) -> list[Cell]:
        """Give what is overdue on the whole wall, the longest first."""
        return sorted(self.of_all.overdue_cells, key=lambda cell: cell.days or 0)

    @cached_property
    def reviews(self) -> list[Cell]:
        """Give what waits for review on the whole wall, who has waited longest first."""
        on = self.whole.on
        return sorted(self.of_all.review_cells, key=lambda cell: (cell.facts.first_filed_on or on, cell.column.place))


@lru_cache(maxsize=24)
def shown(source: Source, asked: Asked, on: dt.date, today: dt.date) -> Shown:
    """Give what `asked` shows of the wall of `on`; made once for as long as nothing it depends on changes."""
    whole = wall.of(source, on, today)
    unlit = whole.narrowed(wall_filters.keeper(asked.without_light, source.ground, on)) if asked.narrows else whole
    grid = unlit.narrowed(wall_filters.keeper(asked, source.ground, on)) if asked.light else unlit
    return Shown(source, asked, whole, grid, figures.of(unlit))


@lru_cache(maxsize=64)
def _filters(ground: Ground, series: int, asked: Asked) -> SafeString:
    context = {"asked": asked, "choices": wall_choices.choices(asked, ground, series), "cleared": asked.cleared}
    return render_to_string("reform/wall/filters.html", context)


@lru_cache(maxsize=64)
def _look_back(asked: Asked, on: dt.date, today: dt.date, dates: tuple[dt.date, ...]) -> SafeString:
    links, days = wall_choices.links(asked, on, today), wall_choices.days(asked, on, dates)
    return render_to_string("reform/wall/days.html", {"asked": asked, "on": on, "links": links, "days": days})
