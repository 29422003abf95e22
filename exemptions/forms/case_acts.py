"""What is filled in for one act on a case; each verb has its own form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from exemptions.cases.conditions import Tick
from exemptions.cases.facts import LONGEST
from exemptions.cases.kinds import Decision, Publicity
from exemptions.forms.cases import CHOOSE, MoneyField
from exemptions.models import CaseCondition, CaseFile, CorrectionOrder
from liaisons.forms.fields import DayField, WordsField
from reform.forms.elsewhere import ElsewhereForm


class OrderForm(forms.Form):
    """责令改正."""

    ordered_on = DayField(label="责令日期")
    correct_by = DayField(label="改正期限")
    demands = WordsField(label="改正要求", max_length=LONGEST, rows=3)


class PromiseForm(forms.Form):
    """承诺."""

    promised_on = DayField(label="承诺日期")
    text = WordsField(label="承诺内容", max_length=LONGEST, rows=3)


class RecheckForm(forms.Form):
    """复查."""

    rechecked_on = DayField(label="复查日期")
    result = forms.ChoiceField(
        label="复查结果", choices=CorrectionOrder.RESULTS, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    findings = WordsField(label="复查情况", max_length=LONGEST, rows=3)


class DecideForm(forms.Form):
    """The decision; which of them are possible is the verb's to say."""

    decision = forms.ChoiceField(
        label="决定", choices=Decision.choices, widget=forms.RadioSelect, error_messages=CHOOSE
    )
    decided_on = DayField(label="决定日期")
    education = WordsField(
        label="教育情况",
        max_length=LONGEST,
        rows=2,
        required=False,
        help_text="怎样对当事人进行的教育（第三十三条第三款）。",
    )
    spared = MoneyField(label="估算免罚金额（元）", help_text="没有罚款的填 0。")
    reason = WordsField(label="理由", max_length=LONGEST, rows=2, required=False)
    notes = {"education": "不予处罚的必填", "spared": "不予处罚的必填", "reason": "从轻、减轻、转处罚的必填"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, note in self.notes.items():
            self.fields[name].asked_when = note  # what the page says beside the label


class ServeForm(forms.Form):
    """送达."""

    served_on = DayField(label="送达日期")
    served_how = WordsField(label="送达方式", max_length=40, help_text="如：直接送达、留置送达、邮寄送达。")


class PublicityForm(forms.Form):
    """公示."""

    publicity = forms.ChoiceField(
        label="公示状态", choices=[choice for choice in Publicity.choices if choice[0]], widget=forms.RadioSelect, error_messages=CHOOSE
    )  # fmt: skip
    on = DayField(label="日期", help_text="公示、决定不公示或撤下的那一天。")
    link = forms.URLField(
        label="公示链接", required=False, max_length=300, assume_scheme="https", help_text="没有可不填。",
        error_messages={"invalid": "请填写完整的网页地址，如 https://www.example.org/a.html。", "max_length": "地址最多 300 个字符。"},
    )  # fmt: skip
    note = WordsField(label="说明", max_length=300, rows=2, required=False)
    note.asked_when = "不公示、撤下的必填"  # what the page says beside the label


class VoidForm(forms.Form):
    """作废."""

    reason = WordsField(label="作废的理由", max_length=LONGEST, rows=2)


class CheckForm(forms.Form):
    """How far back to look, where the item does not say."""

    months = forms.IntegerField(
        label="回溯期（月）", error_messages={"required": "请填写回溯期。", "invalid": "请填写整数，如 24。"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class ConfirmForm(forms.Form):
    """What the officer makes of the answer."""

    is_first = forms.TypedChoiceField(
        label="核实结论", choices=[("yes", "确认是初次违法"), ("no", "不是初次违法")], coerce=lambda value: value == "yes",
        widget=forms.RadioSelect, error_messages=CHOOSE,
    )  # fmt: skip
    note = WordsField(
        label="核实情况",
        max_length=LONGEST,
        rows=2,
        required=False,
        help_text="有疑似记录或无法核验的必填：问了谁、怎样答复。",
    )


class ConditionsForm(forms.Form):
    """Each condition: whether it holds, and by what that is proven."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, rows: Iterable[CaseCondition], files: Iterable[CaseFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        choices = [("", "不选材料"), *((str(one.pk), str(one)) for one in files)]
        for row in self.rows:
            self._ask(row, choices)

    def _ask(self, row: CaseCondition, files: list[tuple[str, str]]) -> None:
        place = row.position
        self.fields[f"met-{place}"] = forms.ChoiceField(
            label=f"{place}. {row.text}", choices=[("yes", "满足"), ("no", "不满足"), ("open", "还没有核对")],
            widget=forms.RadioSelect, initial={True: "yes", False: "no", None: "open"}[row.met], error_messages=CHOOSE,
        )  # fmt: skip
        self.fields[f"proof-{place}"] = forms.CharField(
            label="证据", required=False, initial=row.proof, help_text="照片、笔录、单据等，写明是什么、在哪里。"
        )
        if len(files) > 1:
            self.fields[f"file-{place}"] = forms.ChoiceField(
                label="证据材料", choices=files, required=False, initial=str(row.file_id or ""), error_messages=CHOOSE
            )

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """Give the inputs, those of one condition together."""
        names = [[f"met-{row.position}", f"proof-{row.position}", f"file-{row.position}"] for row in self.rows]
        return [[self[name] for name in part if name in self.fields] for part in names]

    def ticks(self) -> Mapping[int, Tick]:
        """Give what was found of each condition, by its place."""
        data = self.cleaned_data
        met = {"yes": True, "no": False, "open": None}
        return {
            row.position: Tick(
                met[data[f"met-{row.position}"]], data[f"proof-{row.position}"],
                int(data.get(f"file-{row.position}") or 0) or None,
            )
            for row in self.rows
        }  # fmt: skip


class FilesForm(forms.Form):
    """The stage that files belong to; the files themselves come beside it."""

    stage = forms.ChoiceField(label="环节", choices=CaseFile.STAGES, error_messages=CHOOSE)


class MaterialElsewhereForm(ElsewhereForm):
    """A film or recording that stays with the unit, and the stage it belongs to."""

    stage = forms.ChoiceField(label="环节", choices=CaseFile.STAGES, error_messages=CHOOSE)
    field_order = ["stage"]
