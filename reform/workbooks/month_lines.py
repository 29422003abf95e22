"""How the reports of a month stand, line by line, for all units with the queries of one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reform import report_lines
from reform.filing import COUNTED
from reform.models import Obligation, ReportLine, Submission
from reform.monthly_lines import Wanted
from reform.report_lines import LineInput, Standing, Zero
from reform.states import UNFILED
from reform.workbooks import entering


@dataclass(frozen=True)
class UnitLines:
    """One unit's report: its lines, its 零报告, the day it was received on paper, and why it takes no rows; "" if it does."""

    report: Obligation
    lines: Sequence[Standing]
    zero: Zero
    received_on: dt.date | None = None
    why_not: str = ""


def of(reports: Sequence[Obligation], *, on_behalf: bool) -> list[UnitLines]:
    """Give how each report stands; to an officer (`on_behalf`) what a unit is writing itself is not shown."""
    filings = _filings(reports)
    seen = {report.pk: _seen(report, filings[report.pk], on_behalf) for report in reports}
    filed = report_lines.lines_of(last for report in reports if (last := seen[report.pk][0]) and _is_done(report))
    unfiled = [report for report in reports if not _is_done(report)]
    open_lines = report_lines.standing_of(unfiled, {report.pk: seen[report.pk][0] for report in unfiled})
    found = []
    for report in reports:
        last, why = seen[report.pk]
        lines = list(_as_filed(filed[last.pk] if last else {})) if _is_done(report) else open_lines[report.pk]
        received_on = last.received_on if last and last.state == Submission.DRAFT else None
        found.append(UnitLines(report, lines, report_lines.zero_of(last), received_on, why))
    return found


def tickable(line: Standing) -> list[Obligation]:
    """Give what may be closed with the line, and what is ticked on it already."""
    open_now = line.wanted.closable if line.wanted.kind == ReportLine.PROGRESS else []
    ticked = line.row.closes.all() if line.row else []
    return list({row.pk: row for row in (*open_now, *ticked)}.values())


def _is_done(report: Obligation) -> bool:
    return report.state not in UNFILED


def _filings(reports: Sequence[Obligation]) -> Mapping[int, Sequence[Submission]]:
    """Give every filing and draft of each report, the oldest first."""
    found: dict[int, list[Submission]] = defaultdict(list)
    rows = Submission.objects.filter(obligation__in=[report.pk for report in reports])
    for one in rows.select_related("report", "saved_by").order_by("number"):
        found[one.obligation_id].append(one)
    return found


def _seen(report: Obligation, filings: Sequence[Submission], on_behalf: bool) -> tuple[Submission | None, str]:
    """Give the filing or draft that is shown, and why nothing can be entered."""
    with_lines = [one for one in filings if hasattr(one, "report")]
    last = with_lines[-1] if with_lines else None
    newest = last if last and last.state == Submission.DRAFT else (filings[-1] if filings else None)
    if on_behalf and (why := entering.why_not(report, newest)):
        counted = [one for one in with_lines if one.state in COUNTED]
        return (counted[-1] if counted else None), why
    return last, ""


def _as_filed(rows: Mapping[str, ReportLine]) -> Iterator[Standing]:
    """Give the lines of a report that was filed, also those whose tasks are closed by now."""
    for row in rows.values():
        yield Standing(Wanted(row.task, row.kind), LineInput.again(row), row, is_owed=False)
