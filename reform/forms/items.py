"""Rows of data items: which figures and facts a filing must or may carry."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms

from liaisons.forms.fields import WordsField
from liaisons.forms.rows import Rows, rows_of
from liaisons.forms.sheet import Part
from reform.models import DataItem

LONGEST_CHOICE = 40


class ItemForm(forms.Form):
    """One data item. Its code, made by the portal, comes back with it so that a new label keeps the same item."""

    label = WordsField(label="名称", max_length=40)
    kind = forms.ChoiceField(
        label="类别", choices=DataItem._meta.get_field("kind").choices or [], initial=DataItem.COUNT
    )
    measure = WordsField(label="计量单位", max_length=10, required=False)
    choices = WordsField(label="可选值（用顿号隔开）", max_length=400, required=False)
    quote = WordsField(label="原文", max_length=200, required=False)
    required = forms.BooleanField(label="必填", required=False)
    to_confirm = forms.BooleanField(label="待核实", required=False)
    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)

    def clean_choices(self) -> list[str]:
        """Give the choices, each once."""
        words = [word.strip() for word in re.split(r"[、,，;；\n]", self.cleaned_data["choices"])]
        if any(len(word) > LONGEST_CHOICE for word in words):
            raise forms.ValidationError(f"每个可选值最多 {LONGEST_CHOICE} 个字。")
        return list(dict.fromkeys(filter(None, words)))

    def clean(self) -> dict[str, Any]:
        """Ask for choices where one is to be chosen."""
        data = super().clean() or {}
        if data.get("kind") == DataItem.CHOICE and len(data.get("choices", [])) < 2 and "choices" not in self.errors:
            self.add_error("choices", "“选择”类的数据项请至少写两个可选值。")
        return data

    def values(self) -> dict[str, Any]:
        """Give what the verb takes."""
        data = dict(self.cleaned_data)
        data.pop("DELETE", None)
        if data["kind"] != DataItem.CHOICE:
            data["choices"] = []
        return data | {"confirmed": not data.pop("to_confirm")}


class _ItemRows(Rows):
    def clean(self) -> None:
        """Refuse the same label twice: nobody could tell the figures apart."""
        labels = set()
        for form in self.filled():
            label = form.cleaned_data.get("label")
            if label and label in labels:
                form.add_error("label", "上面已有同名的数据项。")
            labels.add(label)


ItemRows = rows_of(ItemForm, _ItemRows)


def part(items: Iterable[DataItem] = ()) -> Part:
    """Give the rows for a sheet that shows these items."""
    return ItemRows, [_shown(item) for item in items]


def _shown(item: DataItem) -> dict[str, Any]:
    return {
        "label": item.label, "kind": item.kind, "measure": item.measure, "choices": "、".join(item.choices),
        "quote": item.quote, "required": item.required, "to_confirm": not item.confirmed, "code": item.code,
    }  # fmt: skip
