"""A day as people give it in a form."""

from __future__ import annotations

from typing import Any

from django import forms


class DayField(forms.DateField):
    """A day, picked from the browser's calendar or typed as 2022-06-30."""

    def __init__(self, **given: Any) -> None:
        # The browser's own input takes and gives ISO days only, whatever the language of the page.
        given.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        messages = {"required": "请填写日期。", "invalid": "日期无法识别，请写成 2022-06-30 的样子。"}
        given["error_messages"] = messages | given.get("error_messages", {})
        super().__init__(**given)
