"""What a cell says in words: for its tooltip, for screen readers and for the list behind the wall."""

from __future__ import annotations

import datetime as dt

from reform import wall_columns
from reform.lights import GLYPHS, NAMES, Light
from reform.states import State
from reform.wall import Cell
from reform.wall_columns import Column

_CONTINUOUS = {
    Light.DOING: "推进中", Light.SOON: "滞后", Light.OVERDUE: "最近一期月报迟报或未报", Light.CLOSED: "已结束",
    Light.IDLE: "未下达",
}  # fmt: skip


def day(on: dt.date | None, year: int) -> str:
    """Give a day as people write it, with the year when it is not `year`; "" for none."""
    if on is None:
        return ""
    return f"{on.month}月{on.day}日" if on.year == year else f"{on.year}年{on.month}月{on.day}日"


def date_of(column: Column) -> str:
    """Give the node's date for the head of its column: 6.30; "" without one."""
    return f"{column.due_on.month}.{column.due_on.day}" if column.due_on else ""


def glyph(cell: Cell) -> str:
    """Give the sign beside the colour: the days left when soon due, done/bound in a roll-up."""
    if cell.rollup:
        return f"{cell.rollup[0]}/{cell.rollup[1]}"
    if cell.light == Light.SOON:
        return "滞" if cell.column.part == wall_columns.CONTINUOUS else str(cell.days)
    return GLYPHS[cell.light]


def status(cell: Cell, year: int) -> str:
    """Give the light in words, with the days left or passed and a date that differs from the node's."""
    if cell.rollup:
        return f"牵头汇总 应销号{cell.rollup[1]}项 已销号{cell.rollup[0]}项 其中最紧要的：{NAMES[cell.light]}"
    said = _said(cell)
    if cell.facts.mend_by and cell.light in (Light.OVERDUE, Light.SOON, Light.DOING):
        return f"{said} 退回补正，{day(cell.facts.mend_by, year)}前补正"
    if cell.facts.due_on and cell.facts.due_on != cell.column.due_on:
        return f"{said} 期限改为{day(cell.facts.due_on, year)}"
    return said


def _said(cell: Cell) -> str:
    if cell.light == Light.EXCUSED:
        return State(cell.facts.state).label
    if cell.column.part == wall_columns.CONTINUOUS:
        return _CONTINUOUS[cell.light]
    if cell.light == Light.OVERDUE and cell.days is not None:
        return f"逾期{-cell.days}天"
    if cell.light == Light.SOON:
        return f"临期 还有{cell.days}天" if cell.days else "临期 今天截止"
    if cell.light == Light.IDLE:
        return "待签收" if cell.facts.state else "未下达"
    return NAMES[cell.light]
