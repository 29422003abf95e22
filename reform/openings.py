"""Which rows a plan makes and when: at its issue, and when a month opens.

The list of who must deliver an occurrence is frozen at its opening (an `Opening` row), so that a rate can never
pass 100 % and the job may run any number of times, after any downtime, with the same result.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from liaisons.membership import Memberships
from liaisons.models import Unit, User
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


@dataclass(frozen=True)
class Pending:
    """An occurrence that is not open yet, and the moment at which it opens or should have opened."""

    milestone: Milestone
    occurrence: deadlines.Occurrence
    moment: dt.datetime


def milestones_of(plan: Plan) -> list[Milestone]:
    """Give the plan's milestones in order with task and parties: two queries."""
    rows = Milestone.objects.filter(task__plan=plan).select_related("task__plan").prefetch_related("parties")
    return list(rows.order_by("task__position", "position", "code"))


def first_day(plan: Plan) -> dt.date:
    """Give the first day for monthly reports: the plan's date, or its issue in the portal if that was later."""
    issued_on = clock.local_date(plan.issued_at) if plan.issued_at else plan.dated_on
    return max(plan.dated_on, issued_on)


def introductions(plan: Plan) -> dict[str, Plan]:
    """Give for each milestone code of an amended plan the version in which it first stood; nothing for a first version."""
    if not plan.amends_id:
        return {}
    versions = Plan.objects.filter(Q(pk=plan.series_id) | Q(first_version=plan.series_id), version__lt=plan.version)
    earlier = {version.pk: version for version in versions}
    stood = Milestone.objects.filter(task__plan__in=earlier).order_by("-task__plan__version")
    since = dict.fromkeys(Milestone.objects.filter(task__plan=plan).values_list("code", flat=True), plan)
    return since | {code: earlier[pk] for code, pk in stood.values_list("code", "task__plan")}


def occurrences_of(
    milestone: Milestone, plan: Plan, workdays: Workdays, since: Plan | None = None
) -> list[deadlines.Occurrence]:
    """Give every occurrence of the milestone within the plan's term.

    They are counted from the version `since` in which the milestone first stood, by default the first version.
    """
    since = since or plan.first_version or plan
    start = first_day(since) if milestone.kind == deadlines.MONTHLY else since.dated_on
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
    issued = Plan.objects.filter(state=Plan.ISSUED).order_by("pk").values_list("pk", flat=True)
    return sum(_open_plan(pk, at, workdays) for pk in issued)


@transaction.atomic
def _open_plan(pk: int, at: dt.datetime, workdays: Workdays) -> int:
    plan = Plan.objects.select_for_update().get(pk=pk)
    return open_due(plan, at, workdays) if plan.state == Plan.ISSUED else 0


def pending(plan: Plan, workdays: Workdays) -> Iterator[Pending]:
    """Give every occurrence of an issued plan that is not open yet, of the whole term, in order."""
    opened = set(Opening.objects.filter(series_id=plan.series_id).values_list("milestone_code", "occurrence"))
    since = introductions(plan)
    for milestone in milestones_of(plan):
        for occurrence in occurrences_of(milestone, plan, workdays, since.get(milestone.code)):
            if (milestone.code, occurrence.key) not in opened and not was_over(plan, occurrence):
                yield Pending(milestone, occurrence, opening_moment(plan, occurrence))


def open_due(
    plan: Plan, at: dt.datetime, workdays: Workdays, by: User | None = None, not_before: dt.datetime | None = None
) -> int:
    """Open what is due to be open of one locked, issued plan; gives the rows made.

    `by` is who issued it just now. `not_before` is the moment at which a longer term was set: what lies in it opens
    then at the earliest, and nobody is asked for what fell due before.
    """
    made = 0
    by_day: dict[dt.date, Memberships] = {}
    for due in [due for due in pending(plan, workdays) if due.moment <= at]:
        moment = max(due.moment, not_before or due.moment)
        day = clock.local_date(moment)
        if day not in by_day:
            by_day[day] = Memberships(day)
        over = not_before is not None and due.occurrence.due_on is not None and due.occurrence.due_on < day
        rows = [] if over else rows_of(due.milestone, due.occurrence, by_day[day])
        made += open_rows(plan, rows, moment, by=by)
        _note_opening(plan, due, moment)
    return made


def opening_moment(plan: Plan, occurrence: deadlines.Occurrence) -> dt.datetime:
    """Give the moment from which an issued plan's occurrence should be open."""
    assert plan.issued_at
    if occurrence.opens_on is None:
        return plan.issued_at
    return max(plan.issued_at, clock.day_start(occurrence.opens_on))


def was_over(plan: Plan, occurrence: deadlines.Occurrence) -> bool:
    """Say whether an amendment came after the occurrence: what it adds for every month does not reach back."""
    if not plan.amends_id or occurrence.key == deadlines.ONCE or occurrence.due_on is None:
        return False
    assert plan.issued_at
    return occurrence.due_on < clock.local_date(plan.issued_at)


def _note_opening(plan: Plan, due: Pending, at: dt.datetime) -> None:
    Opening.objects.create(
        series_id=plan.series_id, milestone_code=due.milestone.code, occurrence=due.occurrence.key,
        opened_at=at,
    )  # fmt: skip


def open_rows(plan: Plan, rows: Iterable[Row], at: dt.datetime, by: User | None = None) -> int:
    """Make the rows of one occurrence with their first Move and one audit entry; rows that exist stay as they are.

    Must run while the plan is locked, else two runs could both find a row missing. `by` is None for the job.
    """
    rows = list(rows)
    if not rows:
        return 0
    key = {"series_id": plan.series_id, "milestone_code": rows[0].milestone.code, "occurrence": rows[0].occurrence.key}
    there = set(Obligation.objects.filter(**key).values_list("unit_id", flat=True))
    new = [_new(plan, row, at) for row in rows if row.unit.pk not in there]
    Obligation.objects.bulk_create(new)
    Move.objects.bulk_create([moves.recorded(obligation, Verb.OPEN, "", by=by, at=at) for obligation in new])
    if new:
        units = [obligation.unit.code for obligation in new]
        audit.record("obligation.open", by=by, subject=rows[0].milestone, after=key | {"units": units}, at=at)
    return len(new)


def first_state(kind: str) -> State:
    """Give the state in which a row of this kind of milestone begins."""
    return {deadlines.MONTHLY: State.DOING, deadlines.CONTINUOUS: State.ONGOING}.get(kind, State.AWAITING)


def _new(plan: Plan, row: Row, at: dt.datetime) -> Obligation:
    return Obligation(
        series_id=plan.series_id, milestone=row.milestone, milestone_code=row.milestone.code,
        occurrence=row.occurrence.key, unit=row.unit, role=row.role, state=first_state(row.milestone.kind),
        opened_at=at, due_on=row.occurrence.due_on, first_due_on=row.occurrence.due_on,
    )  # fmt: skip
