"""What is recorded of a case, and all that must hold of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import partial

from exemptions.cases import items, moves, parties
from exemptions.models import ExemptionCase, Item
from liaisons.models import EnforcementField, Unit
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

EARLIEST = dt.timedelta(days=365 * 5)
LONGEST = 2000


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

    @classmethod
    def of(cls, case: ExemptionCase) -> Record:
        """Give what is recorded of a case."""
        return cls(**{one.name: getattr(case, one.name) for one in fields(cls)})

    @property
    def told(self) -> dict[str, object]:
        """Give what the trail tells of it."""
        return {
            "discovered_on": self.discovered_on, "kind": self.kind, "item": self.item.pk if self.item else None,
            "party_kind": self.party_kind, "number": self.number,
        }  # fmt: skip

    @property
    def columns(self) -> dict[str, object]:
        """Give the case's columns."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


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
    for words in ("party_name", "party_address", "conduct", "direct_reason"):
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
