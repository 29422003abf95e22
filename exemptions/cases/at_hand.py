"""What a unit's people have at hand of its cases: on the workbench, in a handover, and reminded of when a correction is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q

from exemptions.cases.states import OPEN, State
from exemptions.models import ExemptionCase
from liaisons.letters.subjects import Standing
from liaisons.models import LedgerEntry, Unit
from liaisons.open_work import Item
from reform.models import ReminderStep
from reform.reminders.sources import Subject
from reform.workbench_cards import Card, Row
from xingxian_portal.foundation import clock

LIST = "/exemptions/cases/"
SOON = dt.timedelta(days=3)
SHOWN = 6
KIND, DUE = "exemptions.exemptioncase", ReminderStep.DUE


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


def to_recheck(_at: dt.datetime) -> Iterator[Subject]:
    """Give the ordered corrections that are not rechecked, for the reminders: a second order is a cycle of its own."""
    rows = ExemptionCase.objects.filter(state=State.CORRECTING).annotate(orders_given=Count("orders")).order_by("pk")
    for case in rows:
        assert case.correct_by
        about = f"免罚案件 {case.number} 的复查"
        yield Subject(KIND, str(case.pk), about, case.unit_id, {DUE: case.correct_by}, case.orders_given)


def standings(entries: Sequence[LedgerEntry]) -> Mapping[int, Standing]:
    """Say how the corrections stand just before a reminder goes; the party is not named outside of the portal."""
    rows = ExemptionCase.objects.filter(pk__in={entry.subject_key for entry in entries})
    cases = {str(case.pk): case for case in rows.annotate(orders_given=Count("orders"))}
    today = clock.today()
    return {e.pk: _standing(cases[e.subject_key], e, today) for e in entries if e.subject_key in cases}


def _standing(case: Any, entry: LedgerEntry, today: dt.date) -> Standing:
    if case.state != State.CORRECTING or case.orders_given != entry.cycle_no:
        return Standing(settled="已复查")
    day = f"{case.correct_by.month}月{case.correct_by.day}日"
    if case.correct_by < today:
        return Standing(f"免罚案件 {case.number} 的改正期限（{day}）已过，请复查并登记结果", case.link)
    return Standing(f"免罚案件 {case.number} 的改正期限是{day}，请安排复查", case.link)
