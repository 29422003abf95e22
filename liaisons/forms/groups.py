"""The forms about groups: their own data, who joins and leaves when."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.accounts import open_units
from liaisons.forms.fields import DayField, WordsField
from liaisons.forms.units import place_field
from liaisons.models import Unit, UnitGroup


class GroupForm(forms.Form):
    """A group's own data; members are added on its page."""

    name = WordsField(label="名称", max_length=40, help_text="方案里怎么写就怎么填。")
    follows = forms.ModelChoiceField(
        UnitGroup.objects.all(), label="成员与哪个群组相同", required=False, empty_label="自己的名单",
        error_messages={"invalid_choice": "请在列表里选择一个群组。"},
    )  # fmt: skip
    note = WordsField(label="说明", max_length=200, required=False)
    position = place_field()
    to_confirm = forms.BooleanField(label="成员标为待核实", required=False, initial=True)

    def __init__(self, *args: Any, group: UnitGroup | None = None, **kwargs: Any) -> None:
        if group:
            kwargs["initial"] = {name: getattr(group, name) for name in self.base_fields if hasattr(group, name)}
            kwargs["initial"]["to_confirm"] = not group.confirmed
        super().__init__(*args, **kwargs)

    def values(self) -> dict[str, Any]:
        """Give what the verb takes."""
        given = dict(self.cleaned_data)
        return given | {"confirmed": not given.pop("to_confirm")}


class JoinForm(forms.Form):
    """A unit that joins, and from which day."""

    unit = forms.ModelChoiceField(
        Unit.objects.none(), label="单位", empty_label="请选择单位",
        error_messages={"required": "请选择单位。", "invalid_choice": "请在列表里选择一个现有的单位。"},
    )  # fmt: skip
    on = DayField(label="自哪天起加入")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = open_units()


class LeaveForm(forms.Form):
    """From which day a member is one no longer."""

    on = DayField(label="自哪天起退出")
