"""The daily check: every line that should be in the ledger by now is there. What is missing is counted, told and written."""

from __future__ import annotations

import datetime as dt

from liaisons.models import LedgerEntry, PlannerState
from reform.reminders import planning
from xingxian_portal.foundation import clock


def missing(at: dt.datetime) -> list[LedgerEntry]:
    """Give the lines whose time has come, that are still useful and that the ledger does not have."""
    return [entry for entry in planning.missing(at, at) if entry.planned_for <= at - planning.AHEAD]


def reconcile(at: dt.datetime) -> int:
    """Note how many are missing, then have the planner write them; gives how many."""
    with clock.held_at(at):
        count = len(missing(at))
        PlannerState.objects.update_or_create(id=1, defaults={"missing": count, "reconciled_at": at})
        if count:
            planning.plan(at)
        return count
