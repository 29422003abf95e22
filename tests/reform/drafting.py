"""A draft to write in, with the values a form would give, and what a verb refuses."""

from __future__ import annotations

import datetime as dt

import pytest

from reform import deadlines, editing_milestones
from reform.models import DataItem, Milestone
from tests.cast import bureau
from tests.factories import moment
from xingxian_portal.foundation.refusal import Refused

AT = moment(dt.date(2022, 4, 13), 15)
TASK = {"number": "4", "heading_path": ["二、任务分工", "（一）深入推进"], "title": "机构建设", "quote": "6月底前组建"}
MILESTONE = {
    "title": "组建挂牌", "short_title": "", "quote": "6月底前组建", "kind": deadlines.DATED,
    "due_on": dt.date(2022, 6, 30), "day": None, "months": [], "deliverable": Milestone.SUBMISSION,
}  # fmt: skip
ITEM = {"code": "", "label": "在岗人数", "kind": DataItem.COUNT, "measure": "人", "choices": [], "required": True}


def plan_values(**some):
    return {
        "document_number": "兴司发〔2022〕77号", "title": "样例方案", "issuer": bureau(), "dated_on": AT.date(),
        "term_ends_on": dt.date(2022, 12, 31), "text": "全文",
    } | some  # fmt: skip


def party(of, role="responsible", **some):
    kind = "group" if hasattr(of, "follows") else "unit"
    return {"role": role, kind: of, "source": "plan", "quote": "", "reason": "", "decided_on": None} | some


def milestone(task, by, parties=(), items=(), **some):
    return editing_milestones.create_milestone(task, parties=parties, items=items, by=by, **MILESTONE | some)


def refusal(call, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        call(*args, **kwargs)
    return refused.value.field
