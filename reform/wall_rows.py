"""The rows of a plan as they stand now, or as they stood at the end of a past day.

They come as one JSON text, put together by the database: a thousand rows with their dates are here before Django
would have converted the first hundred.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Max

from reform import json_rows
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


@lru_cache(maxsize=16384)
def _facts(state: str, due_on: str | None, mend_by: str | None, filed_on: str | None) -> Facts:
    # Of a thousand rows only some hundred differ in these; they share one object, by which others know them again.
    return Facts(state, _day(due_on), _day(mend_by), _day(filed_on))


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _standing(rows: list[list[Any]]) -> list[Standing]:
    return [Standing(pk, code, occurrence, unit, _facts(*about)) for pk, code, occurrence, unit, *about in rows]


@lru_cache(maxsize=64)
def _now(series: int) -> json_rows.Statement:
    fields = ("pk", "milestone_code", "occurrence", "unit_id", "state", "due_on", "mend_by", "first_filed_on")
    return json_rows.statement(Obligation.objects.filter(series=series), *fields)


def now(series: int) -> list[Standing]:
    """Give every row of the plan's series as it stands: one query."""
    return _standing(json_rows.read(_now(series)))


def at_the_end_of(day: dt.date, series: int) -> list[Standing]:
    """Give every row that was there at 24:00 of `day`, each by its last Move up to then: one query."""
    until = Move.objects.filter(obligation__series=series, at__lt=clock.day_end(day)).order_by()
    last = Move.objects.filter(pk__in=until.values("obligation").annotate(last=Max("pk")).values("last"))
    return _standing(json_rows.read(json_rows.statement(
        last, "obligation_id", "obligation__milestone_code", "obligation__occurrence",
        "unit_id", "to_state", "due_on", "mend_by", "first_filed_on",
    )))  # fmt: skip
