"""The form of an officer in the register."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet

from liaisons.forms.fields import DayField, WordsField
from liaisons.models import EnforcementField, Officer, Unit


class OfficerForm(forms.Form):
    """What the register holds of an officer."""

    name = WordsField(label="姓名", max_length=30)
    field = forms.ModelChoiceField(
        EnforcementField.objects.all(), label="执法领域", required=False, empty_label="综合执法",
        error_messages={"invalid_choice": "请在列表里选择执法领域。"},
    )  # fmt: skip
    certificate = WordsField(label="执法证号", max_length=30, help_text="行政执法证件上的证号，不要填身份证号。")
    valid_until = DayField(label="有效期至")
    standing = forms.ChoiceField(
        label="状态", choices=Officer.STATES,
        error_messages={"required": "请选择状态。", "invalid_choice": "请在列表里选择状态。"},
    )  # fmt: skip


class NewOfficerForm(OfficerForm):
    """A new officer, of one of the units that one keeps."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", empty_label="请选择",
        error_messages={"required": "请选择单位。", "invalid_choice": "请在列表里选择单位。"},
    )  # fmt: skip
    field_order = ["unit"]

    def __init__(self, *args: Any, units: QuerySet[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        if len(units) == 1:
            self.fields["unit"].empty_label = None
