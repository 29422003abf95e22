"""责令改正, 承诺, 复查: what was ordered by when, what the party promised, what the recheck found."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from exemptions.cases import moves, numbering, parties
from exemptions.cases.decisions import LEAST_OFFICERS, Correction
from exemptions.cases.states import Verb
from exemptions.models import CorrectionOrder, DocumentNumber, ExemptionCase
from liaisons.models import User
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

FARTHEST = dt.timedelta(days=366)


def open_order(case: ExemptionCase) -> CorrectionOrder | None:
    """Give the order that waits for its recheck."""
    return case.orders.filter(result="").first()


def newest(case: ExemptionCase) -> CorrectionOrder | None:
    """Give the last order, None when none was given."""
    return case.orders.order_by("pk").last()


@transaction.atomic
def order(
    case: ExemptionCase,
    *,
    ordered_on: dt.date,
    correct_by: dt.date,
    demands: str,
    by: User,
    at: dt.datetime | None = None,
) -> ExemptionCase:
    """Order a correction, with a number drawn for the 责令改正通知书. Raises Refused, CaseMoveRefused, rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.ORDER)
    last = newest(case)
    if last and last.result != Correction.NOT:
        raise moves.CaseMoveRefused("复查结果是已经改正，不用再次责令改正。")
    first, called = (
        (last.rechecked_on, "上次复查的日期") if last and last.rechecked_on else (case.discovered_on, "检查日期")
    )
    moves.check_day(ordered_on, "ordered_on", first=first, called=called, at=at)
    if not ordered_on <= correct_by <= ordered_on + FARTHEST:
        raise Refused("改正期限应在责令日期当天或之后、一年以内。", "correct_by")
    if not demands.strip():
        raise Refused("请写明要改正什么、改到什么程度。", "demands")
    parties.refuse_identity_number(demands, "demands")
    if case.handlers.count() < LEAST_OFFICERS:
        raise Refused("执法人员不得少于两人，请先在案件里补登执法人员。")
    number = numbering.draw(case.unit, DocumentNumber.ORDER, ordered_on.year, at=at)
    CorrectionOrder.objects.create(
        case=case, number=number, ordered_on=ordered_on, correct_by=correct_by, demands=demands.strip(), ordered_by=by
    )
    return moves.move(case, Verb.ORDER, by=by, at=at, note=number.text, correct_by=correct_by, how_corrected="")


@transaction.atomic
def promise(
    case: ExemptionCase, *, promised_on: dt.date, text: str, by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Note the party's promise (告知承诺书); a second one takes its place. Raises Refused, CaseMoveRefused."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.PROMISE)
    given = open_order(case)
    assert given
    moves.check_day(promised_on, "promised_on", first=given.ordered_on, called="责令日期", at=at)
    if not text.strip():
        raise Refused("请写明当事人承诺了什么。", "text")
    parties.refuse_identity_number(text, "text")
    given.promised_on, given.promise = promised_on, text.strip()
    given.save(update_fields=["promised_on", "promise"])
    return moves.move(case, Verb.PROMISE, by=by, at=at)


@transaction.atomic
def recheck(
    case: ExemptionCase, *, rechecked_on: dt.date, result: str, findings: str, by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Write down what the recheck found. Raises Refused, CaseMoveRefused (rechecked already), rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.RECHECK)
    given = open_order(case)
    assert given
    moves.check_day(rechecked_on, "rechecked_on", first=given.ordered_on, called="责令日期", at=at)
    if result == Correction.LATE and rechecked_on <= given.correct_by:
        raise Refused("复查日期还在改正期限内，不会是逾期后才改正。", "result")
    if not findings.strip():
        raise Refused("请写明复查看到的情况。", "findings")
    parties.refuse_identity_number(findings, "findings")
    given.rechecked_on, given.result, given.findings, given.rechecked_by = rechecked_on, result, findings.strip(), by
    given.save(update_fields=["rechecked_on", "result", "findings", "rechecked_by"])
    return moves.move(case, Verb.RECHECK, by=by, at=at, note=given.get_result_display())
