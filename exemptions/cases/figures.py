"""What the cases add up to: forgiven, spared, corrected in time; for the month's report, the wall, and by field and kind.

Decisions count on their day, rechecks on theirs; void cases count nowhere.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.db.models import Count, DecimalField, QuerySet, Sum, Value

from exemptions.cases.decisions import Correction
from exemptions.cases.kinds import FORGIVING, Decision
from exemptions.cases.states import SETTLED, State
from exemptions.models import CorrectionOrder, ExemptionCase, Item
from liaisons.models import EnforcementField, Unit
from reform.county_figures import CountyFigure
from reform.month_figures import Figure, shown

LIST = "/exemptions/cases/"


@dataclass(frozen=True)
class Tally:
    """Some cases added up."""

    forgiven: int = 0
    spared: Decimal = Decimal(0)
    lighter: int = 0
    transferred: int = 0
    rechecked: int = 0
    in_time: int = 0

    def __add__(self, other: Tally) -> Tally:
        """Give both together."""
        return Tally(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))

    @property
    def rate(self) -> int | None:
        """Give the share of rechecks that found the correction made in time, in per cent rounded down."""
        return self.in_time * 100 // self.rechecked if self.rechecked else None

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to count."""
        return self == Tally()


def _decided(first: dt.date, last: dt.date) -> QuerySet[ExemptionCase]:
    return ExemptionCase.objects.filter(state__in=SETTLED, decided_on__range=(first, last))


def _rechecked(first: dt.date, last: dt.date) -> QuerySet[CorrectionOrder]:
    rows = CorrectionOrder.objects.filter(rechecked_on__range=(first, last))
    return rows.exclude(case__state=State.VOID)


def _of_decision(decision: str, count: int, spared: Decimal) -> Tally:
    if decision in FORGIVING:
        return Tally(forgiven=count, spared=spared)
    return Tally(transferred=count) if decision == Decision.TRANSFER else Tally(lighter=count)


def _of_result(result: str, count: int) -> Tally:
    return Tally(rechecked=count, in_time=count if result == Correction.IN_TIME else 0)


def total(first: dt.date, last: dt.date, unit: Unit | None = None) -> Tally:
    """Add up the cases of a period, of one unit or of all: one query."""
    with connection.cursor() as cursor:
        cursor.execute(*_asked(first, last, unit.pk if unit else None))
        rows = cursor.fetchall()
    found = Tally()
    for outcome, count, spared in rows:
        known = outcome in Decision.values
        found += _of_decision(outcome, count, Decimal(str(spared or 0))) if known else _of_result(outcome, count)
    return found


@lru_cache(maxsize=64)
def _asked(first: dt.date, last: dt.date, unit: int | None) -> tuple[str, tuple[Any, ...]]:
    # Put together once: the wall asks it at every look, and putting it together takes longer than the answer.
    decided, rechecked = _decided(first, last), _rechecked(first, last)
    if unit:
        decided, rechecked = decided.filter(unit=unit), rechecked.filter(case__unit=unit)
    decisions = decided.values_list("decision").annotate(n=Count("pk"), s=Sum("spared")).order_by()
    results = rechecked.values_list("result").annotate(n=Count("pk"), s=Value(None, DecimalField())).order_by()
    return decisions.union(results, all=True).query.sql_with_params()


def for_the_month(unit: Unit, first: dt.date, last: dt.date) -> list[Figure]:
    """Give the unit's figures of a month's report; none when nothing happened."""
    one = total(first, last, unit)
    ordered = CorrectionOrder.objects.filter(case__unit=unit, ordered_on__range=(first, last))
    orders = ordered.exclude(case__state=State.VOID).count()
    figures = [
        ("不予处罚或罚款", str(one.forgiven), "件"), ("估算免罚金额", shown(one.spared), "元"), ("责令改正", str(orders), "件"),
        ("按期改正率", str(one.rate if one.rate is not None else 0), "%"), ("从轻、减轻", str(one.lighter), "件"),
        ("转处罚", str(one.transferred), "件"),
    ]  # fmt: skip
    return [
        Figure("免罚案件", label, value, measure)
        for label, value, measure in figures
        if value != "0" or (label == "按期改正率" and one.rechecked)
    ]


def for_the_county(first: dt.date, last: dt.date) -> list[CountyFigure]:
    """Give the county's figures for the wall, each leading to the page that splits it up."""
    one = total(first, last)
    if one.is_empty:
        return []
    address = f"{LIST}figures/?{urlencode({'since': first, 'until': last})}"
    found = [
        CountyFigure("包容免罚案件", str(one.forgiven), "件", address),
        CountyFigure("估算免罚", shown(one.spared), "元", address),
    ]
    return found + ([CountyFigure("按期改正率", str(one.rate), "%", address)] if one.rate is not None else [])


@dataclass(frozen=True)
class Line:
    """The cases of one field and kind."""

    field: EnforcementField | None
    kind: str
    tally: Tally

    @property
    def name(self) -> str:
        """Give the kind in words."""
        return dict(Item.KINDS)[self.kind]

    @property
    def question(self) -> str:
        """Give what asks the list of cases for this field and kind."""
        return urlencode({"field": self.field.code if self.field else "none", "kind": self.kind})


@dataclass(frozen=True)
class Group:
    """The cases of one field, by kind."""

    field: EnforcementField | None
    lines: Sequence[Line]

    @property
    def name(self) -> str:
        """Give the field's name."""
        return self.field.name if self.field else "未定领域"

    @property
    def tally(self) -> Tally:
        """Add up its lines."""
        return added(line.tally for line in self.lines)


def added(sums: Iterable[Tally]) -> Tally:
    """Add up."""
    return sum(sums, Tally())


def by_field_and_kind(first: dt.date, last: dt.date, units: Iterable[int] | None = None) -> list[Group]:
    """Give the cases of a period by field and kind, of some units or (None) of all: three queries."""
    decided, rechecked = _decided(first, last), _rechecked(first, last)
    if units is not None:
        decided, rechecked = decided.filter(unit__in=list(units)), rechecked.filter(case__unit__in=list(units))
    cells: dict[tuple[int | None, str], Tally] = defaultdict(Tally)
    split = decided.values_list("field", "kind", "decision").annotate(n=Count("pk"), s=Sum("spared")).order_by()
    for field, kind, decision, count, spared in split:
        cells[field, kind] += _of_decision(decision, count, spared or Decimal(0))
    for field, kind, result, count in (
        rechecked.values_list("case__field", "case__kind", "result").annotate(n=Count("pk")).order_by()
    ):
        cells[field, kind] += _of_result(result, count)
    return _grouped(cells)


def _grouped(cells: dict[tuple[int | None, str], Tally]) -> list[Group]:
    used = {pk for pk, _ in cells}
    fields: list[EnforcementField | None] = [*EnforcementField.objects.filter(pk__in=[pk for pk in used if pk])]
    groups = []
    for field in fields + ([None] if None in used else []):
        key = field.pk if field else None
        lines = [Line(field, kind, cells[key, kind]) for kind, _ in Item.KINDS if (key, kind) in cells]
        groups.append(Group(field, lines))
    return groups
