"""补下发: what is open already is given to a unit that was bound later, only when somebody asks for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction

from liaisons.membership import Memberships
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import deadlines, openings, rights
from reform.models import Milestone, Obligation, Opening, Plan
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays


def missing(plan: Plan, on: dt.date) -> dict[Unit, list[openings.Row]]:
    """Give for each unit bound on the day the open occurrences, not yet due, of which it has no row."""
    opened = set(Opening.objects.filter(series_id=plan.series_id).values_list("milestone_code", "occurrence"))
    owed = Obligation.objects.filter(series_id=plan.series_id).values_list("milestone_code", "occurrence", "unit")
    there, memberships = set(owed), Memberships(on)
    found: dict[Unit, list[openings.Row]] = defaultdict(list)
    for milestone, occurrence in _occurrences(plan):
        over = occurrence.due_on is not None and occurrence.due_on < on
        if over or (milestone.code, occurrence.key) not in opened:
            continue
        for row in openings.rows_of(milestone, occurrence, memberships):
            if (milestone.code, occurrence.key, row.unit.pk) not in there:
                found[row.unit].append(row)
    return dict(found)


def _occurrences(plan: Plan) -> list[tuple[Milestone, deadlines.Occurrence]]:
    workdays, since = Workdays.load(), openings.introductions(plan)
    return [
        (milestone, occurrence)
        for milestone in openings.milestones_of(plan)
        for occurrence in openings.occurrences_of(milestone, plan, workdays, since.get(milestone.code))
    ]


@transaction.atomic
def give(plan: Plan, unit: Unit, *, by: User, at: dt.datetime | None = None) -> int:
    """Open for the unit what it lacks of an issued plan; gives the rows made, 0 when it lacks nothing any more.

    Raises Refused, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    at = at or clock.now()
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    if plan.state != Plan.ISSUED:
        raise Refused("只有已下达、现行的方案才能补下发。")
    rows = missing(plan, clock.local_date(at)).get(unit, [])
    return sum(openings.open_rows(plan, [row], at, by=by) for row in rows)
