"""The conditions of a case: laid down when it is recorded, then each looked at with its evidence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from exemptions.cases import items, moves, parties
from exemptions.cases.states import Verb
from exemptions.models import CaseCondition, ExemptionCase
from liaisons.models import User
from xingxian_portal.foundation import clock, stamps
from xingxian_portal.foundation.refusal import Refused

LONGEST_PROOF = 300


@dataclass(frozen=True)
class Tick:
    """What an officer found of one condition: whether it holds, and by which words or file (its id) that is proven."""

    met: bool | None
    proof: str = ""
    file: int | None = None


def lay(case: ExemptionCase) -> None:
    """Lay down the conditions of the case's item in the place of those there were; the same words keep their tick."""
    kept = {row.text: row for row in case.conditions.all()}
    case.conditions.all().delete()
    CaseCondition.objects.bulk_create(_rows(case, items.conditions_of(case.item, case.kind), kept))


def lay_all(cases: Iterable[ExemptionCase]) -> None:
    """Lay down the conditions of many new cases."""
    known: dict[tuple[int | None, str], list[str]] = {}
    rows = []
    for case in cases:
        key = (case.item_id, case.kind)
        if key not in known:
            known[key] = items.conditions_of(case.item, case.kind)
        rows += _rows(case, known[key], {})
    CaseCondition.objects.bulk_create(rows)


def _rows(case: ExemptionCase, texts: Iterable[str], kept: Mapping[str, CaseCondition]) -> list[CaseCondition]:
    return [
        CaseCondition(case=case, text=text, position=place, **_found(kept.get(text)))
        for place, text in enumerate(texts, 1)
    ]


def _found(row: CaseCondition | None) -> dict[str, object]:
    return {"met": row.met, "proof": row.proof, "file": row.file} if row else {}


def mark(case: ExemptionCase) -> str:
    """Give the mark of the conditions as a form shows them."""
    return stamps.stamp(case.unit, case.conditions.all())


@transaction.atomic
def tick(
    case: ExemptionCase, ticks: Mapping[int, Tick], *, seen: str | None = None, by: User, at: dt.datetime | None = None
) -> ExemptionCase:
    """Write down what was found of the conditions, by their place; evidence may follow until the decision.

    Raises Refused beside "proof-<place>", CaseMoveRefused, Stale, rights.Denied. The same again changes nothing.
    """
    at = at or clock.now()
    case = moves.locked(case.pk, by=by)
    moves.require_allowed(case, Verb.TICK)
    old_mark, files = mark(case), set(case.files.values_list("pk", flat=True))
    changed = [
        row for row in case.conditions.all() if row.position in ticks and _takes(row, ticks[row.position], files)
    ]
    if not changed:
        return case
    CaseCondition.objects.bulk_update(changed, ["met", "proof", "file"])
    stamps.check(seen, old_mark, mark(case), "这件案件的条件")
    after = {f"condition_{row.position}": row.met for row in changed}
    moves.written(case, Verb.TICK, case.state, by=by, at=at, before={}, after=after)
    return case


def _takes(row: CaseCondition, tick: Tick, files: set[int]) -> bool:
    """Take the tick over into the row; give whether that changed it."""
    proof = tick.proof.strip()
    if len(proof) > LONGEST_PROOF:
        raise Refused(f"证据说明最多 {LONGEST_PROOF} 字，现有 {len(proof)} 字。", f"proof-{row.position}")
    parties.refuse_identity_number(proof, f"proof-{row.position}")
    if tick.file is not None and tick.file not in files:
        raise Refused("请在本案的材料里选择。", f"file-{row.position}")
    before = (row.met, row.proof, row.file_id)
    row.met, row.proof, row.file_id = tick.met, proof, tick.file
    return before != (row.met, row.proof, row.file_id)
