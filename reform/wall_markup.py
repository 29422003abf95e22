"""The wall's table as HTML, put together from strings: a template would take longer over it than the database.

Every text that people wrote is escaped once for each line or column, not once for each cell. `Shown` is kept for as
long as nothing changes; the page around it never is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reform import figures, wall, wall_choices, wall_columns, wall_filters, wall_words
from reform.figures import Figures, MonthReports
from reform.lights import Light
from reform.wall import Cell, Grid, Line
from reform.wall_columns import Column
from reform.wall_filters import Asked
from reform.wall_source import Source

PARTS = {wall_columns.UNDATED: "未定期限", wall_columns.CONTINUOUS: "持续"}


@dataclass(frozen=True)
class Shown:
    """What a question shows: the whole wall of the day, the part asked for, its figures and its table."""

    source: Source
    asked: Asked
    whole: Grid
    grid: Grid
    figures: Figures

    @cached_property
    def chart(self) -> SafeString:
        """Give filters, table and legend as they stand on the page; the same for everybody who asks the same."""
        context = {
            "asked": self.asked,
            "plan": self.whole.plan,
            "grid": self.grid,
            "table": table(self.grid, self.asked),
            "choices": wall_choices.choices(self.asked, self.source.ground, self.source.series),
            "links": wall_choices.links(self.asked, self.whole.on, self.whole.today),
        }
        return render_to_string("reform/wall/chart.html", context)

    @cached_property
    def look_back(self) -> SafeString:
        """Give the choice of another day."""
        context = {
            "asked": self.asked,
            "on": self.whole.on,
            "links": wall_choices.links(self.asked, self.whole.on, self.whole.today),
            "days": wall_choices.days(self.asked, self.whole),
        }
        return render_to_string("reform/wall/days.html", context)

    @cached_property
    def overdue(self) -> list[Cell]:
        """Give what is overdue on the whole wall, the longest first."""
        owed = [cell for cell in self.whole.cells if cell.is_owed and cell.light is Light.OVERDUE]
        return sorted(owed, key=lambda cell: cell.days or 0)

    @cached_property
    def reviews(self) -> list[Cell]:
        """Give what waits for review on the whole wall, who has waited longest first."""
        filed = [cell for cell in self.whole.cells if cell.is_owed and cell.light is Light.REVIEW]
        return sorted(filed, key=lambda cell: (cell.facts.first_filed_on or self.whole.on, cell.column.place))

    @cached_property
    def reports(self) -> MonthReports | None:
        """Give the month's reports of the whole wall."""
        return self.figures.reports if self.grid is self.whole else figures.of(self.whole).reports


@lru_cache(maxsize=32)
def shown(source: Source, asked: Asked, on: dt.date, today: dt.date) -> Shown:
    """Give what `asked` shows of the wall of `on`; made once for as long as nothing it depends on changes."""
    whole = wall.of(source, on, today)
    unlit = whole.narrowed(wall_filters.keeper(asked.without_light, source.ground, on)) if asked.narrows else whole
    grid = unlit.narrowed(wall_filters.keeper(asked, source.ground, on)) if asked.light else unlit
    return Shown(source, asked, whole, grid, figures.of(unlit))


def table(grid: Grid, asked: Asked) -> SafeString:
    """Give the table of a grid; links keep the plan, the day and the filters of `asked`."""
    writer = _Writer(grid, asked)
    return mark_safe("".join(writer.parts()))  # noqa: S308 - every text in it is escaped where it is put in


class _Writer:
    def __init__(self, grid: Grid, asked: Asked) -> None:
        self.grid, self.asked, self.year = grid, asked, grid.on.year
        self.list_address = reverse("obligations")
        self.made: dict[tuple[object, ...], tuple[str, str, str, str]] = {}
        self.heads = [self._cell_head(column) for column in grid.columns]
        # The line of the day runs down the left edge of the first node that has not passed.
        dated = any(column.part == wall_columns.DATED for column in grid.columns)
        self.today = grid.today_place if dated else -1

    def parts(self) -> Iterator[str]:
        yield '<table><caption class="unseen">单位与时间节点对照的挂图</caption><thead>'
        yield from self._months()
        yield from self._nodes()
        yield "</thead>"
        for section, lines in groupby(self.grid.lines, key=lambda line: line.section):
            yield f"<tbody>{self._section(section)}"
            for line in lines:
                yield from self._line(line)
            yield "</tbody>"
        yield "</table>"

    def _months(self) -> Iterator[str]:
        yield '<tr class="months"><th class="corner" rowspan="2" scope="col">承办单位</th>'
        start = 0
        for name, columns in groupby(self.grid.columns, key=self._month):
            # The flag of the day stands over the first node of its month and would hide the month's name.
            flagged = " flagged" if start == self.today else ""
            span = len(list(columns))
            yield f'<th class="month{flagged}" colspan="{span}" scope="colgroup">{name}</th>'
            start += span
        yield f'<th class="tally{self._today(len(self.grid.columns))}" rowspan="2" scope="col">销号</th></tr>'

    def _month(self, column: Column) -> str:
        if not column.due_on:
            return PARTS[column.part]
        year = f"{column.due_on.year}年" if column.due_on.year != self.grid.plan.dated_on.year else ""
        return f"{year}{column.due_on.month}月"

    def _today(self, place: int) -> str:
        return " today" if place == self.today else ""

    def _nodes(self) -> Iterator[str]:
        yield '<tr class="nodes">'
        for place, column in enumerate(self.grid.columns):
            yield f'<th class="node{self._today(place)}" scope="col">{self._node(column, place)}</th>'
        yield "</tr>"

    def _node(self, column: Column, place: int) -> str:
        milestone = column.milestone
        title = escape(f"{milestone.task.place} {milestone.title}")
        date, name = wall_words.date_of(column), escape(milestone.short_title)
        flag = f'<i class="flag">{self._flag()}</i>' if place == self.today else ""
        unsure = "" if column.confirmed else '<em title="受约束的单位待核实">待核实</em>'
        inner = f"<b>{date or '&nbsp;'}</b><span>{name}</span>{unsure}"
        return f'{flag}<a href="{self._tasks}{milestone.task_id}/" title="{title}">{inner}</a>'

    def _flag(self) -> str:
        return "今天" if self.grid.on == self.grid.today else f"{self.grid.on.month}.{self.grid.on.day}"

    def _section(self, name: str) -> str:
        before, columns = max(self.today, 0), len(self.grid.columns)
        cells = f'<td colspan="{before}"></td>' if before else ""
        if before < columns:
            cells += f'<td class="{self._today(before).strip()}" colspan="{columns - before}"></td>'
        return f'<tr class="group"><th scope="rowgroup">{name}</th>{cells}<td class="tally{self._today(columns)}"></td></tr>'

    def _cell_head(self, column: Column) -> tuple[str, str, str]:
        code, title = escape(column.milestone.code), escape(column.milestone.title)
        due = column.due_on.isoformat() if column.due_on else ""
        # The attributes of a cell with the node's own date; its words; its words and date.
        return f' data-milestone="{code}"', due, f"{title} {wall_words.day(column.due_on, self.year)}".rstrip()

    def _line(self, line: Line) -> Iterator[str]:
        unit = line.unit
        name, code = escape(unit.short_name), escape(unit.code)
        address = escape(self.list_address + self.asked.address(unit=unit.code, group="", light=""))
        yield f'<tr><th scope="row"{_note(line, self.grid.on)}><a href="{address}">{name}</a></th>'
        whose = f' data-unit="{code}"'
        for place, cell in enumerate(line.cells):
            if cell is None:
                yield '<td class="today"></td>' if place == self.today else "<td></td>"
                continue
            # Identity will do: equal facts of one grid are mostly one object, and where they are not nothing is lost.
            key = (place, id(cell.facts), id(cell.light), cell.rollup)
            around = self.made.get(key)
            if around is None:
                around = self.made[key] = self._around(cell, place)
            start, after_link, after_unit, end = around
            yield (
                f"{start}{cell.pk}{after_link}{whose}{after_unit}{name}{end}"
                if cell.pk
                else f"{start}{whose}{after_unit}{name}{end}"
            )
        yield f'<td class="tally{self._today(len(line.cells))}">{line.closed}<small>/{line.owed}</small></td></tr>'

    def _around(self, cell: Cell, place: int) -> tuple[str, str, str, str]:
        """Give a cell's HTML around its obligation's number and its unit's code and name."""
        milestone, due, node = self.heads[place]
        if cell.facts.due_on != cell.column.due_on:
            due = cell.facts.due_on.isoformat() if cell.facts.due_on else ""
        light, glyph = cell.light.value, wall_words.glyph(cell)
        edge = '<td class="today">' if place == self.today else "<td>"
        after_unit = f'{milestone} data-due="{due}" data-light="{light}"'
        said = f" {node} {wall_words.status(cell, self.year)}"
        sign = f'<i aria-hidden="true">{glyph}</i>'
        if cell.rollup:
            address = escape(self.list_address + self.asked.address(node=cell.column.name, group="", light=""))
            start = f'{edge}<a class="light rollup {light}" href="{address}"'
            return start, "", f'{after_unit} data-rollup="{glyph}" title="', f'{said}">{sign}</a></td>'
        if cell.pk is None:
            start = f'{edge}<span class="light {light}" role="img"'
            return start, "", f'{after_unit} title="', f'{said}">{glyph}</span></td>'
        start = f'{edge}<a class="light {light}" href="{self._obligations}'
        return start, '/"', f'{after_unit} title="', f'{said}">{sign}</a></td>'

    @cached_property
    def _obligations(self) -> str:
        return reverse("obligation", args=[0]).removesuffix("0/")

    @cached_property
    def _tasks(self) -> str:
        return reverse("task", args=[0]).removesuffix("0/")


def _note(line: Line, on: dt.date) -> str:
    unit = line.unit
    if unit.closed_on and unit.closed_on <= on:
        return f' class="gone" title="已于{unit.closed_on}并入其他单位或撤销"'
    return "" if unit.confirmed else ' class="unsure" title="单位待核实"'
