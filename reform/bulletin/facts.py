"""The facts of a month as plain JSON, read in one go: nothing that is written of the month is asked anywhere else.

Days stand as ISO text, units by code and short name. `digest` gives the SHA-256 by which anybody can tell later that
they are still the same.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import defaultdict
from typing import Any

from django.db.models import Q

from liaisons.models import Unit
from reform import county_figures, deadlines, desk, figures, month_figures, month_reports, monthly_lines, wall
from reform.lit import Lamp
from reform.models import Obligation, Problem, ReminderStep
from reform.month_reports import UnitReport
from reform.reminders import proposing
from reform.states import State
from reform.wall_grid import Grid
from reform.wall_source import Source
from reform.workbooks.ledger import wall_words_of
from xingxian_portal.foundation import clock

Facts = dict[str, Any]
AHEAD = dt.timedelta(days=45)


def gather(month: str, reports: list[UnitReport], at: dt.datetime) -> Facts:
    """Give everything the month's material tells, as it stands at the moment."""
    on = clock.local_date(at)
    first, last = monthly_lines.period(reports[0].obligation)
    plan = reports[0].obligation.milestone.task.plan
    grid = _grid(on)
    return {
        "month": month, "first": first.isoformat(), "last": last.isoformat(), "as_of": at.isoformat(),
        "plan": {"title": plan.title, "number": plan.document_number},
        "totals": _totals(reports, grid, on),
        "reports": [_report(report, first, last) for report in reports],
        "closed": _closed(first, last), "overdue": _overdue(on), "problems": _problems(first, last),
        "listed": _listed(first, on),
        "next": _next(grid, on) if grid else [],
        "county": [[one.label, one.value, one.measure] for one in county_figures.of(first, last)],
    }  # fmt: skip


def digest(facts: Facts) -> str:
    """Give the SHA-256 of the facts, however they are written down."""
    plain = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()


def _grid(on: dt.date) -> Grid | None:
    source = Source.read()
    return wall.of(source, on, clock.today()) if source else None


def _unit(unit: Unit) -> dict[str, str]:
    return {"code": unit.code, "name": unit.name, "short": unit.short_name}


def _day(on: dt.date | None) -> str | None:
    return on.isoformat() if on else None


def _totals(reports: list[UnitReport], grid: Grid | None, on: dt.date) -> dict[str, Any]:
    rates = month_reports.rates_of(reports, on)
    all_of = figures.of(grid) if grid else None
    return {
        "owed": sum(report.is_filed or report.is_missing for report in reports),
        "filed": sum(report.is_filed for report in reports), "late": sum(report.is_late for report in reports),
        "missing": sum(report.is_missing for report in reports), "on_time": rates.on_time,
        "on_time_rate": str(rates.on_time_rate) if rates.on_time_rate is not None else None,
        "due": all_of.due if all_of else 0, "closed": all_of.closed if all_of else 0,
        "closed_rate": str(all_of.closed_rate) if all_of and all_of.closed_rate is not None else None,
        "overdue": all_of.overdue if all_of else 0, "overdue_units": all_of.overdue_units if all_of else 0,
    }  # fmt: skip


def _report(report: UnitReport, first: dt.date, last: dt.date) -> dict[str, Any]:
    row = report.obligation
    filed = report.filing.report.figures if report.filing and hasattr(report.filing, "report") else []
    counted = [figure.as_dict() for figure in month_figures.figures(row.unit, first, last)]
    return {
        "unit": _unit(row.unit), "due_on": _day(row.due_on), "filed_on": _day(row.first_filed_on), "missing": report.is_missing,
        "late_days": (row.first_filed_on - row.due_on).days if report.is_late and row.first_filed_on and row.due_on else 0,
        "returns": report.returns, "state": row.get_state_display(), "figures": filed, "recounted": counted,
    }  # fmt: skip


def _closed(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    done = Obligation.objects.filter(state=State.CLOSED, accepted_at__date__range=(first, last))
    order = ("unit__position", "unit__code", "due_on", "pk")
    rows = desk.with_names(done.exclude(milestone__kind=deadlines.MONTHLY)).order_by(*order)
    return [
        {
            "unit": _unit(row.unit), "name": row.name, "due_on": _day(row.due_on), "filed_on": _day(row.first_filed_on),
            "early_days": max(0, (row.due_on - row.first_filed_on).days) if row.due_on and row.first_filed_on else 0,
        }
        for row in rows
    ]  # fmt: skip


def _overdue(on: dt.date) -> list[dict[str, Any]]:
    lamp = Lamp(on)
    found = [(row, lamp.lit(row).until) for row in desk.overdue(on)]
    return [
        {"unit": _unit(row.unit), "name": row.name, "due_on": _day(until), "days": (on - until).days, "state": row.get_state_display()}
        for row, until in found if until
    ]  # fmt: skip


def _listed(first: dt.date, on: dt.date) -> list[dict[str, Any]]:
    """Give what 局领导 agreed to put on the list of the 通报 since the period began."""
    rows = proposing.granted(ReminderStep.BULLETIN).filter(decided_at__date__range=(first, on))
    found = [row.obligation for row in rows.order_by("obligation__unit__position", "obligation__unit__code", "pk")]
    return [{"unit": _unit(row.unit), "name": row.name, "due_on": _day(row.due_on)} for row in found]


def _problems(first: dt.date, last: dt.date) -> list[dict[str, Any]]:
    rows = Problem.objects.filter(Q(answered_at__isnull=True) | Q(raised_at__date__range=(first, last)))
    rows = rows.select_related("obligation__unit", "task", "answerer").order_by("raised_at", "pk")
    return [
        {
            "unit": _unit(row.obligation.unit), "task": row.task.title, "text": row.text, "answer": row.answer,
            "answerer": row.answerer.short_name if row.answerer else "", "answer_by": _day(row.answer_by),
        }
        for row in rows
    ]  # fmt: skip


def _next(grid: Grid, on: dt.date) -> list[dict[str, Any]]:
    """Give the nodes that fall due next, with how many units still owe each."""
    owing: dict[tuple[str, str], list[str]] = defaultdict(list)
    for cell in grid.cells:
        due_on = cell.facts.due_on
        if cell.counts and cell.is_owed and not cell.is_done and due_on and on <= due_on <= on + AHEAD:
            owing[due_on.isoformat(), wall_words_of(cell)].append(cell.unit.short_name)
    return [{"day": day, "name": name, "units": units} for (day, name), units in sorted(owing.items())]


def months() -> list[str]:
    """Give the months whose reports are open, the newest first."""
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY).order_by("-occurrence")
    return list(rows.values_list("occurrence", flat=True).distinct())
