"""The text of a 通报, and its number."""

from __future__ import annotations

from typing import Any

from django import forms


def _line(label: str, most: int, **more: Any) -> forms.CharField:
    messages = {"required": f"请填写{label}。", "max_length": f"{label}最多 {most} 字。"}
    return forms.CharField(label=label, max_length=most, error_messages=messages, **more)


class BulletinForm(forms.Form):
    """What the officer edits before issue; `revision` is the one that was read."""

    title = _line("标题", 120)
    addressee = _line("主送机关", 200)
    text = forms.CharField(
        label="正文", max_length=50_000, widget=forms.Textarea(attrs={"rows": 26}),
        help_text="一行一段。以“一、”“（一）”“1.”“（1）”开头的行按公文层次排版；标题后的句号之前是标题。",
        error_messages={"required": "请填写正文。", "max_length": "正文最多 50000 字。"},
    )  # fmt: skip
    copies_to = _line("抄送", 200, required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)


class IssueForm(forms.Form):
    """The number under which it is issued."""

    number = _line("发文字号", 40, help_text="如 兴司通〔2022〕6号")
