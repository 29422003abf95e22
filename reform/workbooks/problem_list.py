"""需协调问题台账: what units asked to have coordinated, who answers by when, and the answers."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from liaisons import exports
from liaisons.exports import Export, Made, Wish
from liaisons.permissions import Permission
from reform.models import Problem
from reform.workbooks import asking
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workbook.sheets import Column, Kind, Sheet

COLUMNS = (
    Column("序号", 3, Kind.COUNT), Column("提出单位", 7, Kind.SHORT), Column("任务", 12), Column("问题", 24), Column("提出日期", 6, Kind.DAY),
    Column("答复单位", 7, Kind.SHORT), Column("答复期限", 6, Kind.DAY), Column("答复", 24), Column("答复日期", 6, Kind.DAY),
)  # fmt: skip


def make(wish: Wish) -> Made:
    """Give every problem, or those that the asker's units raised or are to answer."""
    rows = Problem.objects.select_related("obligation__unit", "task", "answerer")
    if not asking.sees_all(wish.user):
        own = wish.user.unit_ids_with(Permission.READ_OWN)
        rows = rows.filter(Q(obligation__unit__in=own) | Q(answerer__in=own))
    found = [_row(number, problem) for number, problem in enumerate(rows.order_by("raised_at", "pk"), 1)]
    about = wish.about(scope=asking.scope(wish.user), count=len(found))
    return Made([Sheet("需协调问题", "需要协调解决的问题台账", about, COLUMNS, found)], len(found))


def _row(number: int, problem: Problem) -> list[Any]:
    return [
        number, problem.obligation.unit.short_name, str(problem.task), problem.text, clock.local_date(problem.raised_at),
        problem.answerer.short_name if problem.answerer else "", problem.answer_by, problem.answer,
        clock.local_date(problem.answered_at) if problem.answered_at else None,
    ]  # fmt: skip


EXPORT = Export(
    "problems", "需协调问题台账", "各单位提出的问题、答复单位、期限和答复。", exports.WORK, asking.may, make
)
