"""Which rows a plan makes and when: at its issue, and when a month opens.

The list of who must deliver an occurrence is frozen at its opening (an `Opening` row), so that a rate can never
pass 100 % and the job may run any number of times, after any downtime, with the same result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from liaisons.membership import Memberships
from liaisons.models import Unit
from reform import binding, deadlines, moves
from reform.models import Milestone, Move, Obligation, Opening, Plan
from reform.states import State, Verb
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.workdays import Workdays


@dataclass(frozen=True)
class Row:
    """One obligation that an occurrence makes for one unit."""

    milestone: Milestone
    occurrence: deadlines.Occurrence
    unit: Unit
    role: str


def milestones_of(plan: Plan) -> list[Milestone]:
    """Give the plan's milestones in order with task and parties: two queries."""
    rows = Milestone.objects.filter(task__plan=plan).select_related("task__plan").prefetch_related("parties")
    return list(rows.order_by("task__position", "position", "code"))


def first_day(plan: Plan) -> dt.date:
    """Give the first day for monthly reports: the plan's date, or its issue in the portal if that was later."""
    issued_on = clock.local_date(plan.issued_at) if plan.issued_at else plan.dated_on
    return max(plan.dated_on, issued_on)


def occurrences_of(milestone: Milestone, plan: Plan, workdays: Workdays) -> list[deadlines.Occurrence]:
    """Give every occurrence of the milestone within the plan's term, counted from the first version's issue."""
    first = plan.first_version or plan
    start = first_day(first) if milestone.kind == deadlines.MONTHLY else first.dated_on
    return deadlines.occurrences(milestone.limit, start, plan.term_ends_on, workdays)


def rows_of(milestone: Milestone, occurrence: deadlines.Occurrence, memberships: Memberships) -> list[Row]:
    """Give the rows an occurrence makes for the units bound on the memberships' day."""
    return [Row(milestone, occurrence, unit, role) for unit, role in binding.bound(milestone, memberships).items()]


def open_occurrences(at: dt.datetime | None = None) -> int:
    """Open every occurrence of every issued plan that should be open at `at` and is not; gives the rows made.

    A month missed while the portal was down opens as if on its day: with the units bound that day, and dated so.
    """
    at = at or clock.now()
    workdays = Workdays.load()
    issued = Plan.objects.filter(state=Plan.ISSUED).values_list("pk", flat=True)
    return sum(_open_plan(pk, at, workdays) for pk in issued)


@transaction.atomic
def _open_plan(pk: int, at: dt.datetime, workdays: Workdays) -> int:
    plan = Plan.objects.select_for_update().get(pk=pk)
    return open_due(plan, at, workdays) if plan.state == Plan.ISSUED else 0


def open_due(plan: Plan, at: dt.datetime, workdays: Workdays) -> int:
    """Open what is due to be open of one locked, issued plan; gives the rows made."""
    opened = set(Opening.objects.filter(series_id=plan.series_id).values_list("milestone_code", "occurrence"))
    made = 0
    by_day: dict[dt.date, Memberships] = {}
    for milestone in milestones_of(plan):
        for occurrence in occurrences_of(milestone, plan, workdays):
            moment = _opening_moment(plan, occurrence)
            if moment > at or (milestone.code, occurrence.key) in opened or _was_over(plan, occurrence):
                continue
            day = clock.local_date(moment)
            by_day.setdefault(day, Memberships(day))
            made += open_rows(plan, rows_of(milestone, occurrence, by_day[day]), moment)
            _note_opening(plan, milestone, occurrence, moment)
    return made


def _opening_moment(plan: Plan, occurrence: deadlines.Occurrence) -> dt.datetime:
    assert plan.issued_at
    if occurrence.opens_on is None:
        return plan.issued_at
    return max(plan.issued_at, clock.day_start(occurrence.opens_on))


def _was_over(plan: Plan, occurrence: deadlines.Occurrence) -> bool:
    # What an amendment adds for every month does not reach back to the months before it.
    if not plan.amends_id or occurrence.key == deadlines.ONCE or occurrence.due_on is None:
        return False
    assert plan.issued_at
    return occurrence.due_on < clock.local_date(plan.issued_at)


def _note_opening(plan: Plan, milestone: Milestone, occurrence: deadlines.Occurrence, moment: dt.datetime) -> None:
    Opening.objects.create(
        series_id=plan.series_id, milestone_code=milestone.code, occurrence=occurrence.key, opened_at=moment
    )


def open_rows(plan: Plan, rows: Iterable[Row], at: dt.datetime) -> int:
    """Make the given rows with their first Move and one audit entry per occurrence; rows that exist stay as they are.

    Must run while the plan is locked, else two runs could both find a row missing.
    """
    rows = list(rows)
    if not rows:
        return 0
    key = {"series_id": plan.series_id, "milestone_code": rows[0].milestone.code, "occurrence": rows[0].occurrence.key}
    there = set(Obligation.objects.filter(**key).values_list("unit_id", flat=True))
    new = [_new(plan, row, at) for row in rows if row.unit.pk not in there]
    Obligation.objects.bulk_create(new)
    Move.objects.bulk_create([moves.recorded(obligation, Verb.OPEN, "", by=None, at=at) for obligation in new])
    if new:
        audit.record("obligation.open", subject=rows[0].milestone, after=key | {"units": len(new)}, at=at)
    return len(new)


def _first_state(kind: str) -> State:
    return {deadlines.MONTHLY: State.DOING, deadlines.CONTINUOUS: State.ONGOING}.get(kind, State.AWAITING)


def _new(plan: Plan, row: Row, at: dt.datetime) -> Obligation:
    return Obligation(
        series_id=plan.series_id, milestone=row.milestone, milestone_code=row.milestone.code,
        occurrence=row.occurrence.key, unit=row.unit, role=row.role, state=_first_state(row.milestone.kind),
        opened_at=at, due_on=row.occurrence.due_on, first_due_on=row.occurrence.due_on,
    )  # fmt: skip
