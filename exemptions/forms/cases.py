"""Recording a case, and the filters of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from exemptions.cases import handlers, items
from exemptions.cases.facts import LONGEST, Record
from exemptions.cases.kinds import Decision
from exemptions.cases.listing import DAYS, IN_HAND, OVERDUE, TOGETHER, Asked
from exemptions.cases.parties import PartyKind
from exemptions.cases.states import State
from exemptions.models import CorrectionOrder, ExemptionCase, Item
from liaisons.forms.fields import DayField, WordsField
from liaisons.models import EnforcementField, Officer, Unit
from xingxian_portal.foundation import clock

CHOOSE = {"required": "请选择。", "invalid_choice": "请在列表里选择。"}


class MoneyField(forms.DecimalField):
    """An amount in yuan."""

    def __init__(self, **given: Any) -> None:
        errors = {
            "invalid": "请填写金额，如 2000 或 2000.50。", "min_value": "金额不能是负数。",
            "max_digits": "金额太大，请核对。", "max_whole_digits": "金额太大，请核对。", "max_decimal_places": "金额最多到分。",
        }  # fmt: skip
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(
            min_value=0, max_digits=12, decimal_places=2, required=False, widget=widget, error_messages=errors, **given
        )


class CaseForm(forms.Form):
    """What is recorded on the spot; conditions, files and the rest follow on the case's page."""

    party_kind = forms.ChoiceField(
        label="当事人类型",
        choices=PartyKind.choices,
        widget=forms.RadioSelect,
        initial=PartyKind.TRADER,
        error_messages=CHOOSE,
    )
    party_name = WordsField(label="当事人名称（姓名）", max_length=80)
    credit_code = WordsField(
        label="统一社会信用代码",
        max_length=40,
        required=False,
        help_text="营业执照上的 18 位代码；自然人不填，平台不登记身份证号。",
    )
    party_address = WordsField(label="住所（经营场所）", max_length=120, required=False)
    discovered_on = DayField(label="检查（发现）日期")
    conduct = WordsField(label="违法行为", max_length=LONGEST, rows=3)
    item = forms.ModelChoiceField(
        Item.objects.none(),
        label="清单事项",
        required=False,
        empty_label="未列入清单（直接适用第三十三条）",
        error_messages=CHOOSE,
    )
    direct_reason = WordsField(
        label="未列入清单的，直接适用第三十三条的理由",
        max_length=LONGEST,
        rows=2,
        required=False,
        help_text="清单不是上限：没有列入的，符合第三十三条的也可以不予处罚。",
    )
    kind = forms.ChoiceField(
        label="免罚情形", choices=Item.KINDS, widget=forms.RadioSelect, initial=Item.MINOR, error_messages=CHOOSE,
        help_text="选了清单事项的，以事项为准。",
    )  # fmt: skip
    how_corrected = forms.ChoiceField(
        label="改正情况",
        choices=[("", "还没有改正，之后责令限期改正"), *ExemptionCase.HOW[1:]],
        required=False,
        error_messages=CHOOSE,
    )
    officers = forms.ModelMultipleChoiceField(
        Officer.objects.none(), label="执法人员（两人以上）", required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在本单位登记的执法人员里选择。", "invalid_pk_value": "请在本单位登记的执法人员里选择。"},
    )  # fmt: skip
    field = forms.ModelChoiceField(
        EnforcementField.objects.all(),
        label="执法领域",
        required=False,
        empty_label="同清单事项",
        error_messages=CHOOSE,
    )
    fine_from = MoneyField(label="罚则的罚款下限（元）")
    fine_to = MoneyField(label="罚则的罚款上限（元）")
    number = WordsField(label="案件编号", max_length=40, required=False, help_text="留空由平台编号。")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["officers"].queryset = handlers.choices(unit, self.initial.get("officers", ()))
        self._offer_items(unit)

    def _offer_items(self, unit: Unit) -> None:
        """Offer what was in force on the day; whatever else was once published is taken, so that the verb can say why not."""
        item, day = self.fields["item"], self.fields["discovered_on"]
        try:
            on = day.to_python(self["discovered_on"].value()) or clock.today()
        except forms.ValidationError:
            on = clock.today()
        item.queryset = items.ever_published(unit)
        offered = [
            (one.pk, f"{one.code}　{one.conduct}（{one.get_kind_display()}）") for one in items.in_force_on(unit, on)
        ]
        item.widget.choices = [("", item.empty_label), *offered]

    def record(self) -> Record:
        """Give what was filled in."""
        data = {name: value for name, value in self.cleaned_data.items() if name not in {"officers", "seen"}}
        return Record(**data)


def _choice(label: str, choices: list[tuple[str, str]], every: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[("", every), *choices], required=False, error_messages=CHOOSE)


class CaseFilterForm(forms.Form):
    """Which cases to show; what was filled in wrongly filters nothing out."""

    q = forms.CharField(
        label="查找", required=False, max_length=60, widget=forms.TextInput(attrs={"placeholder": "编号、当事人、代码、违法行为"}),
        error_messages={"max_length": "查找的内容最多 60 个字。"},
    )  # fmt: skip
    state = _choice("状态", [(IN_HAND, "在办"), (OVERDUE, "逾期未复查"), *State.choices], "全部状态")
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="单位",
        required=False,
        to_field_name="code",
        empty_label="全部单位",
        error_messages=CHOOSE,
    )
    field = _choice("领域", [], "全部领域")
    kind = _choice("情形", Item.KINDS, "全部情形")
    decision = _choice("决定", [(code, words) for code, (words, _) in TOGETHER.items()] + Decision.choices, "全部决定")
    result = _choice("复查", CorrectionOrder.RESULTS, "全部")
    days = forms.ChoiceField(
        label="日期指",
        choices=list(zip(DAYS, ["检查", "决定", "复查"], strict=True)),
        required=False,
        error_messages=CHOOSE,
    )
    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units
        fields = EnforcementField.objects.values_list("code", "name")
        self.fields["field"].choices = [("", "全部领域"), *fields, ("none", "未定领域")]

    def asked(self) -> Asked:
        """Give what is asked for."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value}
        words, code = given.pop("q", ""), given.pop("field", "")
        field = EnforcementField.objects.filter(code=code).first() if code not in ("", "none") else None
        return Asked(words=words.strip(), field=field, without_field=code == "none", **given)

    def offered(self, name: str) -> list[tuple[str, str]]:
        """Give what a filter offers to choose."""
        return [(str(value), str(words)) for value, words in getattr(self.fields[name], "choices", [])]

    def words(self) -> list[str]:
        """Say the filters that are set, for what goes out."""
        found = []
        for name in ("q", "state", "unit", "field", "kind", "decision", "result"):
            value = self.cleaned_data.get(name)
            if value:
                offered = dict(self.offered(name)) if name not in ("q", "unit") else {}
                found.append(str(offered.get(value, value)))
        days = [
            f"{self.cleaned_data[name]:%Y-%m-%d}" if self.cleaned_data.get(name) else "" for name in ("since", "until")
        ]
        return found + ([f"{days[0]} 至 {days[1]}"] if any(days) else [])


class PeriodForm(forms.Form):
    """From when to when."""

    since = DayField(label="从", required=False)
    until = DayField(label="到", required=False)

    def period(self, today: dt.date) -> tuple[dt.date, dt.date]:
        """Give the period asked for, by default the year up to today."""
        self.is_valid()
        first = self.cleaned_data.get("since") or today.replace(month=1, day=1)
        return first, self.cleaned_data.get("until") or today
