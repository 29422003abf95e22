"""What an officer fills in on one duty: proposals, decisions, dates, marks, and a report entered for a unit."""

from __future__ import annotations

from typing import Any

from django import forms

from reform import bureau_marks, filing, proposals
from reform.forms.days import DayField
from reform.models import DataItem, Obligation, Proposal
from reform.states import State

LONGEST_REASON = 1000


def reason(label: str = "理由", required: bool = True, missing: str = "请写明理由。") -> forms.CharField:
    """Give a field for a reason, kept in the trail and told to the unit."""
    return forms.CharField(
        label=label, required=required, max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": missing, "max_length": f"最多 {LONGEST_REASON} 字。"},
    )  # fmt: skip


class ProposeForm(forms.Form):
    """What is asked for, why and until when."""

    kind = forms.ChoiceField(
        label="事由", widget=forms.RadioSelect,
        error_messages={"required": "请选择事由。", "invalid_choice": "这件事项现在不能办理所选的事由。"},
    )  # fmt: skip
    until = DayField(label="新的期限", required=False, help_text="延期、恢复、重新办理时填写。")
    reason = reason()

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = dict(Proposal.KINDS)
        self.fields["kind"].choices = [(kind, names[kind]) for kind in kinds]
        if not set(kinds) & proposals.DATED:
            del self.fields["until"]


class DecideForm(forms.Form):
    """Another date than the one asked for, and a word; a refusal needs one."""

    until = DayField(label="批准的期限", required=False)
    note = reason("决定意见", required=False)

    def __init__(self, *args: Any, proposal: Proposal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if proposal.kind not in proposals.DATED:
            del self.fields["until"]


class SetDateForm(forms.Form):
    """The first date of a duty that had none."""

    due_on = DayField(label="期限", error_messages={"required": "请填写期限。"})
    reason = reason(required=False)


class MarkForm(forms.Form):
    """How a continuous duty stands in the bureau's eyes."""

    to = forms.ChoiceField(
        label="标记为", widget=forms.RadioSelect,
        error_messages={"required": "请选择一种标记。", "invalid_choice": "这件事项现在不能这样标记。"},
    )  # fmt: skip
    reason = reason()

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(to.value, State(to).label) for to in bureau_marks.marks_for(state)]


class ManyFilesInput(forms.ClearableFileInput):
    """The browser's chooser for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files; whether each can be taken is for `uploads` to say."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Give the files chosen, an empty list for none; an empty file reaches `uploads`, which names it."""
        return [file for file in data or [] if file]


class OnBehalfForm(forms.Form):
    """A paper or phoned report: when it came, what it says, the data it carries, the scan."""

    received_on = DayField(
        label="收到日期", help_text="是否按时，以这一天计算。", error_messages={"required": "请填写收到日期。"}
    )
    text = forms.CharField(
        label="工作情况", required=False, max_length=filing.LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": f"工作情况最多 {filing.LONGEST_TEXT} 字。"},
    )  # fmt: skip

    def __init__(self, *args: Any, obligation: Obligation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = list(obligation.milestone.data_items.all())
        for item in self.items:
            # Required or not, and whether it is a number at all, `data_values` says in the portal's own words.
            self.fields[f"value-{item.code}"] = forms.CharField(
                label=str(item), required=False, max_length=500, widget=_widget(item),
                error_messages={"max_length": f"“{item.label}”最多 500 字。"},
            )  # fmt: skip
        self.fields["files"] = ManyFilesField(
            label="扫描件或附件", required=False, help_text="纸质报告请上传扫描件或照片。"
        )

    @property
    def values(self) -> dict[str, str]:
        """Give what was typed for each data item, by its code."""
        return {item.code: self.cleaned_data[f"value-{item.code}"] for item in self.items}


def _widget(item: DataItem) -> forms.Widget:
    if item.kind in {DataItem.CHOICE, DataItem.YES_NO}:
        options = item.choices if item.kind == DataItem.CHOICE else ["是", "否"]
        return forms.Select(choices=[("", "请选择"), *((option, option) for option in options)])
    if item.kind == DataItem.DATE:
        return forms.TextInput(attrs={"placeholder": "2022-06-30"})
    return forms.TextInput(attrs={"inputmode": "numeric"} if item.kind == DataItem.COUNT else {})
