"""首违查询: whether any unit's records show the party within the look-back; asked, answered and confirmed, all kept.

The answer names no case and no conduct of another unit, only whom to ask: 平台内未见记录, 有疑似记录，请询某单位, 无法核验.
What the portal does not know it cannot rule out, so the officer confirms.
"""

from __future__ import annotations

import calendar
import datetime as dt

from django.db import transaction

from exemptions import rights
from exemptions.cases import items, moves, parties
from exemptions.cases.states import OPEN, State
from exemptions.models import ExemptionCase, FirstOffenceCheck
from liaisons.models import Unit, User
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

MOST_MONTHS = 120
# A draft is its unit's own, and a void case never was.
COUNTED = (State.CORRECTING, State.RECHECKED, State.DECIDED, State.TRANSFERRED)


def months_before(day: dt.date, months: int) -> dt.date:
    """Give the same day so many months earlier, or the last of that month."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_for(case: ExemptionCase) -> int:
    """Give how far back to look: as the item says, else as the law is applied where nothing says so."""
    return items.look_back_of(case.item) or items.LOOK_BACK


@transaction.atomic
def check(
    case: ExemptionCase, *, months: int | None = None, by: User, at: dt.datetime | None = None
) -> FirstOffenceCheck:
    """Look the party up; `months` is asked for only where the item does not say. Raises Refused, rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    if case.state not in OPEN:
        raise moves.CaseMoveRefused(f"这件案件现在是“{case.get_state_display()}”，不用再查询首违。")
    months = items.look_back_of(case.item) or months or items.LOOK_BACK
    if not 1 <= months <= MOST_MONTHS:
        raise Refused(f"回溯期应在 1 到 {MOST_MONTHS} 个月之间。", "months")
    since, until = months_before(case.discovered_on, months), case.discovered_on
    units = _units_with_records(case, since, until)
    row = FirstOffenceCheck.objects.create(
        case=case, at=at, by=by, credit_code=case.credit_code, months=months, since=since, until=until,
        answer=_answer(case, units),
    )  # fmt: skip
    row.units.set(units)
    after = {"months": months, "answer": row.answer, "units": [unit.code for unit in units]}
    audit.record("first_offence.check", by=by, subject=row, unit_code=case.unit.code, after=after, at=at)
    return row


def _units_with_records(case: ExemptionCase, since: dt.date, until: dt.date) -> list[Unit]:
    if not case.credit_code:
        return []
    rows = ExemptionCase.objects.filter(credit_code=case.credit_code, state__in=COUNTED)
    rows = rows.filter(discovered_on__range=(since, until)).exclude(pk=case.pk)
    return list(Unit.objects.filter(pk__in=rows.values("unit")))


def _answer(case: ExemptionCase, units: list[Unit]) -> str:
    if not case.credit_code:
        return FirstOffenceCheck.UNCHECKABLE
    return FirstOffenceCheck.PERHAPS if units else FirstOffenceCheck.NOTHING


def said(check: FirstOffenceCheck) -> str:
    """Give the answer as it is shown: one of three sentences."""
    if check.answer != FirstOffenceCheck.PERHAPS:
        return check.get_answer_display()
    return f"有疑似记录，请询{'、'.join(_called(unit) for unit in check.units.all())}"


def _called(unit: Unit) -> str:
    """Give the name of whom to ask: of a unit that was merged, the one that answers for it."""
    keeper = rights.keeper_of(unit)
    return unit.short_name if keeper == unit else f"{keeper.short_name}（原{unit.short_name}）"


def newest(case: ExemptionCase) -> FirstOffenceCheck | None:
    """Give the newest check that still fits the record; None when there is none, or party, day or item changed."""
    row = case.checks.order_by("pk").last()
    fits = row and (row.credit_code, row.until) == (case.credit_code, case.discovered_on)
    in_range = row and row.months == (items.look_back_of(case.item) or row.months)
    return row if fits and in_range else None


@transaction.atomic
def confirm(
    check: FirstOffenceCheck, *, is_first: bool, note: str = "", by: User, at: dt.datetime | None = None
) -> FirstOffenceCheck:
    """Confirm what the check means; where the portal could not rule it out, say how that was found out.

    Confirming again (after asking the other unit) takes the place of what was said before; the trail keeps both.
    Raises Refused, CaseMoveRefused, rights.Denied.
    """
    at = at or clock.now()
    case = moves.locked(check.case_id, by=by)
    if case.state not in OPEN:
        raise moves.CaseMoveRefused(f"这件案件现在是“{case.get_state_display()}”，不能再改首违确认。")
    check = FirstOffenceCheck.objects.get(pk=check.pk)
    if newest(case) != check:
        raise moves.CaseMoveRefused("查询之后又有新的查询或修改，请对最新的查询结果确认。")
    if check.answer != FirstOffenceCheck.NOTHING and not note.strip():
        raise Refused("平台不能确认是不是初次，请写明怎样核实的（问了谁、怎么答复）。", "note")
    parties.refuse_identity_number(note, "note")
    before = {"is_first": check.is_first}
    check.is_first, check.note, check.confirmed_at, check.confirmed_by = is_first, note.strip(), at, by
    check.save(update_fields=["is_first", "note", "confirmed_at", "confirmed_by"])
    audit.record(
        "first_offence.confirm", by=by, subject=check, unit_code=case.unit.code, before=before,
        after={"is_first": is_first}, note=check.note, at=at,
    )  # fmt: skip
    return check


def unsay(case: ExemptionCase) -> None:
    """Take back what was confirmed of a natural person whose name is another now: no code tells the two apart.

    Call it inside the transaction that changes the name; the trail keeps what was said.
    """
    rows = case.checks.filter(credit_code="", is_first__isnull=False)
    rows.update(is_first=None, confirmed_at=None, confirmed_by=None, note="")
