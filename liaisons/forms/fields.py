"""Inputs that several forms share: a day the county could mean, words of a limited length."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

EARLIEST, LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日"]


class DayField(forms.DateField):
    """A day between 2000 and 2099, typed or picked."""

    def __init__(self, **kwargs: Any) -> None:
        limits = {"type": "date", "min": EARLIEST.isoformat(), "max": LATEST.isoformat()}
        errors = {"invalid": "请填写日历上有的日期，如 2022-06-30。", "required": "请填写日期。"}
        kwargs["error_messages"] = errors | kwargs.get("error_messages", {})
        super().__init__(
            widget=forms.DateInput(format="%Y-%m-%d", attrs=limits), input_formats=FORMATS,
            validators=[
                MinValueValidator(EARLIEST, "日期应在 2000 年到 2099 年之间。"),
                MaxValueValidator(LATEST, "日期应在 2000 年到 2099 年之间。"),
            ],
            **kwargs,
        )  # fmt: skip


class WordsField(forms.CharField):
    """Words; a refusal for length says how many there are. `rows` makes it a box of that height."""

    def __init__(self, *, max_length: int, rows: int = 0, **kwargs: Any) -> None:
        errors = {
            "max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个。",
            "required": f"请填写{kwargs.get('label', '')}。",
            "null_characters_not_allowed": "有无法识别的字符，请删去后再试。",
        }
        kwargs["error_messages"] = errors | kwargs.get("error_messages", {})
        widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
        # A box counts line breaks differently from the server; its length is checked there alone.
        super().__init__(max_length=max_length, widget=kwargs.pop("widget", widget), **kwargs)
        if rows:
            self.widget.attrs.pop("maxlength", None)
