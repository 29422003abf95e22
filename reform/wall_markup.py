"""The wall's table as HTML, put together from strings: a template would take longer over it than the database.

Every text that people wrote is escaped once for each line or column, not once for each cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from reform import wall_columns, wall_words
from reform.lights import Facts
from reform.wall_columns import Column
from reform.wall_filters import Asked
from reform.wall_grid import Cell, Grid, Line
from reform.wall_source import Ground

PARTS = {wall_columns.UNDATED: "未定期限", wall_columns.CONTINUOUS: "持续"}


class Setting(NamedTuple):
    """Everything the heads depend on, and what is around a cell's own words."""

    ground: Ground
    asked: Asked
    on: dt.date
    today: dt.date
    year: int
    columns: tuple[Column, ...]
    today_place: int


class Around(NamedTuple):
    """A cell's HTML around its obligation's number and its unit's code and name."""

    start: str
    after_link: str
    after_unit: str
    end: str
    facts: Facts  # held, so that no other facts can come to stand at their address


def table(grid: Grid, asked: Asked, ground: Ground) -> SafeString:
    """Give the table of a grid; links keep the plan, the day and the filters of `asked`."""
    setting = Setting(ground, asked, grid.on, grid.today, grid.plan.dated_on.year, grid.columns, grid.today_place)
    return mark_safe(_writer(setting).table(grid))  # noqa: S308 - every text in it is escaped where it is put in


@lru_cache(maxsize=24)
def _writer(setting: Setting) -> Writer:
    return Writer(setting)


class Writer:
    """Writes tables of the same columns; what it wrote around equal cells it keeps for the next one."""

    def __init__(self, setting: Setting) -> None:
        self.columns, self.asked, self.on = setting.columns, setting.asked, setting.on
        self.first_year, self.is_today = setting.year, setting.on == setting.today
        self.list_address = reverse("obligations")
        self.obligations = reverse("obligation", args=[0]).removesuffix("0/")
        self.tasks = reverse("task", args=[0]).removesuffix("0/")
        # The line of the day runs down the left edge of the first node that has not passed.
        dated = any(column.part == wall_columns.DATED for column in self.columns)
        self.today = setting.today_place if dated else -1
        self.nodes = [self._node_of_cells(column) for column in self.columns]
        self.heads = "".join([*self._months(), *self._nodes()])
        self.around: dict[tuple[object, ...], Around] = {}

    def table(self, grid: Grid) -> str:
        """Give the whole table."""
        parts = [f'<table><caption class="unseen">单位与时间节点对照的挂图</caption><thead>{self.heads}</thead>']
        for section, lines in groupby(grid.lines, key=lambda line: line.section):
            parts += [f"<tbody>{self._section(section)}", *map(self._line, lines), "</tbody>"]
        return "".join([*parts, "</table>"])

    def _months(self) -> Iterator[str]:
        yield '<tr class="months"><th class="corner" rowspan="2" scope="col">承办单位</th>'
        start = 0
        for name, columns in groupby(self.columns, key=self._month):
            # The flag of the day stands over the first node of its month and would hide the month's name.
            flagged = " flagged" if start == self.today else ""
            span = len(list(columns))
            yield f'<th class="month{flagged}" colspan="{span}" scope="colgroup">{name}</th>'
            start += span
        yield f'<th class="tally{self._today(len(self.columns))}" rowspan="2" scope="col">销号</th></tr>'

    def _month(self, column: Column) -> str:
        if not column.due_on:
            return PARTS[column.part]
        year = f"{column.due_on.year}年" if column.due_on.year != self.first_year else ""
        return f"{year}{column.due_on.month}月"

    def _today(self, place: int) -> str:
        return " today" if place == self.today else ""

    def _nodes(self) -> Iterator[str]:
        yield '<tr class="nodes">'
        for place, column in enumerate(self.columns):
            yield f'<th class="node{self._today(place)}" scope="col">{self._node(column, place)}</th>'
        yield "</tr>"

    def _node(self, column: Column, place: int) -> str:
        milestone = column.milestone
        title = escape(f"{milestone.task.place} {milestone.title}")
        date, name = wall_words.date_of(column), escape(milestone.short_title)
        flag = f'<i class="flag">{self._flag()}</i>' if place == self.today else ""
        unsure = "" if column.confirmed else '<em title="受约束的单位待核实">待核实</em>'
        inner = f"<b>{date or '&nbsp;'}</b><span>{name}</span>{unsure}"
        return f'{flag}<a href="{self.tasks}{milestone.task_id}/" title="{title}">{inner}</a>'

    def _flag(self) -> str:
        return "今天" if self.is_today else f"{self.on.month}.{self.on.day}"

    def _section(self, name: str) -> str:
        before, columns = max(self.today, 0), len(self.columns)
        cells = f'<td colspan="{before}"></td>' if before else ""
        if before < columns:
            cells += f'<td class="{self._today(before).strip()}" colspan="{columns - before}"></td>'
        return f'<tr class="group"><th scope="rowgroup">{name}</th>{cells}<td class="tally{self._today(columns)}"></td></tr>'

    def _node_of_cells(self, column: Column) -> tuple[str, str, str]:
        code, title = escape(column.milestone.code), escape(column.milestone.title)
        due = column.due_on.isoformat() if column.due_on else ""
        # The attributes of a cell with the node's own date; its words; its words and date.
        return f' data-milestone="{code}"', due, f"{title} {wall_words.day(column.due_on, self.on.year)}".rstrip()

    def _line(self, line: Line) -> str:
        unit = line.unit
        name, code = escape(unit.short_name), escape(unit.code)
        address = escape(self.list_address + self.asked.address(unit=unit.code, group="", light=""))
        parts = [f'<tr><th scope="row"{_note(line, self.on)}><a href="{address}">{name}</a></th>']
        whose, known = f' data-unit="{code}"', self.around
        for place, cell in enumerate(line.cells):
            if cell is None:
                parts.append('<td class="today"></td>' if place == self.today else "<td></td>")
                continue
            # Equal facts are mostly one object; where they are not, the same is written once more and nothing is lost.
            key = (place, id(cell.facts), id(cell.light), cell.pk is None, cell.rollup)
            start, after_link, after_unit, end, _ = known.get(key) or self._keep(key, cell, place)
            parts.append(f"{start}{cell.pk or ''}{after_link}{whose}{after_unit}{name}{end}")
        parts.append(
            f'<td class="tally{self._today(len(line.cells))}">{line.closed}<small>/{line.owed}</small></td></tr>'
        )
        return "".join(parts)

    def _keep(self, key: tuple[object, ...], cell: Cell, place: int) -> Around:
        self.around[key] = made = self._around(cell, place)
        return made

    def _around(self, cell: Cell, place: int) -> Around:
        milestone, due, node = self.nodes[place]
        if cell.facts.due_on != cell.column.due_on:
            due = cell.facts.due_on.isoformat() if cell.facts.due_on else ""
        light, glyph = cell.light.value, wall_words.glyph(cell)
        edge = '<td class="today">' if place == self.today else "<td>"
        data = f'{milestone} data-due="{due}" data-light="{light}"'
        said = f" {node} {wall_words.status(cell, self.on.year)}"
        sign = f'<i aria-hidden="true">{glyph}</i>'
        if cell.rollup:
            address = escape(self.list_address + self.asked.address(node=cell.column.name, group="", light=""))
            start, data = (
                f'{edge}<a class="light rollup {light}" href="{address}"',
                f'{data} data-rollup="{glyph}" title="',
            )
            return Around(start, "", data, f'{said}">{sign}</a></td>', cell.facts)
        if cell.pk is None:
            start = f'{edge}<span class="light {light}" role="img"'
            return Around(start, "", f'{data} title="', f'{said}">{glyph}</span></td>', cell.facts)
        start = f'{edge}<a class="light {light}" href="{self.obligations}'
        return Around(start, '/"', f'{data} title="', f'{said}">{sign}</a></td>', cell.facts)


def _note(line: Line, on: dt.date) -> str:
    unit = line.unit
    if unit.closed_on and unit.closed_on <= on:
        return f' class="gone" title="已于{unit.closed_on}并入其他单位或撤销"'
    return "" if unit.confirmed else ' class="unsure" title="单位待核实"'
