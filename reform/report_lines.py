"""What stands on each line of a unit's report right now: in its draft, else in what was filed before, else nothing yet."""

from __future__ import annotations

from dataclasses import dataclass, field

from reform import monthly_lines
from reform.models import Obligation, ReportLine, Submission
from reform.monthly_lines import Wanted
from reform.states import UNFILED


@dataclass(frozen=True)
class LineInput:
    """What was typed for one line; `closes` holds the ids of obligations to be filed with it."""

    text: str = ""
    unchanged: bool = False
    problem: str = ""
    closes: frozenset[int] = field(default_factory=frozenset)

    @classmethod
    def kept(cls, line: ReportLine) -> LineInput:
        """Give what is kept for a line of a draft; `closes` should be prefetched."""
        return cls(line.text, line.unchanged, line.problem, frozenset(row.pk for row in line.closes.all()))

    @classmethod
    def again(cls, line: ReportLine) -> LineInput:
        """Give what a line that was filed says for the next draft: 本月无变化 is the tick and not its words."""
        kept = cls.kept(line)
        return cls("", True, kept.problem, kept.closes) if line.unchanged else kept


@dataclass(frozen=True)
class Zero:
    """What was typed of a 零报告: that it is one, why, and that the unit stands by it."""

    chosen: bool = False
    reason: str = ""
    confirmed: bool = False


NOT_ZERO = Zero()


@dataclass(frozen=True)
class Standing:
    """One line as it stands: `row` where it comes from, the draft (`is_saved`) or a filing before; owed, or kept for its words."""

    wanted: Wanted
    typed: LineInput
    row: ReportLine | None = None
    is_saved: bool = False
    is_owed: bool = True

    @property
    def key(self) -> str:
        """Name the line within the report."""
        return self.wanted.key

    @property
    def filed_already(self) -> list[Obligation]:
        """Give what was ticked on the line and has been filed since; it stays ticked so that the report says so."""
        return [row for row in self.row.closes.all() if row.state not in UNFILED] if self.row else []

    def within(self, typed: LineInput) -> LineInput:
        """Give the input with only those ticks that the line may carry: a forged id of another's duty is passed over."""
        closable = {row.pk for row in self.wanted.closable if self.wanted.kind == ReportLine.PROGRESS}
        kept = {row.pk for row in self.filed_already}
        return LineInput(typed.text, typed.unchanged, typed.problem, frozenset(typed.closes & closable | kept))


def tells(line: ReportLine) -> bool:
    """Say whether the line tells of progress in words of its own."""
    return bool(line.text.strip()) and not line.unchanged


def newest(report: Obligation) -> Submission | None:
    """Give the draft of the report, else what was filed last with lines; None when there is neither."""
    rows = report.submissions.filter(report__isnull=False).select_related("report", "saved_by")
    return rows.order_by("number").last()


def standing(report: Obligation, last: Submission | None) -> list[Standing]:
    """Give every line of the report as it stands when `last` is its `newest`, in order.

    A line no longer owed is left out, unless something stands on it. At most seven queries.
    """
    wanted = {line.key: line for line in monthly_lines.wanted(report)}
    rows = _rows(last)
    is_draft = last is not None and last.state == Submission.DRAFT
    fresh = [line for key, line in wanted.items() if key not in rows]
    first_texts = monthly_lines.summaries(report, fresh)
    found = [Standing(line, LineInput(first_texts.get(line.key, ""))) for line in fresh]
    for key, row in rows.items():
        line = wanted.get(key) or Wanted(row.task, row.kind)
        if key in wanted or tells(row) or (is_draft and row.problem.strip()):
            typed = LineInput.kept(row) if is_draft else LineInput.again(row)
            found.append(Standing(line, typed, row, is_draft, key in wanted))
    return sorted(found, key=lambda one: (one.wanted.kind, one.wanted.task.position, one.key))


def _rows(last: Submission | None) -> dict[str, ReportLine]:
    if last is None:
        return {}
    lines = last.report.lines.select_related("task").prefetch_related("closes__milestone", monthly_lines.LEADS_OF_LINE)
    return {line.key: line for line in lines}
