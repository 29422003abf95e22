"""Kinds of cells of a month's report: a task by its place and title, progress, and what is closed with a line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Any

from reform import deadlines
from reform.filing import LONGEST_TEXT
from reform.models import Obligation, Task
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Named, Text

ZERO = "零报告"  # stands where a task does; the reason stands where its progress does
UNCHANGED = "本月无变化"
SAME = {UNCHANGED, f"{UNCHANGED}。", "无变化", "无变化。", "无新进展"}


class TaskName(Named):
    """A task of the plan; its value is its place and title, as exports print it."""

    def __init__(self) -> None:
        super().__init__("任务")

    def load(self, tasks: Iterable[Task]) -> None:
        """Take the tasks that the report has lines for, or may have had."""
        found = list(tasks)
        titles = Counter(cell_values.squeezed(task.title) for task in found)
        names = {str(task): str(task) for task in found} | {task.code: str(task) for task in found}
        for task in found:
            if titles[cell_values.squeezed(task.title)] == 1:
                names.setdefault(task.title, str(task))
        self.know(names | {ZERO: ZERO}, [*dict.fromkeys(map(str, found)), ZERO])


class Ticks(Text):
    """What is to be closed with a line, by name; 是 for all there is, which only the line knows: `ticked`."""

    ALL, NONE, BETWEEN = {"是", "√", "全部"}, {"否", "×", "无", "/", "-"}, re.compile(r"[；;\n]+")

    def __init__(self) -> None:
        super().__init__(LONGEST_TEXT, lines=True)
        self.hint = "本月办结、随月报申请销号的事项；几件用分号隔开，填“是”就是这一行的全部"

    def ticked(self, value: str, offered: Iterable[Obligation]) -> str:
        """Give the names of those of `offered` that the words name, in order, and after them the words that name none."""
        plain = cell_values.squeezed(value)
        names = {row: name_of(row) for row in offered}
        if plain in self.ALL:
            return "；".join(names.values())
        asked = [] if plain in self.NONE else [word for part in self.BETWEEN.split(value) if (word := part.strip())]
        meant = {word: [name for row, name in names.items() if _is_named(row, word)] for word in asked}
        found = [name for name in names.values() if [name] in meant.values()]
        return "；".join([*found, *(word for word, said in meant.items() if len(said) != 1)])

    def parts(self, value: str) -> list[str]:
        """Give the names in a value."""
        return [name for name in value.split("；") if name]


def name_of(duty: Obligation) -> str:
    """Name a duty as a cell names what is closed with a line: of one that recurs also which time."""
    title = duty.milestone.title
    return f"{title}（{duty.occurrence}）" if duty.milestone.kind == deadlines.YEARLY else title


def _is_named(duty: Obligation, word: str) -> bool:
    names = (name_of(duty), duty.milestone.title, duty.milestone.short_title)
    return cell_values.squeezed(word) in {cell_values.squeezed(name) for name in names}


class Progress(Text):
    """What was done this month, or 本月无变化."""

    def __init__(self) -> None:
        super().__init__(LONGEST_TEXT, lines=True)
        self.hint = f"本月做了什么；没有变化就填“{UNCHANGED}”"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the words; raises Unacceptable when there are too many."""
        words = super().clean(value)
        return UNCHANGED if cell_values.squeezed(words) in SAME else words
