"""The rows of a plan as they stand now, or as they stood at the end of a past day.

They come as one JSON text, put together by the database: a thousand rows with their dates are here before Django
would have converted the first hundred.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from reform.json_rows import JsonRows
from reform.lights import Facts
from reform.models import Move, Obligation
from xingxian_portal.foundation import clock


class Standing(NamedTuple):
    """One obligation as it stood: whose it was, and the facts its light depends on."""

    pk: int
    milestone_code: str
    occurrence: str
    unit: int
    facts: Facts

    @property
    def key(self) -> tuple[str, str]:
        """Name the node: milestone and occurrence."""
        return (self.milestone_code, self.occurrence)


def _standing(rows: QuerySet[Any, Any], *fields: str) -> list[Standing]:
    text = rows.order_by().values_list(JsonRows(*fields), flat=True).get()
    # Of a thousand rows only some fifty differ in their facts, and these share one object.
    shared: dict[tuple[str, ...], Facts] = {}
    found = []
    for pk, code, occurrence, unit, state, due_on, mend_by, filed_on in json.loads(text or "[]"):
        about = (state, due_on, mend_by, filed_on)
        facts = shared.get(about)
        if facts is None:
            facts = shared[about] = Facts(state, _day(due_on), _day(mend_by), _day(filed_on))
        found.append(Standing(pk, code, occurrence, unit, facts))
    return found


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def now(series: int) -> list[Standing]:
    """Give every row of the plan's series as it stands: one query."""
    rows = Obligation.objects.filter(series=series)
    return _standing(
        rows, "pk", "milestone_code", "occurrence", "unit_id", "state", "due_on", "mend_by", "first_filed_on"
    )


def at_the_end_of(day: dt.date, series: int) -> list[Standing]:
    """Give every row that was there at 24:00 of `day`, each by its last Move up to then: one query."""
    until = Move.objects.filter(obligation__series=series, at__lt=clock.day_end(day)).order_by()
    last = Move.objects.filter(pk__in=until.values("obligation").annotate(last=Max("pk")).values("last"))
    return _standing(
        last, "obligation_id", "obligation__milestone_code", "obligation__occurrence",
        "unit_id", "to_state", "due_on", "mend_by", "first_filed_on",
    )  # fmt: skip
