"""The project's own reminder rules and calendar, as the facts bring them, for tests that need them whole."""

from __future__ import annotations

import datetime as dt
import functools
import json

from reform.models import ReminderRule, ReminderStep
from tests.factories import MilestoneFactory, ObligationFactory, moment
from tests.running_portal import ROOT
from xingxian_portal.foundation.workdays import CalendarDay, CalendarYear, Workdays

JUNE = dt.date(2022, 6, 21)


@functools.cache
def rows(name: str) -> list[dict]:
    """Read a facts file once."""
    return json.loads((ROOT / "fixtures" / name).read_text())


@functools.cache
def calendar() -> Workdays:
    """Give the county's calendar as a value, without a database."""
    days = {dt.date.fromisoformat(row["fields"]["date"]): row["fields"]["kind"] != CalendarDay.OFF
            for row in rows("calendar.json") if row["model"] == "foundation.calendarday"}  # fmt: skip
    years = {row["fields"]["year"] for row in rows("calendar.json") if row["model"] == "foundation.calendaryear"}
    return Workdays(days, frozenset(years))


def load_calendar(*years: int) -> None:
    """Put these years of the calendar into the database."""
    CalendarYear.objects.bulk_create(CalendarYear(year=year, status="official") for year in years)
    CalendarDay.objects.bulk_create(
        CalendarDay(**row["fields"])
        for row in rows("calendar.json")
        if row["model"] == "foundation.calendarday" and int(row["fields"]["date"][:4]) in years
    )


def load_rules(*codes: str) -> None:
    """Put the rules into the database, all or those named, with their steps."""
    rules = {}
    steps = []
    for row in rows("reminder_steps.json"):
        fields = dict(row["fields"])
        if row["model"] == "reform.reminderrule":
            rules[fields["code"]] = ReminderRule(**fields)
        else:
            steps.append(fields)
    ReminderRule.objects.bulk_create(rule for code, rule in rules.items() if not codes or code in codes)
    for fields in steps:
        fields["rule"] = rules[fields["rule"][0]]
    ReminderStep.objects.bulk_create(ReminderStep(**_times(fields)) for fields in steps if fields["rule"].pk)


def _times(fields: dict) -> dict:
    return fields | {name: dt.time.fromisoformat(fields[name]) for name in ("at_time", "until_time") if name in fields}


def step(code: str, rule: str = "monthly", **changes) -> ReminderStep:
    """Give one step of the facts without a database, its rule's `roll` and fields changed at will."""
    fields = next(
        dict(row["fields"]) for row in rows("reminder_steps.json")
        if row["fields"].get("rule") == [rule] and row["fields"]["code"] == code
    )  # fmt: skip
    fields["rule"] = ReminderRule(code=rule, applies_to=rule, roll=changes.pop("roll", ReminderRule.PREVIOUS))
    return ReminderStep(**_times(fields) | changes)


def report(unit, due_on: dt.date = JUNE, **fields):
    """Give one month's report of a unit, under way."""
    month = f"{due_on:%Y-%m}"
    given = {"milestone": MilestoneFactory(monthly=True)} if "milestone" not in fields else {}
    opened = {"opened_at": moment(due_on.replace(day=1), 0, 5), "occurrence": month, "state": "doing"}
    return ObligationFactory(unit=unit, due_on=due_on, **given | opened | fields)
