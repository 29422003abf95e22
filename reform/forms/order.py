"""The one short form of a 交办."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from liaisons.models import Unit, UnitGroup
from reform.forms.plan import issuer_field
from reform.forms.task import LONGEST_QUOTE
from reform.models import Milestone, Party, Plan
from reform.orders import Order


def _ticks(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在列表里勾选现有的单位。"},
    )  # fmt: skip


class OrderForm(forms.Form):
    """What is asked, on what grounds, by whom, of whom, until when."""

    title = WordsField(label="交办什么", max_length=60, help_text="一句话，如：报送行政执法人员名册。")
    basis = WordsField(
        label="依据和要求", max_length=LONGEST_QUOTE, rows=4, help_text="领导批示、会议纪要或来文的原话，以及具体要求。"
    )
    due_on = DayField(label="期限", required=False, help_text="空着就是未定期限，以后可以再定。")
    issuer = issuer_field()
    groups = _ticks("群组")
    townships = _ticks("乡镇")
    departments = _ticks("县直部门和其他单位")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = list(Unit.objects.filter(closed_on__isnull=True))
        self._offer("groups", UnitGroup.objects.values_list("pk", "name"))
        self._offer("townships", [(unit.pk, unit.short_name) for unit in units if unit.kind == Unit.TOWNSHIP])
        self._offer("departments", [(unit.pk, unit.short_name) for unit in units if unit.kind != Unit.TOWNSHIP])

    def _offer(self, name: str, rows: Any) -> None:
        self.fields[name].choices = [(str(pk), words) for pk, words in rows]

    def clean(self) -> dict[str, Any]:
        """Ask for somebody to give the order to."""
        data = super().clean() or {}
        if not any(data.get(name) for name in ("groups", "townships", "departments")) and not self.errors.get("groups"):
            self.add_error("groups", "请至少勾选一个单位或群组。")
        return data

    def order(self, items: list[dict[str, Any]]) -> Order:
        """Give what the verb takes."""
        given = {name: self.cleaned_data[name] for name in ("title", "basis", "due_on", "issuer")}
        units = [*self.cleaned_data["townships"], *self.cleaned_data["departments"]]
        named = [{"group_id": int(pk)} for pk in self.cleaned_data["groups"]] + [{"unit_id": int(pk)} for pk in units]
        return Order(**given, parties=[row | {"role": Party.RESPONSIBLE} for row in named], items=items)


def shown(plan: Plan, milestone: Milestone) -> dict[str, Any]:
    """Give what the form shows of an order."""
    parties = list(milestone.parties.all())
    units = [str(party.unit_id) for party in parties if party.unit_id]
    return {
        "title": plan.title, "basis": milestone.quote, "due_on": milestone.due_on, "issuer": plan.issuer,
        "groups": [str(party.group_id) for party in parties if party.group_id],
        "townships": units, "departments": units,
    }  # fmt: skip


def shown_for_new() -> dict[str, Any]:
    """Give what the form of a new order begins with."""
    return {"issuer": Unit.objects.filter(kind=Unit.BUREAU).first()}
