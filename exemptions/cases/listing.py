"""The list of cases: what is asked for, and the rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from exemptions.cases.kinds import Decision
from exemptions.cases.states import OPEN, State
from exemptions.models.case import CaseQuerySet
from liaisons.models import EnforcementField, Unit

OVERDUE = "overdue"
IN_HAND = "open"
# Decisions that are counted together may be asked for together.
TOGETHER = {
    "forgiven": ("不予处罚、不予罚款", [Decision.NO_PENALTY, Decision.NO_FINE]),
    "eased": ("从轻、减轻", [Decision.LIGHTER, Decision.MITIGATED]),
}
# Which of a case's days a period means.
DAYS = {"discovered": "discovered_on", "decided": "decided_on", "rechecked": "orders__rechecked_on"}


@dataclass(frozen=True)
class Asked:
    """What is asked for; empty values ask for everything. `state` may also be OVERDUE or IN_HAND."""

    words: str = ""
    state: str = ""
    unit: Unit | None = None
    field: EnforcementField | None = None
    without_field: bool = False
    kind: str = ""
    decision: str = ""
    result: str = ""
    days: str = "discovered"
    since: dt.date | None = None
    until: dt.date | None = None


def matching(asked: Asked, rows: CaseQuerySet, today: dt.date) -> CaseQuerySet:
    """Give those of `rows` that are asked for, the newest first; pass what the asker may read."""
    rows = _in_state(rows, asked.state, today)
    given = {
        "unit": asked.unit, "field": asked.field, "kind": asked.kind, "orders__result": asked.result,
        f"{DAYS[asked.days]}__gte": asked.since, f"{DAYS[asked.days]}__lte": asked.until,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in given.items() if value})
    if asked.without_field:
        rows = rows.filter(field__isnull=True)
    if asked.decision:
        rows = rows.filter(decision__in=TOGETHER.get(asked.decision, ("", [asked.decision]))[1])
    if asked.result or asked.decision or asked.days != "discovered":
        rows = rows.exclude(state=State.VOID)
    if asked.words:
        rows = rows.filter(_said(asked.words))
    if asked.result or asked.days == "rechecked":
        rows = rows.distinct()  # a case with two such orders is one case
    return rows.order_by("-discovered_on", "-pk")


def _in_state(rows: CaseQuerySet, state: str, today: dt.date) -> CaseQuerySet:
    if state == OVERDUE:
        return rows.overdue(today)
    if state == IN_HAND:
        return rows.filter(state__in=OPEN)
    return rows.filter(state=state) if state else rows


def _said(words: str) -> Q:
    columns = ("number", "party_name", "credit_code", "conduct", "decision_number__text")
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": words})
    return found
