"""数据项汇总: for each milestone that asks for figures a sheet, unit by unit, with the totals of each group."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from liaisons.models import User
from liaisons.permissions import Permission
from reform import task_figures
from reform.desk import month_words
from reform.models import DataItem, SubmissionValue, Task
from reform.task_figures import Group, Line
from reform.wall_source import Source
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.sheets import About, Column, Kind, Sheet, tab_name

KINDS = {
    DataItem.COUNT: Kind.COUNT, DataItem.AMOUNT: Kind.AMOUNT, DataItem.DATE: Kind.DAY, DataItem.CHOICE: Kind.SHORT,
    DataItem.YES_NO: Kind.SHORT, DataItem.TEXT: Kind.TEXT,
}  # fmt: skip


def make(wish: Wish) -> Made:
    """Give a sheet for each milestone of the plan in force that asks for figures and has any row."""
    source = Source.read()
    on = clock.local_date(wish.at)
    plan = source.ground.in_force(wish.at) if source else None
    tasks = Task.objects.filter(plan=plan.pk if plan else None).select_related("plan").order_by("position", "code")
    found = [(task, sheet) for task in tasks for sheet in task_figures.sheets(task, "", on)]
    about = wish.about(scope=asking.scope(wish.user))
    made = [_sheet(number, task, sheet, wish.user, about) for number, (task, sheet) in enumerate(found, 1)]
    if not made:
        raise Refused("方案里还没有要填报的数据项。")
    return Made(made, sum(len(list(sheet.rows)) for sheet in made))


def _sheet(number: int, task: Task, figures: task_figures.Sheet, user: User, about: About) -> Sheet:
    columns = [
        Column("群组", 8, Kind.SHORT, merges=True),
        Column("单位", 9, Kind.SHORT),
        Column("首次报送", 6, Kind.DAY),
    ]
    columns += [Column(str(item), 7, KINDS[item.kind]) for item in figures.items]
    everything = asking.sees_all(user) or task_figures.may_read(user, task)
    rows = list(_rows(figures, None if everything else user.unit_ids_with(Permission.READ_OWN)))
    when = month_words(figures.occurrence)
    title = f"{figures.milestone.title}数据汇总" + (f"（{when}）" if when else "")
    return Sheet(tab_name(f"{number}.{figures.milestone.title}"), title, about, columns, rows, frozen=2)


def _rows(figures: task_figures.Sheet, own: frozenset[int] | set[int] | None) -> Iterator[list[Any]]:
    for group in figures.groups:
        shown = [line for line in group.lines if own is None or line.unit.pk in own]
        yield from (_row(group.name, line) for line in shown)
        if own is None:
            yield _total(group.name, f"小计（已报 {group.filed}）", group)
    if own is None:
        yield _total("合计", f"已报 {figures.total.filed}", figures.total)


def _row(group: str, line: Line) -> list[Any]:
    return [group, line.unit.short_name, line.obligation.first_filed_on, *(value_of(value) for value in line.values)]


def value_of(value: SubmissionValue | None) -> Any:
    """Give a figure as what it is: a number, a date, or text."""
    if value is None:
        return None
    if value.item.kind in task_figures.NUMBERS:
        return value.number
    return _day(value.text) if value.item.kind == DataItem.DATE else value.text


def _day(text: str) -> Any:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return text


def _total(group: str, name: str, totals: Group) -> list[Any]:
    return [group, name, None, *(_number(total) for total in totals.totals)]


def _number(total: str) -> Any:
    try:
        return Decimal(total)
    except InvalidOperation:
        return total or None


EXPORT = Export(
    "figures", "数据项汇总", "各任务填报的数据，逐单位列出，分组小计、全县合计。", exports.WORK, asking.may, make
)
