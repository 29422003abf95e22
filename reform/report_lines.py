"""What stands on each line of a unit's report right now: in its draft, else in what was filed before, else nothing yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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


def zero_of(last: Submission | None) -> Zero:
    """Give the 零报告 as it stands when `last` is the report's `newest`; a filing's is signed anew."""
    if last is None:
        return NOT_ZERO
    kept, is_draft = last.report, last.state == Submission.DRAFT
    return Zero(kept.is_zero, kept.zero_reason, kept.zero_confirmed and is_draft)


def standing(report: Obligation, last: Submission | None) -> list[Standing]:
    """Give every line of the report as it stands when `last` is its `newest`, in order.

    A line no longer owed is left out, unless something stands on it. At most eight queries.
    """
    return standing_of([report], {report.pk: last})[report.pk]


def standing_of(reports: Sequence[Obligation], last: Mapping[int, Submission | None]) -> dict[int, list[Standing]]:
    """Give the same for each report, by its id; `last` is the `newest` of each. As many queries as for one."""
    wanted = {pk: {line.key: line for line in lines} for pk, lines in monthly_lines.wanted_of(reports).items()}
    rows = lines_of(one for one in last.values() if one)
    kept = {pk: rows[one.pk] if one else {} for pk, one in last.items()}
    fresh = {pk: [line for key, line in lines.items() if key not in kept[pk]] for pk, lines in wanted.items()}
    first_texts = monthly_lines.summaries_of(reports, fresh)
    found = {}
    for pk, lines in wanted.items():
        new = [Standing(line, LineInput(first_texts[pk].get(line.key, ""))) for line in fresh[pk]]
        there = _kept(kept[pk], lines, last[pk])
        found[pk] = sorted([*new, *there], key=lambda one: (one.wanted.kind, one.wanted.task.position, one.key))
    return found


def _kept(rows: Mapping[str, ReportLine], wanted: Mapping[str, Wanted], last: Submission | None) -> Iterator[Standing]:
    """Give the lines that stand on something: they are owed still, or what was typed on them stays."""
    is_draft = last is not None and last.state == Submission.DRAFT
    for key, row in rows.items():
        if key in wanted or tells(row) or (is_draft and row.problem.strip()):
            typed = LineInput.kept(row) if is_draft else LineInput.again(row)
            yield Standing(wanted.get(key) or Wanted(row.task, row.kind), typed, row, is_draft, key in wanted)


def lines_of(filings: Iterable[Submission]) -> dict[int, dict[str, ReportLine]]:
    """Give the lines of each filing or draft, by its id and their keys, with what is ticked on them. Four queries."""
    found: dict[int, dict[str, ReportLine]] = {one.pk: {} for one in filings}
    if not found:
        return found
    rows = ReportLine.objects.filter(report__in=list(found)).select_related("task")
    for line in rows.prefetch_related("closes__milestone", monthly_lines.LEADS_OF_LINE):
        found[line.report_id][line.key] = line
    return found
