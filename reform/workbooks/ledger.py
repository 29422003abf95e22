"""任务台账: every duty that the list behind the wall shows for the same question, with what was told of it last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from reform import wall_filters, wall_words
from reform.models import Milestone, Obligation, Submission
from reform.task_figures import STANDING
from reform.wall_grid import Cell
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

AT_ONCE = 500
COLUMNS = (
    Column("序号", 3, Kind.COUNT), Column("任务", 11), Column("时间节点", 8), Column("方案原文", 18), Column("承办单位", 7, Kind.SHORT),
    Column("期限", 6, Kind.DAY), Column("原期限", 6, Kind.DAY), Column("状态", 8, Kind.SHORT), Column("首次报送", 6, Kind.DAY),
    Column("销号日期", 6, Kind.DAY), Column("进展情况", 24),
)  # fmt: skip


class _Told(NamedTuple):
    """What the database adds to a cell: dates of the row, and the text filed last."""

    first_due_on: dt.date | None
    accepted_at: dt.datetime | None
    text: str


NOTHING = _Told(None, None, "")


def make(wish: Wish) -> Made:
    """Give the ledger of the duties asked for."""
    asked = asking.question(wish)
    grid = asking.own_only(asked.grid, wish.user)
    cells = asking.duties(grid)
    about = wish.about(scope=asking.scope(wish.user), filters=asked.filters, count=len(cells))
    title = f"{grid.plan}任务台账"
    return Made([Sheet("任务台账", title, about, COLUMNS, _rows(cells, grid.on), paper="A3", frozen=2)], len(cells))


def _rows(cells: Sequence[Cell], on: dt.date) -> Iterator[list[Any]]:
    quotes = dict(
        Milestone.objects.filter(pk__in={cell.column.milestone.pk for cell in cells}).values_list("pk", "quote")
    )
    number = 0
    for part in _parts(cells):
        told = _told([cell.pk for cell in part if cell.pk], on)
        for cell in part:
            number += 1
            yield _row(number, cell, quotes, told.get(cell.pk or 0, NOTHING), on)


def _row(number: int, cell: Cell, quotes: dict[int, str], told: _Told, on: dt.date) -> list[Any]:
    milestone, facts = cell.column.milestone, cell.facts
    moved = told.first_due_on if told.first_due_on != facts.due_on else None
    closed_on = clock.local_date(told.accepted_at) if told.accepted_at and cell.is_done else None
    return [
        number, str(milestone.task), wall_words_of(cell), quotes.get(milestone.pk, ""), cell.unit.short_name, facts.due_on, moved,
        wall_words.status(cell, on.year), facts.first_filed_on, closed_on, told.text,
    ]  # fmt: skip


def wall_words_of(cell: Cell) -> str:
    """Name the node with the month where there is one: 月度报告（2022年6月）."""
    year, _, month = cell.column.occurrence.key.partition("-")
    title = cell.column.milestone.title
    return f"{title}（{year}年{int(month)}月）" if month else title


def _parts(cells: Sequence[Cell]) -> Iterator[Sequence[Cell]]:
    for start in range(0, len(cells), AT_ONCE):
        yield cells[start : start + AT_ONCE]


def _told(keys: list[int], on: dt.date) -> dict[int, _Told]:
    """Give what the rows add, the text as it was filed by the end of the day: two queries."""
    filed = Submission.objects.filter(obligation__in=keys, state__in=STANDING, filed_at__lt=clock.day_end(on))
    texts = dict(filed.order_by("number").values_list("obligation", "text"))
    rows = Obligation.objects.filter(pk__in=keys).values_list("pk", "first_due_on", "accepted_at")
    return {pk: _Told(first_due_on, accepted_at, texts.get(pk, "")) for pk, first_due_on, accepted_at in rows}


EXPORT = Export(
    "ledger", "任务台账", "逐项列出承办事项：原文、期限、状态、首次报送、销号和进展。挂图后面的列表里可按同样的筛选导出。", exports.WORK,
    asking.may, make, choices=asking.choices, asks=wall_filters.ASKS,
)  # fmt: skip
