"""The form of one item with its conditions under it."""

from __future__ import annotations

from typing import Any

from django import forms

from exemptions import items, legal_bases
from exemptions.citations import LONGEST_TEXT
from exemptions.condition_words import LONGEST, Read, read
from exemptions.models import Condition, Item
from liaisons.forms.fields import DayField, WordsField
from liaisons.forms.rows import rows_of
from liaisons.models import EnforcementField

NUMBERS = {
    "invalid": "请填写整数。", "min_value": "请填写 %(limit_value)s 或更大的数。", "max_value": "请填写 %(limit_value)s 或更小的数。",
}  # fmt: skip
LONGEST_BACK, LONGEST_CORRECTION = 120, 365
CITED = {"list": "bases", "autocomplete": "off"}


def whole(label: str, most: int, least: int = 0, **given: Any) -> forms.IntegerField:
    """Give an input for a whole number that may stay empty."""
    return forms.IntegerField(
        label=label, required=False, min_value=least, max_value=most, error_messages=NUMBERS, **given
    )


class ItemForm(forms.Form):
    """One item, column by column as lists are printed."""

    conduct = WordsField(label="违法行为", max_length=300, rows=2)
    kind = forms.ChoiceField(label="免罚情形", choices=Item.KINDS, initial=Item.FIRST)
    field = forms.ModelChoiceField(
        EnforcementField.objects.all(), label="领域", required=False, empty_label="综合",
        error_messages={"invalid_choice": "请在列表里选择领域。"},
    )  # fmt: skip
    code = WordsField(label="事项编码", max_length=30, required=False, help_text="留空由平台编。")
    broken = WordsField(label="违反条款", max_length=LONGEST_TEXT, required=False, widget=forms.TextInput(attrs=CITED))
    penalty = WordsField(
        label="处罚依据", max_length=LONGEST_TEXT, required=False, widget=forms.TextInput(attrs=CITED),
        help_text="例如：《食品安全法》第一百二十四条第一款第五项；有几条的用分号隔开，知道施行日期的写在法名后的括号里。",
    )  # fmt: skip
    penalty_rule = forms.ChoiceField(label="罚则类型", required=False, choices=[("", "未写明"), *Item.PENALTY_RULES])
    lookback_months = whole("回溯期（月）", LONGEST_BACK, 1)
    lookback_scope = WordsField(label="初次违法的范围", max_length=60, required=False)
    correction_days = whole("改正期限（天）", LONGEST_CORRECTION, help_text="0 为当场改正。")
    measures = forms.MultipleChoiceField(
        label="配套措施", required=False, choices=Item.MEASURES, widget=forms.CheckboxSelectMultiple
    )
    exclusions = WordsField(label="排除情形", max_length=1000, rows=2, required=False)
    authority = WordsField(label="实施机关", max_length=60, required=False)
    valid_from = DayField(label="有效期自", required=False)
    valid_until = DayField(label="有效期至", required=False)
    note = WordsField(label="备注", max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        """Hold the two ends of the validity together."""
        data = super().clean() or {}
        first, last = data.get("valid_from"), data.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", "有效期的止日不能早于起日。")
        return data


class ConditionForm(forms.Form):
    """One condition. What kind it is and its value are read from the words unless somebody says otherwise."""

    text = WordsField(label="条件", max_length=LONGEST)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "自动识别"), *Condition.KINDS])
    value = forms.DecimalField(
        label="数值", required=False, min_value=0, max_digits=12, decimal_places=2,
        error_messages={"invalid": "请填写数字。", "min_value": "不能是负数。", "max_digits": "数太大了。",
                        "max_whole_digits": "数太大了。", "max_decimal_places": "最多两位小数。"},
    )  # fmt: skip

    def read(self) -> Read:
        """Give the condition as it is kept."""
        data = self.cleaned_data
        guessed = read(data["text"])
        kind = data["kind"] or guessed.kind
        measured = guessed.value if kind == guessed.kind else None
        return Read(guessed.text, kind, data["value"] if data["value"] is not None else measured)


ConditionRows = rows_of(ConditionForm)


def shown(item: Item) -> dict[str, Any]:
    """Give an item as its form shows it."""
    values = {name: getattr(item, name) for name in items.COLUMNS}
    cited = {name: legal_bases.words_of(getattr(item, name)) for name in ("broken", "penalty")}
    return values | cited


def rows(item: Item) -> list[dict[str, Any]]:
    """Give an item's conditions as the rows show them."""
    return [{"text": row.text, "kind": row.kind, "value": row.amount} for row in item.conditions.all()]
