"""What issuing a draft would make: shown before it is done, computed by the rules that do it."""

from __future__ import annotations

import copy
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from liaisons.membership import Memberships
from liaisons.models import Unit
from reform import deadlines, openings
from reform.changes import Changes, changes
from reform.faults import Fault, cautions, faults
from reform.models import Milestone, Plan
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


@dataclass(frozen=True)
class Line:
    """One occurrence with the rows it makes, when it opens, and what its date means on the calendar."""

    milestone: Milestone
    occurrence: deadlines.Occurrence
    rows: Sequence[openings.Row]
    opens_at: dt.datetime
    opens_now: bool
    on_rest_day: bool
    unchecked: bool

    @property
    def name(self) -> str:
        """Say which time it is."""
        return deadlines.occurrence_words(self.milestone.kind, self.occurrence.key)

    @property
    def units(self) -> list[Unit]:
        """Give who owes it."""
        return [row.unit for row in self.rows]


@dataclass(frozen=True)
class Preview:
    """Everything a draft would make if it were issued at one moment."""

    plan: Plan
    lines: Sequence[Line]
    faults: Sequence[Fault]
    cautions: Sequence[Fault]
    changes: Changes | None

    @property
    def by_milestone(self) -> list[tuple[Milestone, list[Line]]]:
        """Give the lines of each milestone together, in the plan's order."""
        return [(lines[0].milestone, lines) for _, group in groupby(self.lines, _code) if (lines := list(group))]

    @property
    def now(self) -> int:
        """Count the rows made at once, among them those for units newly bound to what is open already."""
        gained = self.changes.gained if self.changes else 0
        return gained + sum(len(line.rows) for line in self.lines if line.opens_now)

    @property
    def later(self) -> int:
        """Count the rows that months to come will make, as things stand."""
        return sum(len(line.rows) for line in self.lines if not line.opens_now)

    @cached_property
    def units(self) -> int:
        """Count the units that owe anything."""
        return len({unit.pk for line in self.lines for unit in line.units})

    @property
    def can_be_issued(self) -> bool:
        """Say whether nothing forbids it."""
        return not self.faults


def _code(line: Line) -> str:
    return line.milestone.code


def preview(plan: Plan, at: dt.datetime | None = None) -> Preview:
    """Give what issuing the draft at `at` would make; writes nothing."""
    at = at or clock.now()
    workdays = Workdays.load()
    as_issued = copy.copy(plan)
    as_issued.issued_at = at
    memberships = Memberships(clock.local_date(at))
    lines = [_line(due, at, memberships, workdays) for due in openings.pending(as_issued, workdays)]
    changed = changes(as_issued, plan.amends, at, workdays) if plan.amends else None
    return Preview(plan, lines, faults(plan, at), cautions(plan, at), changed)


def _line(due: openings.Pending, at: dt.datetime, memberships: Memberships, workdays: Workdays) -> Line:
    day = due.occurrence.due_on
    return Line(
        due.milestone, due.occurrence, openings.rows_of(due.milestone, due.occurrence, memberships),
        due.moment, due.moment <= at,
        on_rest_day=day is not None and not workdays.is_workday(day),
        unchecked=day is not None and not workdays.is_official(day),
    )  # fmt: skip
