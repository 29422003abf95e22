"""A line of the desk's lists: the row, the duty it is about, its light, when it was last urged, under which heading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from liaisons.models import User
from reform import rights, urging
from reform.desk import Narrowing, Section
from reform.lit import Lamp, Lit
from reform.models import Obligation, Problem, Proposal, Submission, Task, Urging
from xingxian_portal.foundation import clock

ALL_OF_IT = Narrowing()


@dataclass(frozen=True)
class Row:
    """One line; `is_own` says that another officer must act on it."""

    row: Any
    obligation: Obligation
    heading: str
    lit: Lit | None = None
    urged: Urging | None = None
    cools: bool = False  # urged so recently that it is not urged again
    is_own: bool = False
    is_late: bool = False


class Writer:
    """Writes lines for one person on one day; what several piles need is read once."""

    def __init__(self, user: User, on: dt.date) -> None:
        self.user, self.on = user, on

    @cached_property
    def lamp(self) -> Lamp:
        """Give what lights the rows."""
        return Lamp(self.on)

    def written(self, section: Section, rows: Iterable[Any], narrowing: Narrowing = ALL_OF_IT) -> list[Row]:
        """Give the lines of a section's rows, in their order."""
        found = list(rows)
        if section.path:
            return [self._about(row, narrowing) for row in found]
        last = urging.last_urgings(row.pk for row in found)
        return [self._duty(row, last.get(row.pk), narrowing) for row in found]

    def _duty(self, row: Obligation, urged: Urging | None, narrowing: Narrowing) -> Row:
        heading = narrowing.heading(row.unit, row.milestone.task, row.due_on)
        cools = urged is not None and clock.now() < urged.at + urging.cool_down()
        return Row(row, row, heading, self.lamp.lit(row), urged, cools)

    def _about(self, row: Submission | Proposal | Problem, narrowing: Narrowing) -> Row:
        obligation = row.obligation
        heading = narrowing.heading(obligation.unit, _task(row), _day(row))
        return Row(row, obligation, heading, is_own=self._is_own(row), is_late=self._is_late(row))

    def _is_own(self, row: Submission | Proposal | Problem) -> bool:
        if isinstance(row, Submission):
            return row.filed_by_id == self.user.pk
        return isinstance(row, Proposal) and (row.asked_by_id == self.user.pk or not rights.decides(self.user))

    def _is_late(self, row: Submission | Proposal | Problem) -> bool:
        return isinstance(row, Problem) and row.answer_by is not None and row.answer_by < self.on


def _task(row: Submission | Proposal | Problem) -> Task:
    return row.task if isinstance(row, Problem) else row.obligation.milestone.task


def _day(row: Submission | Proposal | Problem) -> dt.date | None:
    return clock.local_date(row.raised_at) if isinstance(row, Problem) else row.obligation.due_on
