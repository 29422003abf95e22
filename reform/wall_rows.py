"""The rows of a plan as they stand now, or as they stood at the end of a past day."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Max, QuerySet

from reform.lights import Facts
from reform.models import Move, Obligation
from xingxian_portal.foundation import clock


class Standing(NamedTuple):
    """One obligation as it stood: whose it was, and the facts its light depends on."""

    pk: int
    milestone_code: str
    occurrence: str
    unit: int
    state: str
    due_on: dt.date | None
    mend_by: dt.date | None
    first_filed_on: dt.date | None

    @property
    def key(self) -> tuple[str, str]:
        """Name the node: milestone and occurrence."""
        return (self.milestone_code, self.occurrence)

    @property
    def facts(self) -> Facts:
        """Give what the light depends on."""
        return Facts(self.state, self.due_on, self.mend_by, self.first_filed_on)


def _standing(rows: QuerySet[Any, Any]) -> list[Standing]:
    return [Standing(*row) for row in rows]


def now(series: int) -> list[Standing]:
    """Give every row of the plan's series as it stands: one query."""
    rows = Obligation.objects.filter(series=series).order_by()
    return _standing(rows.values_list(
        "pk", "milestone_code", "occurrence", "unit", "state", "due_on", "mend_by", "first_filed_on"
    ))  # fmt: skip


def at_the_end_of(day: dt.date, series: int) -> list[Standing]:
    """Give every row that was there at 24:00 of `day`, each by its last Move up to then: one query."""
    until = Move.objects.filter(obligation__series=series, at__lt=clock.day_end(day)).order_by()
    last = Move.objects.filter(pk__in=until.values("obligation").annotate(last=Max("pk")).values("last")).order_by()
    return _standing(last.values_list(
        "obligation", "obligation__milestone_code", "obligation__occurrence",
        "unit", "to_state", "due_on", "mend_by", "first_filed_on",
    ))  # fmt: skip


def of_one(obligation: int, day: dt.date) -> Standing | None:
    """Give one row as it stood at 24:00 of `day`, None when it was not there yet: one query."""
    until = Move.objects.filter(obligation=obligation, at__lt=clock.day_end(day)).order_by("-pk")
    return next(iter(_standing(until.values_list(
        "obligation", "obligation__milestone_code", "obligation__occurrence",
        "unit", "to_state", "due_on", "mend_by", "first_filed_on",
    )[:1])), None)  # fmt: skip
