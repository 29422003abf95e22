"""The month's page: every unit's monthly report, filed when, returned, with how many lines; the months side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from liaisons.models import Unit
from reform import deadlines, desk
from reform.filing_read import NEVER_FILED
from reform.lit import Lamp, Lit
from reform.models import Obligation, Submission
from reform.rates import Rates, Row, rates
from reform.states import EXCUSED

RETURNED = (Submission.RETURNED, Submission.VOIDED)


@dataclass(frozen=True)
class UnitReport:
    """One unit's report of a month; `filing` is the last one filed, None before the first."""

    obligation: Obligation
    lit: Lit
    filing: Submission | None
    returns: int

    @property
    def is_filed(self) -> bool:
        """Say whether a filing counts."""
        return self.obligation.first_filed_on is not None

    @property
    def is_late(self) -> bool:
        """Say whether the first counted filing came after the due date."""
        row = self.obligation
        return bool(row.first_filed_on and row.due_on and row.first_filed_on > row.due_on)

    @property
    def is_missing(self) -> bool:
        """Say whether it is owed and nothing counts as filed."""
        return self.obligation.state not in EXCUSED and not self.is_filed

    @property
    def section(self) -> str:
        """Give the heading under which the unit stands."""
        return "乡镇人民政府" if self.obligation.unit.kind == Unit.TOWNSHIP else "县直部门"


@dataclass(frozen=True)
class Month:
    """One month in the list of months."""

    occurrence: str
    due_on: dt.date | None
    owed: int
    filed: int
    rates: Rates

    @property
    def words(self) -> str:
        """Give the month as people say it."""
        return desk.month_words(self.occurrence)


SHOWN = {
    "missing": ("未报", lambda report: report.is_missing),
    "late": ("迟报", lambda report: report.is_late),
    "returned": ("退回过", lambda report: report.returns > 0),
}


def months(on: dt.date) -> list[Month]:
    """Give every month whose reports are open, the newest first, with its rates on a day: one query."""
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY)
    by_month: dict[str, list[Row]] = defaultdict(list)
    for occurrence, state, due_on, filed_on in rows.values_list("occurrence", "state", "due_on", "first_filed_on"):
        by_month[occurrence].append(Row(state, due_on, filed_on))
    return [_month(occurrence, by_month[occurrence], on) for occurrence in sorted(by_month, reverse=True)]


def _month(occurrence: str, rows: list[Row], on: dt.date) -> Month:
    owed = [row for row in rows if row.state not in EXCUSED]
    due_on = max((row.due_on for row in owed if row.due_on), default=None)
    return Month(occurrence, due_on, len(owed), sum(row.first_filed_on is not None for row in owed), rates(rows, on))


def of(occurrence: str, on: dt.date) -> list[UnitReport]:
    """Give a month's reports, departments first, in official order: three queries and the calendar."""
    rows = desk.with_names(Obligation.objects.filter(milestone__kind=deadlines.MONTHLY, occurrence=occurrence))
    found = sorted(rows, key=lambda row: (row.unit.kind == Unit.TOWNSHIP, row.unit.position, row.unit.code, row.pk))
    filings, lamp = _filings(found), Lamp(on)
    return [_report(row, filings[row.pk], lamp) for row in found]


def _report(row: Obligation, filings: list[Submission], lamp: Lamp) -> UnitReport:
    returns = sum(filing.state in RETURNED for filing in filings)
    return UnitReport(row, lamp.lit(row), filings[-1] if filings else None, returns)


def _filings(rows: Iterable[Obligation]) -> dict[int, list[Submission]]:
    lines = Count("report__lines", distinct=True)
    problems = Count("report__lines", filter=~Q(report__lines__problem=""), distinct=True)
    changed = Count("report__lines", filter=Q(report__lines__unchanged=False), distinct=True)
    found = Submission.objects.filter(obligation__in=[row.pk for row in rows]).exclude(state__in=NEVER_FILED)
    found = found.select_related("filed_by", "report").annotate(
        lines=lines, problems=problems, told=changed, files=Count("evidence", distinct=True)
    )
    by_row: dict[int, list[Submission]] = defaultdict(list)
    for filing in found.order_by("number"):
        by_row[filing.obligation_id].append(filing)
    return by_row


def rates_of(reports: Iterable[UnitReport], on: dt.date) -> Rates:
    """Give the rates of a month's reports on a day."""
    rows = (report.obligation for report in reports)
    return rates((Row(row.state, row.due_on, row.first_filed_on) for row in rows), on)
