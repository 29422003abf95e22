"""A filing as an officer reads it: what is in it, beside last month's lines, and what changed since it was returned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from reform import monthly_lines, report_diff
from reform.models import Evidence, ReportLine, Submission, SubmissionValue
from reform.report_diff import Diff

NEVER_FILED = (Submission.DRAFT, Submission.COSIGNING, Submission.WITHDRAWN)


@dataclass(frozen=True)
class LineRead:
    """One line of a monthly report, last month's beside it, and what the officer notes on it."""

    line: ReportLine
    last: ReportLine | None = None
    note: str = ""


@dataclass(frozen=True)
class FilingRead:
    """One of `filings`; without `diff` it is read whole, with it what changed comes first."""

    submission: Submission
    diff: Diff | None = None
    last_lines: Mapping[str, ReportLine] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_refiled(self) -> bool:
        """Say whether an earlier filing is there to hold it against."""
        return self.diff is not None

    @property
    def is_monthly(self) -> bool:
        """Say whether it is a monthly report with lines; one entered from paper has none."""
        return hasattr(self.submission, "report")

    @cached_property
    def lines(self) -> list[LineRead]:
        """Give every line in order."""
        lines = self.submission.report.lines.all() if self.is_monthly else []
        return [LineRead(line, self.last_lines.get(line.key), self.notes.get(line.pk, "")) for line in lines]

    def noted(self, notes: Mapping[int, str]) -> FilingRead:
        """Give the same filing with what the officer typed on its lines."""
        return replace(self, notes=notes)


def filings(*, own: bool = False) -> QuerySet[Submission]:
    """Give everything that was filed, with what a page shows of it: a fixed number of queries however many.

    To the unit itself (`own`) also what waits for its leader's signature and what it took back.
    """
    hidden = (Submission.DRAFT,) if own else NEVER_FILED
    return in_full(Submission.objects.exclude(state__in=hidden))


def in_full(rows: QuerySet[Submission]) -> QuerySet[Submission]:
    """Bring along what a page shows of filings."""
    rows = rows.select_related(
        "report",
        "filed_by__unit",
        "reviewed_by",
        "cosigned_by",
        "obligation__unit",
        "obligation__milestone__task__plan",
    )
    values = SubmissionValue.objects.exclude(text="").select_related("item").order_by("item__position", "item__code")
    lines = ReportLine.objects.select_related("task").prefetch_related("closes__milestone")
    evidence = Evidence.objects.select_related("file", "elsewhere").order_by("pk")
    return rows.prefetch_related(
        Prefetch("values", values), Prefetch("report__lines", lines), Prefetch("evidence", evidence)
    )


def read(submission: Submission) -> FilingRead:
    """Give one of `filings` with all that it is held against: last month's lines and the filing before it."""
    before = report_diff.previous(submission)
    return FilingRead(
        submission,
        report_diff.compare(before, submission) if before else None,
        monthly_lines.last_lines(submission.obligation) if hasattr(submission, "report") else {},
    )
