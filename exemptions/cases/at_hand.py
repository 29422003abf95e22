"""What a unit's people have at hand of its cases: on the workbench, in a handover, and told when a correction is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.db.models import Q

from exemptions.cases.states import OPEN, State
from exemptions.models import ExemptionCase
from liaisons import addressees, notices
from liaisons.models import Unit
from liaisons.open_work import Item
from reform.workbench_cards import Card, Row
from xingxian_portal.foundation import clock

LIST = "/exemptions/cases/"
SOON = dt.timedelta(days=3)
SHOWN = 6


def card(unit: Unit, today: dt.date) -> Card | None:
    """Give the card of the workbench: corrections overdue or due within three days, and what waits for its decision."""
    due = Q(state=State.CORRECTING, correct_by__lte=today + SOON) | Q(state=State.RECHECKED)
    rows = list(ExemptionCase.objects.filter(due, unit=unit).order_by("state", "correct_by", "pk")[:SHOWN])
    if not rows:
        return None
    overdue = any(_is_overdue(case, today) for case in rows)
    return Card("免罚案件", [_row(case, today) for case in rows], f"{LIST}?state=open", pressing=overdue)


def _is_overdue(case: ExemptionCase, today: dt.date) -> bool:
    return case.state == State.CORRECTING and bool(case.correct_by and case.correct_by < today)


def _row(case: ExemptionCase, today: dt.date) -> Row:
    name = f"{case.party_name}（{case.number}）"
    if case.state == State.RECHECKED:
        return Row(name, case.link, "待决定", "todo-tag")
    assert case.correct_by
    note = f"改正期限 {case.correct_by.month}月{case.correct_by.day}日，请复查并登记结果"
    days = (case.correct_by - today).days
    if days < 0:
        return Row(name, case.link, f"逾期未复查 {-days} 天", "bad", note)
    return Row(name, case.link, "今天到期" if days == 0 else f"还有 {days} 天", "warn", note)


def in_hand(unit: Unit) -> Iterator[Item]:
    """Give the unit's open cases, for the sheet of a handover."""
    for case in ExemptionCase.objects.filter(unit=unit, state__in=OPEN).order_by("correct_by", "pk"):
        until = case.correct_by if case.state == State.CORRECTING else None
        yield Item(f"免罚案件 {case.number}", case.get_state_display(), until, case.link)


def tell_of_corrections(at: dt.datetime | None = None) -> int:
    """Tell the units of corrections due tomorrow, and of those past their deadline without a recheck: once each.

    Gives how many cases that were.
    """
    at = at or clock.now()
    tomorrow = clock.local_date(at) + dt.timedelta(days=1)
    cases = list(ExemptionCase.objects.filter(state=State.CORRECTING, correct_by__lte=tomorrow).select_related("unit"))
    people = addressees.filers_of({case.unit_id for case in cases})
    for case in cases:
        overdue = _is_overdue(case, clock.local_date(at))
        words = "改正期限已过，请复查并登记结果" if overdue else "改正期限将到，请安排复查"
        notices.tell(
            people.get(case.unit_id, []), "免罚案件", f"{words}：{case.number}", link=case.link, subject=case,
            dedupe=f"correction:{case.pk}:{case.correct_by}:{'over' if overdue else 'soon'}", at=at,
        )  # fmt: skip
    return len(cases)
