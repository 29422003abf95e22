"""How long a plan asks for reports: to 31 December of its year unless extended (rules: Opening, months, dates)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from liaisons.permissions import Permission
from reform import openings, rights
from reform.models import Plan
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays

EARLIEST = dt.date(2000, 1, 1)
LONGEST_YEARS = 5  # a county's plan runs with the five-year plan at most


def latest_end(dated_on: dt.date) -> dt.date:
    """Give the last day to which the term of a plan of that date may run."""
    return dt.date(min(dated_on.year + LONGEST_YEARS, 2099), 12, 31)


def require_date(dated_on: dt.date, today: dt.date) -> None:
    """Raise Refused when no document of the county can bear that date."""
    latest = today + dt.timedelta(days=366)
    if dated_on < EARLIEST:
        raise Refused(f"成文日期应在 {EARLIEST} 以后。", "dated_on")
    if dated_on > latest:
        raise Refused(f"成文日期最迟到 {latest}（一年以内）。", "dated_on")


def require_end(dated_on: dt.date, ends_on: dt.date) -> None:
    """Raise Refused when a plan of that date cannot run until `ends_on`."""
    if ends_on < dated_on:
        raise Refused(f"期限 {ends_on} 早于方案的成文日期 {dated_on}。", "term_ends_on")
    if ends_on > latest_end(dated_on):
        raise Refused(f"期限最迟到 {latest_end(dated_on)}（成文之年起 {LONGEST_YEARS} 年）。", "term_ends_on")


@transaction.atomic
def extend(plan: Plan, until: dt.date, *, reason: str, by: User, at: dt.datetime | None = None) -> int:
    """Let an issued plan run until a later day and open what thereby is due to be open; gives the rows made.

    Nobody is asked for what fell due between the old end and the extension.

    Raises Refused, rights.Denied.
    """
    rights.require(by.may(Permission.EDIT_PLANS))
    at = at or clock.now()
    plan = Plan.objects.select_for_update().get(pk=plan.pk)
    before = plan.term_ends_on
    if plan.state != Plan.ISSUED:
        raise Refused("只有已下达、现行的方案才能延长期限；草稿请直接编辑。")
    if until <= before:
        raise Refused(f"新的期限应晚于现在的期限 {before}。", "term_ends_on")
    require_end(plan.dated_on, until)
    workdays = Workdays.load()
    made = openings.open_due(plan, at, workdays)
    plan.term_ends_on = until
    plan.save(update_fields=["term_ends_on"])
    audit.record(
        "plan.extend", by=by, subject=plan, before={"term_ends_on": before}, after={"term_ends_on": until},
        note=reason, at=at,
    )  # fmt: skip
    return made + openings.open_due(plan, at, workdays, by=by, not_before=at)
