"""What the lists of the bureau's desk are narrowed to and grouped by, and what is said when urging."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from liaisons.models import Unit
from reform.desk import Narrowing
from reform.models import Obligation, Plan, Task
from reform.urging import LONGEST_NOTE

GROUPS = [("", "不分组"), ("unit", "按单位"), ("task", "按任务"), ("month", "按月份")]
UNKNOWN = {"invalid_choice": "请在列表里选择。"}


def _months() -> list[tuple[str, str]]:
    days = Obligation.objects.filter(due_on__isnull=False).dates("due_on", "month")
    return [("", "全部月份"), *((f"{day:%Y-%m}", f"{day.year}年{day.month}月") for day in days)]


class NarrowForm(forms.Form):
    """Unit, task and month, and what the list is grouped by; each may stay empty."""

    unit = forms.ModelChoiceField(
        Unit.objects.all(), label="单位", required=False, empty_label="全部单位", error_messages=UNKNOWN
    )
    task = forms.ModelChoiceField(
        Task.objects.none(), label="任务", required=False, empty_label="全部任务", error_messages=UNKNOWN
    )
    month = forms.ChoiceField(label="月份", required=False, error_messages=UNKNOWN)
    group = forms.ChoiceField(label="分组", required=False, choices=GROUPS, error_messages=UNKNOWN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks = Task.objects.filter(plan__state=Plan.ISSUED).select_related("plan")
        self.fields["task"].queryset = tasks.order_by("plan", "position", "code")
        self.fields["month"].choices = _months()

    def narrowing(self) -> Narrowing:
        """Give what was chosen; a choice that does not exist counts as none and is marked in the form."""
        self.is_valid()
        chosen = self.cleaned_data
        month = dt.date.fromisoformat(f"{chosen['month']}-01") if chosen.get("month") else None
        return Narrowing(chosen.get("unit"), chosen.get("task"), month, chosen.get("group", ""))


class CommentForm(forms.Form):
    """What is written beside a duty; the verb says what is wrong with it."""

    text = forms.CharField(
        label="意见", widget=forms.Textarea(attrs={"rows": 4}), error_messages={"required": "请写意见。"}
    )


class UrgeForm(forms.Form):
    """What an officer adds to an urging."""

    note = forms.CharField(
        label="附言", required=False, max_length=LONGEST_NOTE,
        widget=forms.TextInput(attrs={"placeholder": "例如：请在今天下班前报送"}),
        error_messages={"max_length": f"附言最多 {LONGEST_NOTE} 字。"},
    )  # fmt: skip
