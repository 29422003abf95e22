"""A filing's form as it was sent, right or wrong, and the small forms beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.http import QueryDict

from reform.forms.days import DayField
from reform.forms.typed import words
from reform.steps import LONGEST_TITLE

VALUE = "value-"
LONGEST_REASON = 1000
TOO_LONG = {"max_length": f"最多 {LONGEST_REASON} 字。"}


@dataclass(frozen=True)
class Typed:
    """What was typed: the text, values by the code of their data item, and the mark of the draft the page showed."""

    text: str
    values: Mapping[str, str]
    seen: str | None


def read(post: QueryDict) -> Typed:
    """Read the form; raises nothing, whatever was sent."""
    values = {name.removeprefix(VALUE): words(post, name) for name in post if name.startswith(VALUE)}
    return Typed(words(post, "text"), values, post.get("seen") or None)


class ExtensionForm(forms.Form):
    """申请延期: until when, and why."""

    until = DayField(label="申请延到", error_messages={"required": "请填写申请延到哪一天。"})
    reason = forms.CharField(
        label="理由", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 4}),
        error_messages=TOO_LONG | {"required": "请写明延期的理由。"},
    )  # fmt: skip


class DeclineForm(forms.Form):
    """Why the leader does not sign."""

    reason = forms.CharField(
        label="退回联络员的理由", max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=TOO_LONG | {"required": "请写明退回的理由，让联络员知道改什么。"},
    )  # fmt: skip


class StepForm(forms.Form):
    """One step of a unit's own (倒排工期)."""

    title = forms.CharField(
        label="步骤", max_length=LONGEST_TITLE, widget=forms.TextInput(attrs={"placeholder": "例如：形成试点材料"}),
        error_messages={"required": "请写明这一步做什么。", "max_length": f"一步最多 {LONGEST_TITLE} 字。"},
    )  # fmt: skip
    planned_on = DayField(label="计划完成", error_messages={"required": "请填写计划完成日期。"})
