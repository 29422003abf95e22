"""What a unit fills in for its register of case files, and its self-check."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from liaisons.models import EnforcementField, Unit
from reform.models import CaseFile

NAMES = re.compile(r"[、，,；;\s]+")
NUMBER = {"invalid": "请填写整数。", "required": "请填写数字，没有就填 0。"}


def names_of(text: str) -> list[str]:
    """Give the names in a list that people wrote with whatever between them."""
    return [name for name in NAMES.split(text.strip()) if name]


class CaseFileForm(forms.Form):
    """One entry of the register."""

    number = WordsField(label="案卷编号", max_length=60, help_text="决定书文号或卷号，如：兴市监罚〔2022〕17号。")
    kind = forms.ChoiceField(label="类别", choices=CaseFile.KINDS)
    field = forms.ModelChoiceField(
        EnforcementField.objects.all(), label="执法领域", required=False, empty_label="综合执法",
        error_messages={"invalid_choice": "请在列表里选择执法领域。"},
    )  # fmt: skip
    title = WordsField(label="案由", max_length=120)
    party = WordsField(label="当事人", max_length=80, help_text="只写名称或姓名，不要写身份证号、住址、电话。")
    opened_on = DayField(label="立案日期", required=False)
    decided_on = DayField(label="决定日期")
    closed_on = DayField(label="结案日期", required=False)
    officers = WordsField(
        label="承办人", max_length=120, help_text="两名以上，用顿号隔开。本单位自评时承办人不评自己的卷。"
    )
    pages = forms.IntegerField(
        label="卷内页数", required=False, min_value=1, max_value=9999,
        error_messages={"invalid": "请填写整数。", "min_value": "页数从 1 起。", "max_value": "页数最多 9999。"},
    )  # fmt: skip
    is_major = forms.BooleanField(label="涉企重大处罚（须有法制审核和集体讨论）", required=False)
    audited_on = DayField(label="法制审核日期", required=False)
    audited_by = WordsField(label="法制审核人", max_length=30, required=False)
    discussed_on = DayField(label="集体讨论日期", required=False)
    discussion = WordsField(label="集体讨论结论", max_length=200, required=False)

    def clean_officers(self) -> list[str]:
        """Give the names one by one."""
        return names_of(self.cleaned_data["officers"])


class NewCaseFileForm(CaseFileForm):
    """A new entry, of one of the units that one registers for."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", empty_label="请选择",
        error_messages={"required": "请选择单位。", "invalid_choice": "请在列表里选择单位。"},
    )  # fmt: skip
    field_order = ["unit"]

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        if len(units) == 1:
            self.fields["unit"].empty_label = None


def shown(file: CaseFile) -> dict[str, Any]:
    """Give what the form shows of an entry."""
    values = {name: getattr(file, name) for name in CaseFileForm.base_fields}
    return values | {"officers": "、".join(file.officers), "field": file.field_id}


class FilterForm(forms.Form):
    """What the register is narrowed to."""

    unit = forms.ModelChoiceField(Unit.objects.all(), label="单位", required=False, empty_label="全部")
    kind = forms.ChoiceField(label="类别", required=False, choices=[("", "全部"), *CaseFile.KINDS])
    text = forms.CharField(label="编号、案由、当事人", required=False, max_length=60)

    def __init__(self, *args: Any, units: list[Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        if len(units) < 2:
            del self.fields["unit"]


class SelfCheckForm(forms.Form):
    """自查表."""

    checked = forms.IntegerField(label="自查案卷数", min_value=1, max_value=9999, error_messages=NUMBER)
    excellent = forms.IntegerField(label="其中自评优秀", min_value=0, max_value=9999, error_messages=NUMBER)
    failed = forms.IntegerField(label="其中自评不合格", min_value=0, max_value=9999, error_messages=NUMBER)
    problems = WordsField(label="自查发现的问题", max_length=2000, rows=5)
    measures = WordsField(label="整改措施", max_length=2000, rows=4)
