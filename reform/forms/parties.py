"""Rows of units and groups: who leads, answers for or supports a task, whom a milestone binds."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from liaisons.forms.rows import Rows, rows_of
from liaisons.forms.sheet import Part
from liaisons.models import Unit, UnitGroup
from reform.models import Party

KIND_NAMES = {Unit.TOWNSHIP: "乡镇", Unit.DEPARTMENT: "县直部门", Unit.BUREAU: "县司法局", Unit.OTHER: "其他"}
Choices = list[tuple[str, Any]]


def who_may_be_named(besides: Iterable[Party] = ()) -> Choices:
    """Give groups and units that stand, and those that the `besides` name already: two queries for any number of rows."""
    named = {party.unit_id for party in besides}
    units: dict[str, list[tuple[str, str]]] = {}
    for unit in Unit.objects.all():
        if unit.closed_on is None or unit.pk in named:
            closed = "（已撤并）" if unit.closed_on else ""
            units.setdefault(KIND_NAMES[unit.kind], []).append((f"u{unit.pk}", f"{unit.short_name}{closed}"))
    groups = [(f"g{group.pk}", group.name) for group in UnitGroup.objects.all()]
    return [("", "请选择"), ("群组", groups), *units.items()]


class PartyForm(forms.Form):
    """One unit or group in a role, by the plan's words or by a decision of the bureau."""

    who = forms.ChoiceField(
        label="单位或群组",
        error_messages={"required": "请选择单位或群组。", "invalid_choice": "请在列表里选择。"},
    )  # fmt: skip
    role = forms.ChoiceField(label="身份", choices=Party.ROLES, initial=Party.RESPONSIBLE)
    quote = WordsField(label="原文称谓", max_length=120, required=False)
    source = forms.ChoiceField(
        label="依据", choices=[(Party.BY_PLAN, "方案原文"), (Party.BY_BUREAU, "县司法局确定")], initial=Party.BY_PLAN
    )
    reason = WordsField(label="县司法局确定的理由", max_length=200, required=False)
    decided_on = DayField(label="确定日期", required=False)
    to_confirm = forms.BooleanField(label="待核实", required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = choices

    def clean(self) -> dict[str, Any]:
        """Ask for reason and day where the bureau itself decided."""
        data = super().clean() or {}
        if data.get("source") == Party.BY_BUREAU:
            if not data.get("reason") and "reason" not in self.errors:
                self.add_error("reason", "由县司法局确定的，请写明理由。")
            if not data.get("decided_on") and "decided_on" not in self.errors:
                self.add_error("decided_on", "由县司法局确定的，请填写确定的日期。")
        return data

    @property
    def by_bureau(self) -> bool:
        """Say whether the inputs of a decision are in use or in fault, so that they show."""
        touched = {"reason", "decided_on"} & self.errors.keys() if self.is_bound else False
        return bool(touched) or self["source"].value() == Party.BY_BUREAU

    def values(self) -> dict[str, Any]:
        """Give what the verb takes."""
        data, who = self.cleaned_data, self.cleaned_data["who"]
        by_bureau = data["source"] == Party.BY_BUREAU
        return {
            "unit_id": int(who[1:]) if who[0] == "u" else None,
            "group_id": int(who[1:]) if who[0] == "g" else None,
            "role": data["role"], "source": data["source"], "quote": data["quote"],
            "reason": data["reason"] if by_bureau else "",
            "decided_on": data["decided_on"] if by_bureau else None,
            "confirmed": not data["to_confirm"],
        }  # fmt: skip


class _PartyRows(Rows):
    def clean(self) -> None:
        """Refuse the same unit or group twice in one role."""
        named = set()
        for form in self.filled():
            key = (form.cleaned_data.get("who"), form.cleaned_data.get("role"))
            if key[0] and key in named:
                form.add_error("who", "上面已有同一个单位或群组。")
            named.add(key)


PartyRows = rows_of(PartyForm, _PartyRows)


def part(parties: Iterable[Party] = ()) -> Part:
    """Give the rows for a sheet that shows these parties."""
    parties = list(parties)
    return partial(PartyRows, form_kwargs={"choices": who_may_be_named(parties)}), [_shown(party) for party in parties]


def _shown(party: Party) -> dict[str, Any]:
    return {
        "who": f"u{party.unit_id}" if party.unit_id else f"g{party.group_id}",
        "role": party.role, "quote": party.quote, "source": party.source, "reason": party.reason,
        "decided_on": party.decided_on, "to_confirm": not party.confirmed,
    }  # fmt: skip
