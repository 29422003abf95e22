"""The forms about being reached: one's own ways, the calendar, what the ledger is narrowed to."""

from __future__ import annotations

import datetime as dt
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

from liaisons import workday_calendar
from liaisons.forms.fields import DayField, WordsField
from liaisons.models import ContactPreference, Unit, User
from liaisons.models.contact import CHANNELS
from xingxian_portal.foundation.workdays import CalendarDay

TIMES = [(f"{hour:02}:00", f"{hour}:00 以后") for hour in (9, 10, 11, 15, 16)]
UNKNOWN = {"invalid_choice": "请在列表里选择。"}


class ContactForm(forms.Form):
    """Address, first way, hour."""

    email = forms.CharField(
        label="邮箱", max_length=200, required=False, help_text="单位或本人常用的邮箱，加密保存；不填则不发邮件。",
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )  # fmt: skip
    first_channel = forms.ChoiceField(
        label="优先方式",
        choices=ContactPreference._meta.get_field("first_channel").choices or [],
        error_messages=UNKNOWN,
    )
    digest_time = forms.ChoiceField(label="每天的提醒在", choices=TIMES, error_messages=UNKNOWN)

    def clean_digest_time(self) -> dt.time:
        """Give the hour as a time."""
        return dt.time.fromisoformat(self.cleaned_data["digest_time"])


class StandInForm(forms.Form):
    """Who stands in, on which days."""

    stand_in = forms.ModelChoiceField(
        User.objects.none(), label="由谁代收", empty_label="请选择",
        error_messages={"required": "请选择代收人。", **UNKNOWN},
    )  # fmt: skip
    from_on = DayField(label="从哪天")
    to_on = DayField(label="到哪天")

    def __init__(self, *args: Any, candidates: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["stand_in"]).queryset = candidates


class DaysForm(forms.Form):
    """A stretch of days, what they are, by which notice."""

    first = DayField(label="从哪天")
    last = DayField(label="到哪天", required=False, help_text="只有一天的不用填。")
    kind = forms.ChoiceField(
        label="算作", required=False,
        choices=[(CalendarDay.OFF, "放假"), (CalendarDay.MAKEUP, "调休上班"), (workday_calendar.ORDINARY, "按星期几算（取消标记）")],
    )  # fmt: skip
    name = WordsField(label="名称", max_length=30, required=False, help_text="例如：春节。")
    source = WordsField(label="依据", max_length=100, required=False)


class YearForm(forms.Form):
    """Whether a year was entered by the official notice."""

    official = forms.BooleanField(label="已按国务院办公厅的通知录入", required=False)
    notice_no = WordsField(label="通知文号", max_length=100, required=False)


class LedgerForm(forms.Form):
    """What the ledger is narrowed to; each may stay empty."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", required=False, empty_label="全部单位", error_messages=UNKNOWN
    )
    channel = forms.ChoiceField(
        label="方式", required=False, choices=[("", "全部方式"), *CHANNELS], error_messages=UNKNOWN
    )
    month = forms.CharField(label="月份", required=False, widget=forms.TextInput(attrs={"type": "month"}))
    q = forms.CharField(label="事项或收件人", required=False, max_length=60)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units

    def clean_month(self) -> dt.date | None:
        """Give the first day of the month."""
        typed = self.cleaned_data["month"]
        try:
            return dt.date.fromisoformat(f"{typed}-01") if typed else None
        except ValueError as error:
            raise forms.ValidationError("请填写月份，如 2022-06。") from error

    def in_words(self) -> str:
        """Say what was chosen, "" where nothing narrows."""
        self.is_valid()
        chosen = {name: value for name, value in self.cleaned_data.items() if value}
        words = {name: str(value) for name, value in chosen.items()}
        if month := chosen.get("month"):
            words["month"] = f"{month.year}年{month.month}月"
        if channel := chosen.get("channel"):
            words["channel"] = dict(CHANNELS)[channel]
        return "，".join(f"{self.fields[name].label}：{words[name]}" for name in words)

    def narrowed(self, rows: Any) -> Any:
        """Give the lines that fit; what is wrong counts as not chosen and is marked in the form."""
        self.is_valid()
        chosen = self.cleaned_data
        if chosen.get("unit"):
            rows = rows.filter(unit=chosen["unit"])
        if chosen.get("channel"):
            rows = rows.filter(channel=chosen["channel"])
        if month := chosen.get("month"):
            rows = rows.filter(planned_for__year=month.year, planned_for__month=month.month)
        if words := chosen.get("q"):
            rows = rows.filter(about__icontains=words) | rows.filter(addressee__icontains=words)
        return rows
