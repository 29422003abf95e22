"""A monthly report as its form shows it: each line with what was said last month, what may be closed, what is wrong.

Reading it writes nothing: a draft begins with the first thing saved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reform import drafts, month_figures, monthly_lines, report_lines
from reform.models import Evidence, Obligation, ReportLine, Submission
from reform.month_figures import Figure
from reform.report_lines import LineInput, Standing, Zero
from xingxian_portal.foundation import clock


@dataclass(frozen=True)
class Line:
    """One line of the form. `before` is last month's text, `note` the officer's on a line that was sent back.

    `others` are the other units' lines behind a 牵头小结, `saved` is what a colleague saved meanwhile.
    """

    standing: Standing
    typed: LineInput
    before: str = ""
    note: str = ""
    returned: bool = False
    others: Sequence[ReportLine] = ()
    saved: LineInput | None = None
    error: str = ""
    problem_error: str = ""

    @property
    def key(self) -> str:
        """Name the line; it stands in the names of its fields."""
        return self.standing.key

    @property
    def is_summary(self) -> bool:
        """Say whether it sums up the others' lines."""
        return self.standing.wanted.kind == ReportLine.SUMMARY

    @property
    def is_open(self) -> bool:
        """Say whether the part that is folded away holds something to look at."""
        return bool(self.typed.problem or self.problem_error)

    @property
    def excerpt(self) -> str:
        """Give the words of the plan that the line is about now: those of what is owed first."""
        owed = self.standing.wanted.owed
        return owed[0].milestone.quote if owed else self.standing.wanted.task.quote

    @property
    def ticks(self) -> list[tuple[Obligation, bool]]:
        """Give what may be closed with the line, each with whether it is ticked."""
        return [(row, row.pk in self.typed.closes) for row in self.standing.wanted.closable]


@dataclass(frozen=True)
class Sheet:
    """The whole form: its lines, what the portal fills in, and the marks that saving it needs."""

    report: Obligation
    lines: Sequence[Line]
    zero: Zero
    mark: str
    first_day: dt.date
    last_day: dt.date
    figures: Sequence[Figure]
    last: Submission | None = None
    draft: Submission | None = None
    evidence: Sequence[Evidence] = ()
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def month(self) -> int:
        """Give the number of the month, as people speak of the report."""
        return int(self.report.occurrence.rpartition("-")[2])

    @property
    def other_errors(self) -> list[str]:
        """Give what is wrong with no field in particular."""
        return [text for name, text in self.errors.items() if not name]

    @property
    def marked_errors(self) -> int:
        """Count what is wrong beside a field."""
        return len(self.errors) - len(self.other_errors)

    @property
    def told_by_phone(self) -> str:
        """Give what an officer entered for the unit, which has no lines."""
        return self.last.text if self.last else ""


def month_name(report: Obligation) -> str:
    """Name a month's report as people speak of it: 6 月工作推进情况."""
    return f"{int(report.occurrence.rpartition('-')[2])} 月工作推进情况"


def of(report: Obligation) -> Sheet:
    """Give the form of a report that is not filed; its unit, milestone, task and plan should be there with it."""
    last = drafts.latest(report)
    newest = report_lines.newest(report)
    standing = report_lines.standing(report, newest)
    first, until = monthly_lines.period(report)
    return Sheet(
        report=report,
        lines=_lines(report, standing),
        zero=report_lines.zero_of(newest),
        mark=drafts.mark_after(last),
        first_day=first,
        last_day=until,
        figures=month_figures.figures(report.unit, first, min(until, clock.today())),
        last=last,
        draft=newest if newest and newest.state == Submission.DRAFT else None,
        evidence=list(last.evidence.select_related("file", "elsewhere").order_by("pk")) if last else [],
    )


def _lines(report: Obligation, standing: Sequence[Standing]) -> list[Line]:
    before, notes = monthly_lines.last_lines(report), _returned_lines(report)
    led = [one.wanted.task.code for one in standing if one.wanted.kind == ReportLine.SUMMARY]
    others = monthly_lines.others_lines(report, led)
    return [
        Line(
            standing=one,
            typed=one.typed,
            before=before[one.key].text if one.key in before else "",
            note=notes[one.key].review_note if one.key in notes else "",
            returned=one.key in notes,
            others=others.get(one.wanted.task.code, ()) if one.wanted.kind == ReportLine.SUMMARY else (),
        )
        for one in standing
    ]


def _returned_lines(report: Obligation) -> dict[str, ReportLine]:
    """Give the lines that the officer marked when sending the report back last, by key."""
    sent = report.submissions.exclude(state=Submission.DRAFT).order_by("-number")
    rows = ReportLine.objects.filter(report__submission=sent.values("pk")[:1], returned=True).select_related("task")
    return {line.key: line for line in rows}


def fresh_summaries(report: Obligation) -> Mapping[str, str]:
    """Give each 牵头小结 as it would be pre-filled now, by key: others may have filed since the draft was begun."""
    return monthly_lines.summaries(report, monthly_lines.wanted(report))


def with_typed(sheet: Sheet, lines: Mapping[str, LineInput], zero: Zero) -> Sheet:
    """Give the form with what was typed on an older page; where a colleague saved something else it stands beside."""
    shown = [_with_typed(line, lines[line.key]) if line.key in lines else line for line in sheet.lines]
    return replace(sheet, lines=shown, zero=zero)


def _with_typed(line: Line, typed: LineInput) -> Line:
    typed = line.standing.within(typed)
    return line if typed == line.typed else replace(line, typed=typed, saved=line.typed)


def with_errors(sheet: Sheet, errors: Mapping[str, str]) -> Sheet:
    """Give the form with what is wrong beside each field."""
    shown = [
        replace(line, error=errors.get(f"line-{line.key}", ""), problem_error=errors.get(f"problem-{line.key}", ""))
        for line in sheet.lines
    ]
    return replace(sheet, lines=shown, errors=errors)
