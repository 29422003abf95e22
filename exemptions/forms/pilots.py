"""What is filled in about a pilot."""

from __future__ import annotations

from django import forms

from exemptions.pilots import LONGEST
from liaisons.forms.fields import DayField, WordsField
from liaisons.models import EnforcementField


class PilotForm(forms.Form):
    """A pilot as it begins."""

    site = WordsField(label="试点单位（区域、行业）", max_length=60, help_text="如：蔚汾镇东关商业街、县城餐饮业。")
    field = forms.ModelChoiceField(
        EnforcementField.objects.all(), label="执法领域", required=False, empty_label="综合",
        error_messages={"invalid_choice": "请在列表里选择。"},
    )  # fmt: skip
    started_on = DayField(label="开始日期")
    plan = WordsField(label="试点计划", max_length=LONGEST, rows=4)


class ProgressForm(forms.Form):
    """What it has come to."""

    on = DayField(label="日期")
    text = WordsField(label="进展", max_length=LONGEST, rows=3)


class LessonsForm(forms.Form):
    """What was learnt."""

    closed_on = DayField(label="总结日期")
    lessons = WordsField(label="可复制推广的经验", max_length=LONGEST, rows=4)
