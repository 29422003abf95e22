"""What organisers, reviewers and units fill in for a round."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.http import QueryDict

from liaisons.forms.fields import DayField, WordsField
from liaisons.models import Unit, User
from reform.case_review import typed
from reform.case_review.outcomes import Outcome
from reform.case_review.rounds import LONGEST_SEED, Quota, Scope
from reform.forms.typed import words
from reform.models import CaseFile, ReviewRound, ReviewStandard

CHOOSE = {"invalid_choice": "请在列表里选择。", "required": "请选择。"}
POINTS = {"invalid": "请填写数字。", "max_digits": "请填写 0 到 100 的数字。", "max_decimal_places": "最多一位小数。",
          "min_value": "不能小于 0。", "max_value": "不能大于 100。", "required": "请填写数字。"}  # fmt: skip


def _ticks(label: str, choices: Any = (), **given: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        required=False,
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages=CHOOSE,
        **given,
    )


class RoundForm(forms.Form):
    """The scope of a round; one line for each kind of file for which there is a standard."""

    title = WordsField(label="名称", max_length=60, help_text="如：2022 年全县行政处罚案卷评查。")
    period_from = DayField(label="案卷决定日期，从")
    period_to = DayField(label="到")
    tolerance = forms.DecimalField(
        label="两人评分相差超过几分时由第三人复核", min_value=0, max_value=100, max_digits=4, decimal_places=1,
        initial=Decimal(10), error_messages=POINTS,
    )  # fmt: skip
    is_practice = forms.BooleanField(label="练习性评查，不计入年度任务", required=False)

    def __init__(self, *args: Any, organiser: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organiser = organiser
        if organiser.kind == Unit.BUREAU:
            units = Unit.objects.filter(closed_on__isnull=True)
            towns = [(str(one.pk), one.short_name) for one in units if one.kind == Unit.TOWNSHIP]
            others = [(str(one.pk), one.short_name) for one in units if one.kind != Unit.TOWNSHIP]
            self.fields["townships"], self.fields["departments"] = _ticks("乡镇", towns), _ticks("县直部门", others)
        self.kinds = [kind for kind, _ in CaseFile.KINDS if self._offer(kind)]

    def _offer(self, kind: str) -> bool:
        standards = [one for one in ReviewStandard.objects.filter(case_kind=kind) if not one.is_draft]
        label = dict(CaseFile.KINDS)[kind]
        if standards:
            self.fields[f"per_unit_{kind}"] = forms.IntegerField(
                label=f"{label}：每单位抽几卷", required=False, min_value=1, max_value=99,
                error_messages={"invalid": "请填写整数。", "min_value": "至少 1 卷。", "max_value": "最多 99 卷。"},
            )  # fmt: skip
            self.fields[f"standard_{kind}"] = forms.ChoiceField(
                label=f"{label}评查标准", choices=[(str(one.pk), str(one)) for one in standards], error_messages=CHOOSE
            )
        return bool(standards)

    def quota_fields(self) -> list[Any]:
        """Give the fields of the quotas, two a line."""
        return [self[f"{name}_{kind}"] for kind in self.kinds for name in ("per_unit", "standard")]

    def scope(self) -> Scope:
        """Give what the verb takes."""
        data = self.cleaned_data
        standards = ReviewStandard.objects.in_bulk(int(data[f"standard_{kind}"]) for kind in self.kinds)
        named = [*data.get("townships", []), *data.get("departments", [])]
        return Scope(
            **{name: data[name] for name in ("title", "period_from", "period_to", "tolerance", "is_practice")},
            organiser=self.organiser,
            units=list(Unit.objects.filter(pk__in=named)) if self.organiser.kind == Unit.BUREAU else [self.organiser],
            quotas=[
                Quota(kind, data[f"per_unit_{kind}"], standards[int(data[f"standard_{kind}"])])
                for kind in self.kinds if data[f"per_unit_{kind}"]
            ],
        )  # fmt: skip


def shown(round_: ReviewRound) -> dict[str, Any]:
    """Give what the form shows of a round."""
    names = ("title", "period_from", "period_to", "tolerance", "is_practice")
    units = [str(pk) for pk in round_.units.values_list("pk", flat=True)]
    quotas = {
        name: value for quota in round_.quotas.all()
        for name, value in ((f"per_unit_{quota.kind}", quota.per_unit), (f"standard_{quota.kind}", quota.standard_id))
    }  # fmt: skip
    return {name: getattr(round_, name) for name in names} | {"townships": units, "departments": units} | quotas


class DrawForm(forms.Form):
    """The seed, and who saw it drawn."""

    seed = WordsField(
        label="随机种子", max_length=LONGEST_SEED,
        help_text="封存名册以后才定。可由见证人现场报出一串数字，也可用当天公开的数字，写下来就不能改。",
    )  # fmt: skip
    witnesses = WordsField(label="见证人", max_length=120, required=False, help_text="姓名和单位，用顿号隔开。")


class SeatForm(forms.Form):
    """Who is asked to review."""

    users = _ticks("评查员")

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["users"].choices = [
            (str(one.pk), f"{one.name}（{one.unit.short_name if one.unit else '无单位'}）") for one in people
        ]


class DeclareForm(forms.Form):
    """Which units and files a reviewer keeps away from."""

    units = _ticks("回避的单位")
    cases = _ticks("回避的案卷")
    reason = WordsField(
        label="理由", max_length=120, required=False, help_text="有回避情形时填写，如：与当事人是亲属、曾参与办案。"
    )

    def __init__(self, *args: Any, units: list[Unit], files: list[CaseFile], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].choices = [(str(one.pk), one.short_name) for one in units]
        self.fields["cases"].choices = [(str(one.pk), f"{one.number}　{one.party}") for one in files]


class FeedbackForm(forms.Form):
    """Until when units may object."""

    object_until = DayField(label="异议截止日期")


class ReasonForm(forms.Form):
    """Why: for 回避 and for 提请复核."""

    reason = WordsField(label="理由", max_length=120, rows=2)


class ThirdForm(forms.Form):
    """Who decides between two."""

    user = forms.ChoiceField(label="复核人", error_messages=CHOOSE)

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [
            (str(one.pk), f"{one.name}（{one.unit.short_name if one.unit else '无单位'}）") for one in people
        ]


class ReassignForm(ThirdForm):
    """Who takes a sheet over; the portal chooses where nobody is named."""

    def __init__(self, *args: Any, people: list[User], **kwargs: Any) -> None:
        super().__init__(*args, people=people, **kwargs)
        self.fields["user"].label, self.fields["user"].required = "接手的评查员", False


class ObjectForm(forms.Form):
    """异议 against one item or veto from which points were taken."""

    about = forms.ChoiceField(label="对哪一项有异议", error_messages=CHOOSE)
    text = WordsField(label="异议理由", max_length=1000, rows=3, help_text="写明依据和所在页码。")

    def __init__(self, *args: Any, outcome: Outcome, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        taken = {
            (f"i{one.item_id}" if one.item_id else f"v{one.veto_id}"): str(one.item or one.veto)
            for one in outcome.problems
        }
        raised = {(f"i{one.item_id}" if one.item_id else f"v{one.veto_id}") for one in outcome.objections}
        self.fields["about"].choices = [(key, label) for key, label in taken.items() if key not in raised]


class AnswerForm(forms.Form):
    """What the recheck found."""

    upheld = forms.ChoiceField(
        label="复核结果", choices=[("yes", "异议成立，撤销这一项的扣分"), ("no", "异议不成立，维持")],
        widget=forms.RadioSelect, error_messages={"required": "请选择复核结果。", "invalid_choice": "请选择复核结果。"},
    )  # fmt: skip
    answer = WordsField(label="复核意见", max_length=1000, rows=3)


class RectifyForm(forms.Form):
    """整改通知单: what, who, until when."""

    problems = WordsField(label="要整改的问题", max_length=2000, rows=5)
    owner = WordsField(label="整改责任人", max_length=30)
    due_on = DayField(label="整改期限")


class NewStandardForm(forms.Form):
    """What a standard of its own is called, for which files it is, and what it begins with."""

    name = WordsField(label="名称", max_length=60, help_text="如：行政许可案卷评查表。")
    case_kind = forms.ChoiceField(label="适用案卷", choices=CaseFile.KINDS, error_messages=CHOOSE)
    like = forms.ModelChoiceField(
        ReviewStandard.objects.exclude(issued_at=None), label="以哪个标准为底稿", required=False, empty_label="不用底稿，从空白开始",
        error_messages=CHOOSE,
    )  # fmt: skip


class StandardForm(forms.Form):
    """The head of a version: its name and the cut-offs of its grades."""

    name = WordsField(label="名称", max_length=60)
    source = WordsField(label="来源", max_length=200, required=False)
    confirmed = forms.BooleanField(label="已由县司法局核实", required=False)
    excellent_from = forms.DecimalField(
        label="优秀，不低于", max_digits=5, decimal_places=2, min_value=0, max_value=100, error_messages=POINTS
    )
    good_from = forms.DecimalField(
        label="良好，不低于", max_digits=5, decimal_places=2, min_value=0, max_value=100, error_messages=POINTS
    )
    pass_from = forms.DecimalField(
        label="合格，不低于", max_digits=5, decimal_places=2, min_value=0, max_value=100, error_messages=POINTS
    )


# ── the sheet of a reviewer ────────────────────────────────


def read_sheet(post: QueryDict, standard: ReviewStandard) -> dict[str, Any]:
    """Read a sheet as it was sent, right or wrong; raises nothing."""
    codes = [item.code for item in standard.items.all()]
    rows = {code: _rows(post, code) for code in codes}
    vetoes = {veto.code: _veto(post, f"v-{veto.code}") for veto in standard.vetoes.all()}
    return {
        "absent": [code for code in codes if code in post.getlist("absent")],
        "items": {code: filled for code, filled in rows.items() if filled},
        "vetoes": {code: row for code, row in vetoes.items() if row},
        "remark": words(post, "remark"),
    }


def _rows(post: QueryDict, code: str) -> list[dict[str, str]]:
    rows = [{key: words(post, f"d-{code}-{place}-{key}") for key in typed.LENGTHS} for place in range(typed.MOST_ROWS)]
    return [row for row in rows if any(value.strip() for value in row.values())]


def _veto(post: QueryDict, name: str) -> dict[str, str]:
    row = {key: words(post, f"{name}-{key}") for key in typed.CALLED}
    ticked = bool(post.get(name))
    return row | {"on": "1" if ticked else ""} if ticked or any(value.strip() for value in row.values()) else {}
