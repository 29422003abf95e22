"""What a cell says in words: for its tooltip, for screen readers and for the list behind the wall."""

from __future__ import annotations

import datetime as dt

from reform import light_words
from reform.lights import NAMES, Light
from reform.wall_columns import Column
from reform.wall_grid import Cell


def day(on: dt.date | None, year: int) -> str:
    """Give a day as people write it, with the year when it is not `year`; "" for none."""
    if on is None:
        return ""
    return f"{on.month}月{on.day}日" if on.year == year else f"{on.year}年{on.month}月{on.day}日"


def date_of(column: Column) -> str:
    """Give the node's date for the head of its column: 6.30; "" without one."""
    return f"{column.due_on.month}.{column.due_on.day}" if column.due_on else ""


def glyph(cell: Cell) -> str:
    """Give the sign beside the colour; done/bound in a roll-up."""
    if cell.rollup:
        return f"{cell.rollup[0]}/{cell.rollup[1]}"
    return light_words.sign(cell.light, cell.days, continuous=cell.is_continuous)


def status(cell: Cell, year: int) -> str:
    """Give the light in words, with the days left or passed and a date that differs from the node's."""
    if cell.rollup:
        return f"牵头汇总 应销号 {cell.rollup[1]} 项，已销号 {cell.rollup[0]} 项，最紧要的：{NAMES[cell.light]}"
    said = light_words.words(cell.light, cell.facts.state, cell.days, continuous=cell.is_continuous)
    if cell.light == Light.SOON and not cell.is_continuous:
        said = f"{NAMES[Light.SOON]} {said}"
    if cell.facts.mend_by and cell.light in (Light.OVERDUE, Light.SOON, Light.DOING):
        return f"{said}，退回补正，{day(cell.facts.mend_by, year)}前补正"
    if cell.facts.due_on and cell.facts.due_on != cell.column.due_on:
        return f"{said}，期限改为{day(cell.facts.due_on, year)}"
    return said
