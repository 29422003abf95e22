"""What somebody asks of the wall or of the list behind it, as it stands in the address.

Whatever cannot be understood is named in a sentence and left aside; the rest of the question holds.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from liaisons.membership import Memberships
from reform import deadlines, wall_columns
from reform.lights import Light
from reform.wall_grid import Cell
from reform.wall_source import Ground

FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
DUE, CLOSED, REPORTS, UNREPORTED, CLOSABLE = "due", "closed", "reports", "unreported", "closable"
SHOWS = {
    CLOSABLE: "全部应销号事项",
    DUE: "已到期的应销号事项",
    CLOSED: "已到期并已销号",
    REPORTS: "月度报告",
    UNREPORTED: "未报的月度报告",
    wall_columns.UNDATED: "未定期限",
    wall_columns.CONTINUOUS: "持续事项",
}


def _is_report(cell: Cell) -> bool:
    return cell.is_owed and cell.column.milestone.kind == deadlines.MONTHLY


_SHOWN: dict[str, Callable[[Cell], bool]] = {
    CLOSABLE: lambda cell: cell.counts,
    DUE: lambda cell: cell.is_owed and cell.is_due,
    CLOSED: lambda cell: cell.is_owed and cell.is_due and cell.is_done,
    REPORTS: _is_report,
    UNREPORTED: lambda cell: _is_report(cell) and not cell.is_filed,
    wall_columns.UNDATED: lambda cell: cell.counts and cell.facts.due_on is None,
    wall_columns.CONTINUOUS: lambda cell: cell.column.part == wall_columns.CONTINUOUS,
}


@dataclass(frozen=True)
class Asked:
    """A question that was understood. Empty text asks for nothing in particular, no `on` for today."""

    plan: str = ""
    on: dt.date | None = None
    group: str = ""
    unit: str = ""
    task: str = ""
    node: str = ""
    month: str = ""
    light: str = ""
    show: str = ""
    problems: tuple[str, ...] = field(default=(), compare=False)

    def address(self, **changes: Any) -> str:
        """Give the question for an address, "?…", with some of it changed; None or "" leaves a part out."""
        values = vars(self) | changes
        return "?" + urlencode({name: value for name, value in values.items() if value and name != "problems"})

    @property
    def narrows(self) -> bool:
        """Say whether it leaves any cell out."""
        return any((self.group, self.unit, self.task, self.node, self.month, self.light, self.show))

    @property
    def cleared(self) -> str:
        """Give the address of the same plan and day without a filter."""
        return Asked(plan=self.plan, on=self.on).address()

    @property
    def kept_fields(self) -> list[tuple[str, str]]:
        """Give what a form that asks for a day carries along."""
        return [(name, value) for name, value in vars(self).items() if value and name not in {"on", "problems"}]

    @property
    def without_light(self) -> Asked:
        """Give the same question for the figures, which speak of all lights."""
        return replace(self, light="")


ASKS = tuple(one.name for one in fields(Asked) if one.name != "problems")  # what an address can ask


def plan_in(query: Mapping[str, str]) -> str:
    """Give the code of the plan asked for, before anything is read; "" when it cannot be one."""
    code = query.get("plan", "").strip()
    return code if re.fullmatch(r"[-\w]{1,40}", code, re.ASCII) else ""


def read(query: Mapping[str, str], ground: Ground, today: dt.date) -> Asked:
    """Give the question in `query`; what cannot be understood stands in `problems`."""
    problems: list[str] = []
    on = _day(query.get("on", "").strip(), today, problems)
    known: dict[str, tuple[Callable[[str], bool], str]] = {
        "plan": (lambda code: any(plan.code == code for plan in ground.plans.values()), "实施方案或交办事项"),
        "group": (lambda code: any(group.code == code for group in ground.groups), "单位群组"),
        "unit": (lambda code: any(unit.code == code for unit in ground.tables.units.values()), "单位"),
        "task": (lambda code: code in _tasks(ground), "任务"),
        "node": (lambda name: name.rpartition(".")[0] in _codes(ground), "时间节点"),
        "month": (lambda text: bool(re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text)), "月份"),
        "light": (lambda light: light in set(Light), "状态"),
        "show": (lambda show: show in SHOWS, "范围"),
    }
    found = {name: _known(query.get(name, "").strip(), *how, problems) for name, how in known.items()}
    return Asked(**found, on=on, problems=tuple(problems))


def _known(value: str, is_known: Callable[[str], bool], what: str, problems: list[str]) -> str:
    if not value or is_known(value):
        return value
    problems.append(f"没有“{value[:30]}”这个{what}，已按不限{what}显示。")
    return ""


def _tasks(ground: Ground) -> set[str]:
    return {milestone.task.code for milestones in ground.milestones.values() for milestone in milestones}


def _codes(ground: Ground) -> set[str]:
    return {milestone.code for milestones in ground.milestones.values() for milestone in milestones}


def _day(text: str, today: dt.date, problems: list[str]) -> dt.date | None:
    if not text:
        return None
    try:
        # Python also takes 20220620 and 2022-W25-1, which nobody means.
        day = dt.date.fromisoformat(
            text if len(text) == len("2022-06-20") and text[4] == "-" and text[7] == "-" else ""
        )
    except ValueError:
        problems.append(f"“{text[:20]}”不是日历上的日子，下面是今天的情况。日期请写成 2022-06-20 这样。")
        return None
    if not FIRST_DAY <= day <= LAST_DAY:
        problems.append(f"只能查看 {FIRST_DAY} 至 {LAST_DAY} 之间的日子，“{text}”不在其中，下面是今天的情况。")
        return None
    return None if day == today else day


def keeper(asked: Asked, ground: Ground, on: dt.date) -> Callable[[Cell], bool]:
    """Give the rule by which a cell of the wall of `on` is among what was asked for."""
    rules: list[Callable[[Cell], bool]] = []
    if asked.group:
        group = next(group.pk for group in ground.groups if group.code == asked.group)
        members = {unit.pk for unit in Memberships(on, ground.tables).of(group)}
        rules.append(lambda cell: cell.unit.pk in members)
    if asked.unit:
        rules.append(lambda cell: cell.unit.code == asked.unit)
    if asked.task:
        rules.append(lambda cell: cell.column.milestone.task.code == asked.task)
    if asked.node:
        rules.append(lambda cell: cell.column.name == asked.node)
    if asked.month:
        rules.append(lambda cell: cell.column.due_on is not None and f"{cell.column.due_on:%Y-%m}" == asked.month)
    if asked.light:
        rules.append(lambda cell: cell.light == asked.light)
    if asked.show:
        rules.append(_SHOWN[asked.show])
    return lambda cell: all(rule(cell) for rule in rules)
