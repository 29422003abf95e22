"""The 催办函 to a unit about what it has not filed: its number, and the document by GB/T 9704."""

from __future__ import annotations

import datetime as dt
import io

from reform import deadlines
from reform.models import Escalation, ReminderStep
from xingxian_portal.foundation.official_document import OfficialDocument
from xingxian_portal.foundation.workdays import Workdays

ISSUER, SIGN = "兴县司法局", "兴司函"
ANSWER_WORKDAYS = 3


def next_number(year: int) -> str:
    """Draw the next number of the year: 兴司函〔2022〕3号. Call it inside the transaction in which the letter is kept.

    Who draws locks the steps that letters come from; an act that fails takes its number back with it.
    """
    list(ReminderStep.objects.select_for_update().filter(document=ReminderStep.URGING_LETTER).order_by("pk"))
    head = f"{SIGN}〔{year}〕"
    drawn = Escalation.objects.filter(number__startswith=head).values_list("number", flat=True)
    last = max((int(number.removeprefix(head).removesuffix("号")) for number in drawn), default=0)
    return f"{head}{last + 1}号"


def _day(on: dt.date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def name_of(escalation: Escalation) -> str:
    """Give the name of the letter's file."""
    duty = escalation.obligation
    return f"催办函{escalation.number}（{duty.unit.short_name} {duty.name}）.docx"


def written(escalation: Escalation, *, on: dt.date) -> io.BytesIO:
    """Give the letter dated `on`; one that has no go yet says that it is a draft."""
    duty = escalation.obligation
    plan, until = duty.milestone.task.plan, duty.mend_by or duty.due_on
    title = f"关于催办“{duty.name}”的函"
    shown = title if escalation.granted else f"{title}（待签发）"
    document = OfficialDocument(shown, issuer=ISSUER, number=escalation.number)
    document.address(duty.unit.name)
    source = f"《{plan.title}》（{plan.document_number}）" if plan.document_number else f"《{plan.title}》"
    late = f"应于{_day(until)}前报送" if until else "应当报送"
    document.paragraph(f"按照{source}要求，你单位{late}“{duty.name}”。截至{_day(on)}，平台尚未收到你单位的报送。")
    document.paragraph(f"原文要求：“{duty.milestone.quote.rstrip('。；，')}。”")
    answer = Workdays.load().shift(on, ANSWER_WORKDAYS)
    document.paragraph(
        f"请你单位高度重视，由分管领导督促，于{_day(answer)}前在兴县柔性执法推进平台报送；确有困难的，请书面说明原因。"
        + ("逾期仍未报送的，将列入通报名单。" if duty.milestone.kind != deadlines.CONTINUOUS else "")
    )
    document.paragraph("特此函告。")
    document.sign(on)
    return io.BytesIO(document.as_bytes())
