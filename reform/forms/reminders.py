"""The forms of reminders: one rule with its steps, what the lists are narrowed to, a go with a note."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.fields import WordsField
from liaisons.models import Unit
from reform.models import ReminderRule, ReminderStep
from reform.reminders.escalating import LONGEST_NOTE

UNKNOWN = {"invalid_choice": "请在列表里选择。"}
DAYS = {"required": "请填写天数，不讲究的填 0。", "invalid": "请填写整数。"}


def _number(label: str, least: int, most: int, **kwargs: Any) -> forms.IntegerField:
    errors = DAYS | {"min_value": f"应不小于 {least}。", "max_value": f"应不大于 {most}。"}
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=errors, **kwargs)


def _time(label: str, **kwargs: Any) -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    errors = {"required": "请填写时间。", "invalid": "请填写时间，如 09:00。"}
    return forms.TimeField(label=label, widget=widget, error_messages=errors, **kwargs)


class RuleForm(forms.Form):
    """What holds for all steps of a rule."""

    roll = forms.ChoiceField(label="期限落在休息日时", choices=ReminderRule._meta.get_field("roll").choices or [])
    enabled = forms.BooleanField(label="启用这条规则", required=False)


class StepForm(forms.Form):
    """One step; what it is counted from and what it carries stay as they are."""

    title = WordsField(label="名称", max_length=20)
    offset = _number("几天（之前填负数）", -90, 366)
    counted_in = forms.ChoiceField(label="按", choices=ReminderStep._meta.get_field("counted_in").choices or [])
    repeat_days = _number("每隔几天重复", 0, 366)
    at_time = _time("时间")
    until_time = _time("当天可延至", required=False)
    valid_workdays = _number("几个工作日内仍有用", 0, 60)
    audience = forms.MultipleChoiceField(
        label="发给", choices=ReminderStep.AUDIENCES, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选一类人。"},
    )  # fmt: skip
    inbox = forms.BooleanField(label="站内消息", required=False)
    outward = forms.BooleanField(label="邮件或即时消息", required=False)
    calls = forms.BooleanField(label="没有邮件的列入电话催办单", required=False)
    enabled = forms.BooleanField(label="启用", required=False)


class UnitForm(forms.Form):
    """Of which unit the days to come are shown."""

    unit = forms.ModelChoiceField(
        Unit.objects.filter(closed_on__isnull=True), label="单位", required=False, empty_label="全部单位",
        error_messages=UNKNOWN,
    )  # fmt: skip


class GoForm(forms.Form):
    """What is said with a go or a refusal."""

    note = WordsField(label="说明", max_length=LONGEST_NOTE, required=False)
