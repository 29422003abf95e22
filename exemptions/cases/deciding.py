"""The end of a case: a decision with its number, 转处罚, service on the party; and 作废, which keeps the number."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from exemptions.cases import correction, decisions, first_offence, moves, numbering, parties
from exemptions.cases.decisions import Condition, Correction, Facts
from exemptions.cases.kinds import FORGIVING, Decision, Publicity
from exemptions.cases.states import State, Verb
from exemptions.models import DocumentNumber, ExemptionCase, Item
from liaisons.models import User
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused


class Obstructed(Refused):
    """The case may not end so as it stands; `errors` gives every reason at once."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("".join(reasons))
        self.errors = {"decision": "".join(reasons)}


def facts_of(case: ExemptionCase, today: dt.date) -> Facts:
    """Give what the rules of `decisions` look at: five queries."""
    last, check = correction.newest(case), first_offence.newest(case)
    return Facts(
        is_first_offence_kind=case.kind == Item.FIRST,
        is_no_fault_kind=case.kind == Item.NO_FAULT,
        conditions=[Condition(row.text, row.met, bool(row.proof or row.file_id)) for row in case.conditions.all()],
        is_first=check.is_first if check else None,
        correction=Correction(last.result if last else case.how_corrected),
        awaits_recheck=case.state == State.CORRECTING,
        deadline=last.correct_by if last else None,
        officers=len(case.handlers.all()),
        today=today,
    )


@transaction.atomic
def decide(
    case: ExemptionCase,
    *,
    decision: str,
    decided_on: dt.date,
    reason: str = "",
    education: str = "",
    spared: Decimal | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> ExemptionCase:
    """Decide a case, drawing the number of the decision; or hand it over to a penalty case (转处罚), which has its own.

    Raises Obstructed with every reason, Refused beside a field, CaseMoveRefused, rights.Denied.
    """
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    verb = Verb.TRANSFER if decision == Decision.TRANSFER else Verb.DECIDE
    if case.state != State.CORRECTING:  # there the sentence about the recheck says more
        moves.require_allowed(case, verb)
    if reasons := decisions.obstacles(decision, facts_of(case, clock.local_date(at))):
        raise Obstructed(reasons)
    _check_words(case, decision, decided_on, reason, education, spared, at)
    # A lighter penalty is a penalty: it must not count among those that there were none.
    kind = DocumentNumber.DECISION if decision in FORGIVING else DocumentNumber.LIGHTER
    number = None if verb is Verb.TRANSFER else numbering.draw(case.unit, kind, decided_on.year, at=at)
    return moves.move(
        case, verb, by=by, at=at, note=number.text if number else reason.strip(), decision=decision, decided_on=decided_on,
        decided_at=at, decided_by=by, decision_number=number, decision_reason=reason.strip(), education=education.strip(),
        spared=spared if decision in FORGIVING else None,
    )  # fmt: skip


def _check_words(
    case: ExemptionCase,
    decision: str,
    on: dt.date,
    reason: str,
    education: str,
    spared: Decimal | None,
    at: dt.datetime,
) -> None:
    last = correction.newest(case)
    first, called = (last.rechecked_on, "复查日期") if last and last.rechecked_on else (case.discovered_on, "检查日期")
    moves.check_day(on, "decided_on", first=first, called=called, at=at)
    if decision in FORGIVING and not education.strip():
        raise Refused("不予处罚的应当对当事人进行教育（第三十三条第三款），请写明怎样教育的。", "education")
    if decision not in FORGIVING and not reason.strip():
        raise Refused("请写明理由。", "reason")
    if decision in FORGIVING and spared is None:
        raise Refused("请填写估算的免罚金额；没有罚款的填 0。", "spared")
    if spared is not None and case.fine_to is not None and spared > case.fine_to:
        raise Refused("估算金额不能高于罚款上限。", "spared")
    parties.refuse_identity_number(education, "education")
    parties.refuse_identity_number(reason, "reason")


@transaction.atomic
def serve(
    case: ExemptionCase, *, served_on: dt.date, served_how: str, by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Note when and how the decision reached the party. Raises Refused, CaseMoveRefused, rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.SERVE)
    assert case.decided_on
    moves.check_day(served_on, "served_on", first=case.decided_on, called="决定日期", at=at)
    if not served_how.strip():
        raise Refused("请写明送达方式。", "served_how")
    parties.refuse_identity_number(served_how, "served_how")
    return moves.move(case, Verb.SERVE, by=by, at=at, served_on=served_on, served_how=served_how.strip())


@transaction.atomic
def publicise(
    case: ExemptionCase,
    *,
    publicity: str,
    on: dt.date,
    link: str = "",
    note: str = "",
    by: User,
    at: dt.datetime | None = None,
) -> ExemptionCase:
    """Note whether the decision was shown to the public, where, or why not. Raises Refused, CaseMoveRefused, Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.PUBLICISE)
    assert case.decided_on
    moves.check_day(on, "on", first=case.decided_on, called="决定日期", at=at)
    if publicity not in (Publicity.SHOWN, Publicity.WITHHELD, Publicity.REVOKED):
        raise Refused("请选择公示状态。", "publicity")
    if publicity == Publicity.REVOKED and case.publicity != Publicity.SHOWN:
        raise Refused("还没有登记公示，没有可撤下的。", "publicity")
    if publicity != Publicity.SHOWN and not note.strip():
        raise Refused("不公示或撤下的，请写明理由。", "note")
    parties.refuse_identity_number(note, "note")
    return moves.move(
        case, Verb.PUBLICISE, by=by, at=at, note=f"{Publicity(publicity).label}　{note.strip()}".strip(),
        publicity=publicity, publicised_on=on, publicity_link=link, publicity_note=note.strip(),
    )  # fmt: skip


@transaction.atomic
def make_void(case: ExemptionCase, *, reason: str, by: User, at: dt.datetime | None = None) -> ExemptionCase:
    """Make a case void; its numbers stay drawn, marked 作废. Raises Refused, CaseMoveRefused, rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.VOID)
    if not reason.strip():
        raise Refused("请写明作废的理由。", "reason")
    parties.refuse_identity_number(reason, "reason")
    numbers = [order.number_id for order in case.orders.all()]
    DocumentNumber.objects.filter(pk__in=[pk for pk in [*numbers, case.decision_number_id] if pk]).update(void=True)
    return moves.move(case, Verb.VOID, by=by, at=at, note=reason.strip(), void_reason=reason.strip())
