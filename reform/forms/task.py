"""The form of a task: its place in the document, its words, and who leads, answers for and supports it."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.fields import WordsField
from reform.models import Task

LONGEST_QUOTE = 20_000
MOST_HEADINGS = 4


class TaskForm(forms.Form):
    """One passage of the plan that asks for something."""

    heading_path = WordsField(
        label="所在标题", max_length=400, rows=2, required=False,
        help_text="一行一级，照抄方案，如：二、任务分工 / （一）深入推进综合行政执法改革。",
    )  # fmt: skip
    number = WordsField(label="序号", max_length=12, required=False, help_text="如：4")
    title = WordsField(label="名称", max_length=60, help_text="用几个字概括这项任务。")
    quote = WordsField(label="原文", max_length=LONGEST_QUOTE, rows=6, help_text="逐字摘自方案，不改写。")

    def clean_heading_path(self) -> list[str]:
        """Give the headings, outermost first."""
        lines = [line.strip() for line in self.cleaned_data["heading_path"].splitlines()]
        headings = [line for line in lines if line]
        if len(headings) > MOST_HEADINGS:
            raise forms.ValidationError(f"标题最多 {MOST_HEADINGS} 级，一行一级。")
        return headings

    def clean_number(self) -> str:
        """Give the number without the dot behind it, which the portal adds itself."""
        return self.cleaned_data["number"].rstrip(".．、 ")


class PlacedTaskForm(TaskForm):
    """A task that exists, with its place in the list."""

    position = forms.IntegerField(
        label="排在第几项", min_value=0, max_value=32000,
        error_messages={
            "required": "请填写排在第几项。", "invalid": "请填写整数。",
            "min_value": "不能小于 0。", "max_value": "不能大于 32000。",
        },
    )  # fmt: skip


def shown(task: Task) -> dict[str, Any]:
    """Give what the form shows of a task."""
    values = {name: getattr(task, name) for name in PlacedTaskForm.base_fields}
    return values | {"heading_path": "\n".join(task.heading_path)}
