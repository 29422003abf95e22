"""The filters of the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from pypinyin import lazy_pinyin

from liaisons.audit_reading import Asked
from liaisons.models import Unit
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.audit_words import NOUNS, subject_of

# The database's clock cannot count beyond these without running over.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
WRONG_DAY = "请填写存在的日期，如 2022-06-21。"


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    limits = [MinValueValidator(EARLIEST, WRONG_DAY), MaxValueValidator(LATEST, WRONG_DAY)]
    errors = {"invalid": WRONG_DAY}
    return forms.DateField(label=label, required=False, widget=widget, validators=limits, error_messages=errors)


def _actions() -> list[tuple[str, str]]:
    """Give the kinds of acts to choose from: nouns of the trail, in the order of their pinyin."""
    named = [(f"{noun}.", word) for noun, word in (NOUNS | {"access": "访问被拒绝", "act": "办理被拒绝"}).items()]
    return [("", "全部"), *sorted(named, key=lambda pair: lazy_pinyin(pair[1]))]


class AuditFilterForm(forms.Form):
    """Which entries to show."""

    actor = forms.CharField(label="操作人（用户名）", required=False, max_length=40)
    action = forms.ChoiceField(
        label="动作", required=False, choices=_actions, error_messages={"invalid_choice": "请在列表里选择动作。"}
    )
    outcome = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), (AuditEntry.OK, "成功"), (AuditEntry.REFUSED, "拒绝")],
        error_messages={"invalid_choice": "请在列表里选择结果。"},
    )  # fmt: skip
    unit = forms.ModelChoiceField(
        Unit.objects.all(), label="单位", required=False, to_field_name="code", empty_label="全部",
        error_messages={"invalid_choice": "请在列表里选择单位。"},
    )  # fmt: skip
    subject = forms.CharField(
        label="对象", required=False, max_length=80, widget=forms.TextInput(attrs={"placeholder": "如 承办事项 12"})
    )
    since = _day("从")
    until = _day("到")

    def clean_unit(self) -> str:
        """Give the unit's code, by which entries know it."""
        unit = self.cleaned_data["unit"]
        return unit.code if unit else ""

    def clean_subject(self) -> tuple[str, str]:
        """Give the kind and the key of the object that was written in words."""
        words = self.cleaned_data["subject"]
        try:
            return subject_of(words) if words else ("", "")
        except LookupError as error:
            raise forms.ValidationError("没有这种对象；请照列表里的写法填，如 承办事项 12。") from error

    def clean(self) -> dict[str, Any]:
        """Refuse a period that ends before it starts."""
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["since"] > data["until"]:
            self.add_error("until", "结束日期早于开始日期。")
        return data

    def asked(self) -> Asked:
        """Give what is asked for; a filter that was filled in wrongly filters nothing out."""
        self.is_valid()
        return Asked(**{key: value for key, value in self.cleaned_data.items() if value})
