"""The 催办函 to a unit about what it has not filed, as a document by GB/T 9704."""

from __future__ import annotations

import datetime as dt
import io

from reform import deadlines
from reform.models import Escalation
from xingxian_portal.foundation.official_document import OfficialDocument
from xingxian_portal.foundation.workdays import Workdays

ISSUER = "兴县司法局"
ANSWER_WORKDAYS = 3


def _day(on: dt.date) -> str:
    return f"{on.year}年{on.month}月{on.day}日"


def written(escalation: Escalation, *, on: dt.date) -> io.BytesIO:
    """Give the letter dated `on`; one that has no go yet says that it is a draft."""
    duty = escalation.obligation
    plan, until = duty.milestone.task.plan, duty.mend_by or duty.due_on
    title = f"关于催办“{duty.name}”的函"
    document = OfficialDocument(title if escalation.granted else f"{title}（待签发）", issuer=ISSUER)
    document.address(duty.unit.name)
    source = f"《{plan.title}》（{plan.document_number}）" if plan.document_number else f"《{plan.title}》"
    late = f"应于{_day(until)}前报送" if until else "应当报送"
    document.paragraph(f"按照{source}要求，你单位{late}“{duty.name}”。截至{_day(on)}，平台尚未收到你单位的报送。")
    document.paragraph(f"原文要求：“{duty.milestone.quote}”")
    answer = Workdays.load().shift(on, ANSWER_WORKDAYS)
    document.paragraph(
        f"请你单位高度重视，由分管领导督促，于{_day(answer)}前在兴县柔性执法推进平台报送；确有困难的，请书面说明原因。"
        + ("逾期仍未报送的，将列入通报名单。" if duty.milestone.kind != deadlines.CONTINUOUS else "")
    )
    document.paragraph("特此函告。")
    document.sign(on)
    return io.BytesIO(document.as_bytes())
