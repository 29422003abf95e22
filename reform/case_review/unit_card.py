"""What a unit is asked for by the rounds that look at it, on its workbench."""

from __future__ import annotations

import datetime as dt

from liaisons.models import Unit
from reform.models import ReviewRound, SelfCheck, Stage
from reform.workbench_cards import Card, Row

OPEN = (Stage.PREPARING, Stage.SEALED, Stage.DRAWN, Stage.SCORING, Stage.FEEDBACK)
ASKED = {
    Stage.PREPARING: "登记案卷目录", Stage.SEALED: "名册已封存", Stage.DRAWN: "上传抽中案卷", Stage.SCORING: "评查中",
    Stage.FEEDBACK: "看结果，提异议",
}  # fmt: skip


def of_unit(unit: Unit, today: dt.date) -> Card | None:
    """Give the rounds under way that look at the unit; None when there are none."""
    rounds = list(ReviewRound.objects.filter(units=unit, stage__in=OPEN))
    if not rounds:
        return None
    checked = set(SelfCheck.objects.filter(unit=unit, round__in=rounds).values_list("round", flat=True))
    return Card("案卷评查", [_row(one, one.pk in checked, today) for one in rounds], "/reviews/")


def _row(round_: ReviewRound, checked: bool, today: dt.date) -> Row:
    lacks_check = round_.is_of_bureau and not round_.is_practice and not checked
    until = round_.object_until
    late = f"异议 {until.month}月{until.day}日止" if until and today <= until else ""
    tone = "warn" if round_.stage in (Stage.PREPARING, Stage.DRAWN, Stage.FEEDBACK) else "todo-tag"
    note = "　".join(filter(None, ["自查表还没有报" if lacks_check else "", late]))
    return Row(round_.title, f"/reviews/{round_.pk}/", ASKED[Stage(round_.stage)], tone, note)
