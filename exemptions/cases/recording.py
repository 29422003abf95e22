"""Recording a case and correcting the record while it is a draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import partial

from django.db import IntegrityError, transaction

from exemptions.cases import conditions, items, moves, numbering, parties
from exemptions.cases.states import Verb
from exemptions.models import CaseOfficer, ExemptionCase, Item
from liaisons.models import EnforcementField, Officer, Unit, User
from reform import rights
from xingxian_portal.foundation import clock, stamps
from xingxian_portal.foundation.refusal import Refused

EARLIEST = dt.timedelta(days=365 * 5)
LONGEST = 2000
NUMBER_LENGTH = 40
TAKEN_BACK = "导入后撤销"


@dataclass(frozen=True)
class Record:
    """What is recorded of a case; `number` "" lets the portal give one."""

    party_kind: str
    party_name: str
    credit_code: str
    discovered_on: dt.date
    conduct: str
    kind: str
    item: Item | None = None
    direct_reason: str = ""
    number: str = ""
    party_address: str = ""
    field: EnforcementField | None = None
    how_corrected: str = ""
    fine_from: Decimal | None = None
    fine_to: Decimal | None = None

    @property
    def columns(self) -> dict[str, object]:
        """Give the case's columns."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@transaction.atomic
def record(
    unit: Unit, facts: Record, *, officers: Sequence[Officer] = (), by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Record a case of `unit` as a draft; raises Refused beside the field it concerns, rights.Denied."""
    at = at or clock.now()
    rights.require(rights.files_for(by, unit))
    facts = checked(unit, facts, at=at)
    case = ExemptionCase(unit=unit, recorded_at=at, recorded_by=by, **facts.columns)
    case.number = case.number or _next_number(unit, facts.discovered_on.year)
    _save(case)
    _name_officers(case, officers)
    conditions.lay(case)
    moves.written(case, Verb.RECORD, "", by=by, at=at, before={}, after=_told(facts))
    return case


@transaction.atomic
def amend(
    case: ExemptionCase,
    facts: Record,
    *,
    officers: Sequence[Officer] = (),
    seen: str | None = None,
    by: User,
    at: dt.datetime | None = None,
) -> ExemptionCase:
    """Correct the record of a draft; raises Refused, CaseMoveRefused, Stale, rights.Denied."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.AMEND)
    before, old_mark = _told(facts_of(case)), mark(case)
    facts = checked(case.unit, facts, at=at)
    asked = (case.item_id, case.kind)
    for name, value in facts.columns.items():
        if name != "number" or value:
            setattr(case, name, value)
    _save(case)
    _name_officers(case, officers)
    stamps.check(seen, old_mark, mark(case), "这件案件")
    if asked != (case.item_id, case.kind):
        conditions.lay(case)
    moves.written(case, Verb.AMEND, case.state, by=by, at=at, before=before, after=_told(facts))
    return case


@transaction.atomic
def take_back(case: ExemptionCase, *, by: User, at: dt.datetime | None = None) -> ExemptionCase:
    """Take back a draft that an import made: void, and its number free for the next try. Raises Refused."""
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.AMEND)  # a draft alone: what went on is no longer an import's
    if case.moves.exclude(verb__in=[Verb.RECORD, Verb.AMEND]).exists() or case.files.exists() or case.checks.exists():
        raise Refused(f"案件 {case.number} 导入之后已经有人继续办理，不能整批撤销。")
    freed = f"{case.number}（撤销{case.pk}）"[-NUMBER_LENGTH:]
    return moves.move(case, Verb.VOID, by=by, at=at, note=TAKEN_BACK, number=freed, void_reason=TAKEN_BACK)


def mark(case: ExemptionCase) -> str:
    """Give the mark of the record as a form shows it."""
    return stamps.stamp(case, case.handlers.order_by("position"))


def facts_of(case: ExemptionCase) -> Record:
    """Give what is recorded of a case."""
    return Record(**{one.name: getattr(case, one.name) for one in fields(Record)})


def checked(unit: Unit, facts: Record, *, at: dt.datetime) -> Record:
    """Give the facts in their normal form; raises Refused beside the field that is wrong."""
    for question in _questions(unit, facts, at):
        question()
    code = parties.checked_code(facts.party_kind, facts.credit_code)
    field = facts.field or (items.field_of(facts.item) if facts.item else None)
    kind = facts.item.kind if facts.item else facts.kind
    return Record(**facts.columns | {"credit_code": code, "field": field, "kind": kind})  # type: ignore[arg-type] # columns


def faults(unit: Unit, facts: Record, *, at: dt.datetime) -> list[Refused]:
    """Give all that is wrong with the facts, each beside its field."""
    found = []
    for question in _questions(unit, facts, at):
        try:
            question()
        except Refused as refused:
            found.append(refused)
    return found


def _questions(unit: Unit, facts: Record, at: dt.datetime) -> Iterator[Callable[[], object]]:
    """Give what must hold, one by one; each raises Refused when it does not."""
    first = clock.local_date(at) - EARLIEST
    yield lambda: moves.check_day(facts.discovered_on, "discovered_on", first=first, called="五年前", at=at)
    yield lambda: parties.checked_code(facts.party_kind, facts.credit_code)
    for words in ("party_name", "party_address", "conduct"):
        yield partial(parties.refuse_identity_number, getattr(facts, words), words)
    yield lambda: _check_ground(unit, facts)
    yield lambda: _check_fines(facts)


def _check_fines(facts: Record) -> None:
    if facts.fine_from is not None and facts.fine_to is not None and facts.fine_from > facts.fine_to:
        raise Refused("罚款上限不能低于下限。", "fine_to")


def _check_ground(unit: Unit, facts: Record) -> None:
    if facts.item is None and not facts.direct_reason.strip():
        raise Refused("未列入清单的，请写明直接适用第三十三条的理由。", "direct_reason")
    if facts.item and facts.direct_reason.strip():
        raise Refused("选了清单事项，就不用写直接适用第三十三条的理由；未列入清单的，不要选事项。", "direct_reason")
    if facts.item and not items.held_on(facts.item, unit, facts.discovered_on):
        day = facts.discovered_on
        raise Refused(
            f"{day.year}年{day.month}月{day.day}日，这个事项不在{unit.short_name}有效的清单里。"
            "请改选当天有效版次的事项，或者按“未列入清单”办理。",
            "item",
        )


def _save(case: ExemptionCase) -> None:
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        there = ExemptionCase.objects.filter(unit=case.unit, number=case.number).exclude(pk=case.pk).first()
        if there is None:
            raise
        raise Refused(f"案件编号 {case.number} 已经登记过（{there.party_name}），没有重复登记。", "number") from error


def _next_number(unit: Unit, year: int) -> str:
    """Give the next number of the year; whoever records another case of the unit meanwhile waits."""
    numbering.locked_series(unit, "case", year)
    taken = ExemptionCase.objects.filter(unit=unit, number__startswith=f"{year}-").values_list("number", flat=True)
    used = [int(rest) for number in taken if (rest := number.removeprefix(f"{year}-")).isdecimal()]
    return f"{year}-{max(used, default=0) + 1:03}"


def _name_officers(case: ExemptionCase, officers: Sequence[Officer]) -> None:
    named = list(dict.fromkeys(officers))
    if any(officer.unit_id != case.unit_id for officer in named):
        raise Refused("执法人员须是本单位登记的人员。", "officers")
    case.handlers.all().delete()
    rows = [CaseOfficer(case=case, officer=officer, position=place) for place, officer in enumerate(named, 1)]
    CaseOfficer.objects.bulk_create(rows)


def _told(facts: Record) -> dict[str, object]:
    return {
        "discovered_on": facts.discovered_on, "kind": facts.kind, "item": facts.item.pk if facts.item else None,
        "party_kind": facts.party_kind, "number": facts.number,
    }  # fmt: skip
