"""The forms of a plan itself: its document, an amendment of it, a longer term."""

from __future__ import annotations

from typing import Any

from django import forms

from liaisons.forms.fields import DayField, WordsField
from liaisons.models import Unit
from reform.models import Plan

LONGEST_TEXT = 200_000


def issuer_field() -> forms.ModelChoiceField:
    """Give the input of who issues a document; the bureau unless somebody says otherwise."""
    return forms.ModelChoiceField(
        Unit.objects.filter(closed_on__isnull=True), label="发文单位", empty_label="请选择",
        error_messages={"required": "请选择发文单位。", "invalid_choice": "请在列表里选择一个现有的单位。"},
    )  # fmt: skip


class PlanForm(forms.Form):
    """The document: number, title, who issued it when, until when it runs, its text."""

    document_number = WordsField(
        label="发文字号", max_length=60, required=False, help_text="如：兴司发〔2022〕10号。还没有编号的可以先空着。"
    )
    title = WordsField(label="标题", max_length=200)
    issuer = issuer_field()
    dated_on = DayField(label="成文日期")
    term_ends_on = DayField(label="期限至", help_text="月报等定期事项到这一天为止，一般是当年12月31日。")
    text = WordsField(
        label="全文", max_length=LONGEST_TEXT, rows=10, required=False,
        help_text="粘贴方案全文；填写任务和节点时，平台据此核对原文。",
    )  # fmt: skip


def shown(plan: Plan) -> dict[str, Any]:
    """Give what the form shows of a plan."""
    return {name: getattr(plan, name) for name in PlanForm.base_fields}


def shown_for_new(today: Any) -> dict[str, Any]:
    """Give what the form of a new plan begins with."""
    bureau = Unit.objects.filter(kind=Unit.BUREAU).first()
    return {"issuer": bureau, "dated_on": today, "term_ends_on": today.replace(month=12, day=31)}


class AmendForm(forms.Form):
    """The document that amends a plan."""

    document_number = WordsField(label="修订文件的发文字号", max_length=60)
    dated_on = DayField(label="修订文件的成文日期")


class TermForm(forms.Form):
    """Until when a plan runs on, and why."""

    term_ends_on = DayField(label="期限延长至")
    reason = WordsField(label="理由", max_length=300, rows=3, help_text="如：县里决定接续实施。")
