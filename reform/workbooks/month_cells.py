"""Kinds of cells of a month's report: a task by its place and title, and progress, of which 本月无变化 is one word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from reform.filing import LONGEST_TEXT
from reform.models import Task
from xingxian_portal.foundation.workbook import cell_values
from xingxian_portal.foundation.workbook.kinds import Named, Text

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
        self.know(names, list(dict.fromkeys(map(str, found))))


class Progress(Text):
    """What was done this month, or 本月无变化."""

    def __init__(self) -> None:
        super().__init__(LONGEST_TEXT, lines=True)
        self.hint = f"本月做了什么；没有变化就填“{UNCHANGED}”"

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        """Give the words; raises Unacceptable when there are too many."""
        words = super().clean(value)
        return UNCHANGED if cell_values.squeezed(words) in SAME else words
