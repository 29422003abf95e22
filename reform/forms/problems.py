"""Who answers a problem by when, and the answer."""

from __future__ import annotations

from django import forms

from liaisons.models import Unit
from reform import problems
from reform.forms.days import DayField


class AssignForm(forms.Form):
    """The unit that answers and its day."""

    answerer = forms.ModelChoiceField(
        Unit.objects.filter(closed_on__isnull=True), label="答复单位", empty_label="请选择",
        error_messages={"required": "请选择答复单位。", "invalid_choice": "请在列表里选择单位。"},
    )  # fmt: skip
    answer_by = DayField(label="答复期限", error_messages={"required": "请填写答复期限。"})


class AnswerForm(forms.Form):
    """What is answered to the unit that raised the problem."""

    answer = forms.CharField(
        label="答复内容", max_length=problems.LONGEST, widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "请填写答复内容。", "max_length": f"答复最多 {problems.LONGEST} 字。"},
    )  # fmt: skip
