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

from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reform import figures, wall, wall_columns, wall_filters, wall_words
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

    whole: Grid
    grid: Grid
    figures: Figures
    table: SafeString

    @cached_property
    def overdue(self) -> list[Cell]:
        """Give what is overdue on the whole wall, the longest first."""
        owed = (cell for cell in self.whole.cells if cell.is_owed and cell.light == Light.OVERDUE)
        return sorted(owed, key=lambda cell: cell.days or 0)

    @cached_property
    def reviews(self) -> list[Cell]:
        """Give what waits for review on the whole wall, who has waited longest first."""
        filed = (cell for cell in self.whole.cells if cell.is_owed and cell.light == Light.REVIEW)
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
    return Shown(whole, grid, figures.of(unlit), table(grid, asked))


def table(grid: Grid, asked: Asked) -> SafeString:
    """Give the table of a grid; links keep the plan, the day and the filters of `asked`."""
    writer = _Writer(grid, asked)
    return mark_safe("".join(writer.parts()))  # noqa: S308 - every text in it is escaped where it is put in


class _Writer:
    def __init__(self, grid: Grid, asked: Asked) -> None:
        self.grid, self.asked, self.year = grid, asked, grid.on.year
        self.list_address = reverse("obligations")
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
        address = _task_address(milestone.task_id)
        link = f'<a href="{address}" title="{title}">{inner}</a>' if address else f'<a title="{title}">{inner}</a>'
        return flag + link

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
        note = _note(line, self.grid.on)
        address = escape(self.list_address + self.asked.address(unit=unit.code, group="", light=""))
        yield f'<tr><th scope="row"{note}><a href="{address}">{name}</a></th>'
        for place, cell in enumerate(line.cells):
            edge = ' class="today"' if place == self.today else ""
            yield f"<td{edge}>{self._cell(cell, place, name, code)}</td>" if cell else f"<td{edge}></td>"
        yield f'<td class="tally{self._today(len(line.cells))}">{line.closed}<small>/{line.owed}</small></td></tr>'

    def _cell(self, cell: Cell, place: int, name: str, code: str) -> str:
        milestone, due, node = self.heads[place]
        if cell.facts.due_on != cell.column.due_on:
            due = cell.facts.due_on.isoformat() if cell.facts.due_on else ""
        light = cell.light.value
        data = f' data-unit="{code}"{milestone} data-due="{due}" data-light="{light}"'
        title = f' title="{name} {node} {wall_words.status(cell, self.year)}"'
        glyph = wall_words.glyph(cell)
        if cell.rollup:
            address = escape(self.list_address + self.asked.address(node=cell.column.name, group="", light=""))
            data += f' data-rollup="{glyph}"'
            return (
                f'<a class="light rollup {light}" href="{address}"{data}{title}><i aria-hidden="true">{glyph}</i></a>'
            )
        if cell.pk is None:
            return f'<span class="light {light}" role="img"{data}{title}>{glyph}</span>'
        return f'<a class="light {light}" href="{self._obligations}{cell.pk}/"{data}{title}><i aria-hidden="true">{glyph}</i></a>'

    @cached_property
    def _obligations(self) -> str:
        return reverse("obligation", args=[0]).removesuffix("0/")


def _note(line: Line, on: dt.date) -> str:
    unit = line.unit
    if unit.closed_on and unit.closed_on <= on:
        return f' class="gone" title="已于{unit.closed_on}并入其他单位或撤销"'
    return "" if unit.confirmed else ' class="unsure" title="单位待核实"'


def _task_address(pk: int) -> str:
    try:
        return reverse("task", args=[pk])
    except NoReverseMatch:
        return ""
