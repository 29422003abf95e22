"""The form of a milestone: its words, its time limit, how it is discharged."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from reform.forms.task import LONGEST_QUOTE, PlacedTaskForm
from reform.models import Milestone


class MilestoneForm(forms.Form):
    """One time limit. What the chosen kind does not ask for may stay empty and is not kept."""

    title = WordsField(label="名称", max_length=60)
    short_title = WordsField(
        label="挂图上的名称", max_length=8, required=False, help_text="最多 8 个字，空着就取名称的前几个字。"
    )
    quote = WordsField(
        label="原文", max_length=LONGEST_QUOTE, rows=3, help_text="这个时限出自方案的哪几个字，逐字摘录。"
    )
    kind = forms.ChoiceField(
        label="怎样到期", choices=Milestone.KINDS, widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样到期。", "invalid_choice": "请选择怎样到期。"},
    )  # fmt: skip
    due_on = DayField(label="期限", required=False, help_text="“前”含当天；“6月底前”填 6 月 30 日。")
    day = forms.IntegerField(
        label="每月几日前", required=False, min_value=1, max_value=31, help_text="填 31 就是每月最后一天。",
        error_messages={
            "invalid": "请填写 1 到 31 的整数。", "min_value": "请填写 1 到 31 的整数。", "max_value": "请填写 1 到 31 的整数。",
        },
    )  # fmt: skip
    months = forms.TypedMultipleChoiceField(
        label="每年哪几个月底前", required=False, coerce=int, widget=forms.CheckboxSelectMultiple,
        choices=[(month, f"{month}月") for month in range(1, 13)],
        error_messages={"invalid_choice": "请在 1 到 12 月里勾选。"},
    )  # fmt: skip
    deliverable = forms.ChoiceField(
        label="以什么办结", choices=Milestone._meta.get_field("deliverable").choices or [], initial=Milestone.SUBMISSION
    )
    note = WordsField(label="说明", max_length=200, required=False)
    needs_cosign = forms.BooleanField(label="报送前须分管领导会签", required=False)
    to_confirm = forms.BooleanField(label="标为待核实", required=False)

    def values(self) -> dict[str, Any]:
        """Give what the verb takes."""
        given = dict(self.cleaned_data)
        return given | {"confirmed": not given.pop("to_confirm")}


class PlacedMilestoneForm(MilestoneForm):
    """A milestone that exists, with its place under its task."""

    position = PlacedTaskForm.base_fields["position"]


def shown(milestone: Milestone) -> dict[str, Any]:
    """Give what the form shows of a milestone."""
    values = {name: getattr(milestone, name) for name in PlacedMilestoneForm.base_fields if hasattr(milestone, name)}
    return values | {"to_confirm": not milestone.confirmed}
