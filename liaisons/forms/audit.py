"""The filters of the audit trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from liaisons.audit_reading import Asked
from xingxian_portal.foundation.audit import AuditEntry

# The database's clock cannot count beyond these without running over.
EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2199, 12, 31)
WRONG_DAY = "请填写存在的日期，如 2022-06-21。"


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    limits = [MinValueValidator(EARLIEST, WRONG_DAY), MaxValueValidator(LATEST, WRONG_DAY)]
    errors = {"invalid": WRONG_DAY}
    return forms.DateField(label=label, required=False, widget=widget, validators=limits, error_messages=errors)


class AuditFilterForm(forms.Form):
    """Which entries to show."""

    action = forms.CharField(label="动作", required=False, max_length=60)
    actor = forms.CharField(label="操作人用户名", required=False, max_length=40)
    outcome = forms.ChoiceField(
        label="结果", required=False, choices=[("", "全部"), (AuditEntry.OK, "成功"), (AuditEntry.REFUSED, "拒绝")],
        error_messages={"invalid_choice": "请在列表里选择结果。"},
    )  # fmt: skip
    since = _day("从")
    until = _day("到")

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
