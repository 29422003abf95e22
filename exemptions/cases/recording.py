"""Recording cases and correcting their records while they are drafts: one, or as many as a workbook holds.

Many take as many queries as a few, but for the row that each writes: others wait for the database's lock meanwhile.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from django.db import IntegrityError, transaction

from exemptions.cases import conditions, first_offence, moves, numbering
from exemptions.cases.facts import Record, checked
from exemptions.cases.states import Verb
from exemptions.models import CaseFile, CaseMove, CaseOfficer, ExemptionCase, FirstOffenceCheck
from liaisons.models import Officer, Unit, User
from reform import rights
from xingxian_portal.foundation import clock, stamps
from xingxian_portal.foundation.handfuls import handfuls
from xingxian_portal.foundation.refusal import OneRefused, Refused

NUMBER_LENGTH = 40
TAKEN_BACK = "导入后撤销"
Told = tuple[Record, Sequence[Officer]]


def record(
    unit: Unit, facts: Record, *, officers: Sequence[Officer] = (), by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Record a case of `unit` as a draft; raises Refused beside the field it concerns, rights.Denied."""
    (case,) = record_all(unit, [(facts, officers)], by=by, at=at)
    return case


@transaction.atomic
def record_all(unit: Unit, told: Sequence[Told], *, by: User, at: dt.datetime | None = None) -> list[ExemptionCase]:
    """Record cases of `unit`, each with its officers, as drafts; raises OneRefused, rights.Denied."""
    at = at or clock.now()
    rights.require(rights.files_for(by, unit))
    known = [_checked(unit, facts, officers, place, at) for place, (facts, officers) in enumerate(told)]
    cases = [
        ExemptionCase(unit=unit, recorded_at=at, recorded_by=by, **facts.columns) for facts in _numbered(unit, known)
    ]
    _insert(unit, cases)
    _name_officers(cases, [officers for _, officers in told])
    conditions.lay_all(cases)
    done = [moves.Done(case, "", {}, facts.told) for case, facts in zip(cases, known, strict=True)]
    moves.written_all(done, Verb.RECORD, by=by, at=at)
    return cases


def _checked(unit: Unit, facts: Record, officers: Iterable[Officer], place: int, at: dt.datetime) -> Record:
    try:
        if any(officer.unit_id != unit.pk for officer in officers):
            raise Refused("执法人员须是本单位登记的人员。", "officers")
        return checked(unit, facts, at=at)
    except Refused as refused:
        raise OneRefused(refused, place) from refused


def _numbered(unit: Unit, known: Iterable[Record]) -> Iterator[Record]:
    """Give the records, each with a number; whoever records another case of the unit meanwhile waits."""
    last: dict[int, int] = {}
    for facts in known:
        year = facts.discovered_on.year
        if not facts.number:
            last[year] = last[year] + 1 if year in last else _next_number(unit, year)
        yield facts if facts.number else replace(facts, number=f"{year}-{last[year]:03}")


def _next_number(unit: Unit, year: int) -> int:
    numbering.locked_series(unit, "case", year)
    taken = ExemptionCase.objects.filter(unit=unit, number__startswith=f"{year}-").values_list("number", flat=True)
    used = [int(rest) for number in taken if (rest := number.removeprefix(f"{year}-")).isdecimal()]
    return max(used, default=0) + 1


def _insert(unit: Unit, cases: list[ExemptionCase]) -> None:
    try:
        with transaction.atomic():
            ExemptionCase.objects.bulk_create(cases)
    except IntegrityError as error:
        twice = {number for number, count in Counter(case.number for case in cases).items() if count > 1}
        there = {case.number: case.party_name for case in ExemptionCase.objects.filter(unit=unit)}
        for place, case in enumerate(cases):
            if case.number in there or case.number in twice:
                raise OneRefused(_taken(case.number, there.get(case.number, case.party_name)), place) from error
        raise


def _taken(number: str, party_name: str) -> Refused:
    return Refused(f"案件编号 {number} 已经登记过（{party_name}），没有重复登记。", "number")


def _name_officers(cases: Sequence[ExemptionCase], officers: Sequence[Sequence[Officer]]) -> None:
    CaseOfficer.objects.bulk_create(
        CaseOfficer(case=case, officer=officer, position=place)
        for case, named in zip(cases, officers, strict=True)
        for place, officer in enumerate(dict.fromkeys(named), 1)
    )


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
    old_mark = mark(moves.locked(case.pk, by=by))
    (case,) = amend_all([(case, (facts, officers))], by=by, at=at)
    stamps.check(seen, old_mark, mark(case), "这件案件")
    return case


@transaction.atomic
def amend_all(
    told: Sequence[tuple[ExemptionCase, Told]], *, by: User, at: dt.datetime | None = None
) -> list[ExemptionCase]:
    """Correct the records of drafts; raises OneRefused, CaseMoveRefused, rights.Denied."""
    at = at or clock.now()
    there = moves.locked_all([case.pk for case, _ in told], by=by)
    cases, done, laid_anew, renamed = [there[case.pk] for case, _ in told], [], [], []
    for place, (case, (_, (facts, officers))) in enumerate(zip(cases, told, strict=True)):
        moves.require_allowed(case, Verb.AMEND)
        known = _checked(case.unit, facts, officers, place, at)
        done.append(moves.Done(case, case.state, Record.of(case).told, known.told))
        if (case.item_id, case.kind) != (known.item.pk if known.item else None, known.kind):
            laid_anew.append(case)
        if not known.credit_code and case.party_name != known.party_name:
            renamed.append(case)
        _take_over(case, known, place)
    _rename_officers(cases, [officers for _, (_, officers) in told])
    for case in laid_anew:
        conditions.lay(case)
    for case in renamed:
        first_offence.unsay(case)
    moves.written_all(done, Verb.AMEND, by=by, at=at)
    return cases


def _take_over(case: ExemptionCase, facts: Record, place: int) -> None:
    for name, value in facts.columns.items():
        if name != "number" or value:
            setattr(case, name, value)
    try:
        with transaction.atomic():
            case.save()
    except IntegrityError as error:
        there = ExemptionCase.objects.filter(unit=case.unit, number=case.number).exclude(pk=case.pk).first()
        if there is None:
            raise
        raise OneRefused(_taken(case.number, there.party_name), place) from error


def _rename_officers(cases: Sequence[ExemptionCase], officers: Sequence[Sequence[Officer]]) -> None:
    there: dict[int, list[int]] = defaultdict(list)
    for some in handfuls([case.pk for case in cases]):
        for row in CaseOfficer.objects.filter(case__in=some).order_by("position"):
            there[row.case_id].append(row.officer_id)
    named = [list(dict.fromkeys(some)) for some in officers]
    others = [
        (case, some)
        for case, some in zip(cases, named, strict=True)
        if there[case.pk] != [officer.pk for officer in some]
    ]
    for some in handfuls([case.pk for case, _ in others]):
        CaseOfficer.objects.filter(case__in=some).delete()
    _name_officers([case for case, _ in others], [some for _, some in others])


@transaction.atomic
def take_back_all(keys: Collection[int], *, by: User, at: dt.datetime | None = None) -> None:
    """Take back drafts that an import made: void, and their numbers free for the next try. Raises Refused."""
    at = at or clock.now()
    cases = moves.locked_all(keys, by=by)
    for case in cases.values():
        moves.require_allowed(case, Verb.AMEND)  # a draft alone: what went on is no longer an import's
    if begun := next((cases[pk] for some in handfuls(keys) for pk in _gone_on_with(some)), None):
        raise Refused(f"案件 {begun.number} 导入之后已经有人继续办理，不能整批撤销。")
    freed = [
        (case, {"number": f"{case.number}（撤销{case.pk}）"[-NUMBER_LENGTH:], "void_reason": TAKEN_BACK})
        for case in cases.values()
    ]
    moves.move_all(freed, Verb.VOID, by=by, at=at, note=TAKEN_BACK)


def _gone_on_with(keys: Sequence[int]) -> Iterator[int]:
    moved = CaseMove.objects.exclude(verb__in=[Verb.RECORD, Verb.AMEND])
    for rows in (moved, CaseFile.objects.all(), FirstOffenceCheck.objects.all()):
        yield from rows.filter(case__in=keys).values_list("case", flat=True)


def mark(case: ExemptionCase) -> str:
    """Give the mark of the record as a form shows it."""
    return stamps.stamp(case, case.handlers.order_by("position"))
