"""The forms about units: their own data, other names, closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator

from liaisons.forms.accounts import open_units
from liaisons.forms.fields import DayField, WordsField
from liaisons.models import Unit

CODE = RegexValidator(r"^[0-9A-Za-z-]{2,20}\Z", "编码只含数字、字母和短横，2 至 20 个字符。")
KINDS = list(Unit._meta.get_field("kind").choices or [])
ORDINARY = [choice for choice in KINDS if choice[0] != Unit.BUREAU]


def place_field() -> forms.IntegerField:
    """Give the input of a row's place in its list."""
    return forms.IntegerField(
        label="排序", initial=500, min_value=0, max_value=32000, help_text="数字小的排在前面。",
        error_messages={
            "required": "请填写排序，不讲究的填 500。", "invalid": "请填写整数。",
            "min_value": "排序不能小于 0。", "max_value": "排序不能大于 32000。",
        },
    )  # fmt: skip


class UnitForm(forms.Form):
    """A unit's own data."""

    name = WordsField(label="全称", max_length=60)
    short_name = WordsField(label="简称", max_length=20, help_text="挂图和列表上的叫法。")
    kind = forms.ChoiceField(label="类别", choices=ORDINARY)
    position = place_field()
    source = WordsField(label="来源", max_length=200, required=False, help_text="哪份文件或哪个网页写明了这个单位。")
    to_confirm = forms.BooleanField(label="标为待核实", required=False, initial=True)

    def __init__(self, *args: Any, unit: Unit | None = None, **kwargs: Any) -> None:
        if unit:
            kwargs["initial"] = {name: getattr(unit, name) for name in self.base_fields if hasattr(unit, name)}
            kwargs["initial"]["to_confirm"] = not unit.confirmed
        super().__init__(*args, **kwargs)
        if unit and unit.kind == Unit.BUREAU:
            self.fields["kind"].choices = [choice for choice in KINDS if choice not in ORDINARY]

    def values(self) -> dict[str, Any]:
        """Give what the verb takes."""
        given = dict(self.cleaned_data)
        return given | {"confirmed": not given.pop("to_confirm")}


class NewUnitForm(UnitForm):
    """A new unit; a township brings its statistical code."""

    code = forms.CharField(
        label="统计用区划代码", required=False, max_length=20, validators=[CODE],
        help_text="乡镇填写，其他单位留空，由平台编。",
    )  # fmt: skip
    field_order = ["name", "short_name", "kind", "code"]


class AliasForm(forms.Form):
    """Another name of a unit or a group."""

    name = WordsField(label="别名", max_length=60)


class MergeForm(forms.Form):
    """Into which unit, from which day."""

    into = forms.ModelChoiceField(
        Unit.objects.none(), label="并入", empty_label="请选择单位",
        error_messages={"required": "请选择并入哪个单位。", "invalid_choice": "请在列表里选择一个现有的单位。"},
    )  # fmt: skip
    on = DayField(label="自哪天起", help_text="已过去的日期可以补记，还没到的请到当天再办。")
    joins_groups = forms.BooleanField(label="由它接替在各群组里的位置", required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The unit itself stays on the list: who picks it is told why not.
        self.fields["into"].queryset = open_units()


class DissolveForm(forms.Form):
    """From which day, why."""

    on = DayField(label="自哪天起", help_text="已过去的日期可以补记，还没到的请到当天再办。")
    reason = WordsField(label="理由", max_length=300, rows=3, help_text="会写进每一件被撤销的事项。")
