"""What changed between two filings of one duty, so that a refiled one is read in a glance: only that, beside the old."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reform.models import Evidence, ReportLine, Submission
from reform.models.report import line_key

UNCHANGED_MONTH = "本月无变化"


@dataclass(frozen=True)
class Change:
    """One thing that reads differently: what it is, and its words before and after; one of them may be empty."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Diff:
    """What changed from one filing to the next, in the order of the page."""

    before: Submission
    after: Submission
    changes: Sequence[Change]
    added: Sequence[Evidence]
    removed: Sequence[Evidence]

    def __bool__(self) -> bool:
        """Say whether anything changed at all."""
        return bool(self.changes or self.added or self.removed)


def previous(submission: Submission) -> Submission | None:
    """Give the filing before this one that the bureau has seen, None for the first."""
    seen = [Submission.RETURNED, Submission.VOIDED, Submission.ACCEPTED, Submission.FILED]
    rows = Submission.objects.filter(obligation=submission.obligation_id, number__lt=submission.number, state__in=seen)
    return rows.order_by("number").last()


def compare(before: Submission, after: Submission) -> Diff:
    """Give what changed between two filings of one duty: a dozen queries at most, however long they are."""
    old, new = _parts(before), _parts(after)
    labels = new | {key: part for key, part in old.items() if key not in new}
    changes = [
        Change(label, old[key][1] if key in old else "", new[key][1] if key in new else "")
        for key, (label, _) in labels.items()
    ]
    held, holds = _files(before), _files(after)
    return Diff(
        before=before,
        after=after,
        changes=[change for change in changes if change.before != change.after],
        added=[evidence for digest, evidence in holds.items() if digest not in held],
        removed=[evidence for digest, evidence in held.items() if digest not in holds],
    )


Parts = Mapping[str, tuple[str, str]]


def _parts(submission: Submission) -> dict[str, tuple[str, str]]:
    """Give everything a filing says, by a key that stays the same from one to the next, as label and words."""
    found = {"text": ("工作情况", submission.text.strip())}
    for value in submission.values.select_related("item").order_by("item__position", "item__code"):
        found[f"value:{value.item.code}"] = (str(value.item), value.text)
    report = getattr(submission, "report", None)
    if report is None:
        return found
    found["zero"] = ("零报告", report.zero_reason.strip() if report.is_zero else "")
    lines = report.lines.select_related("task").prefetch_related("closes__milestone")
    for line in [] if report.is_zero else lines:
        found |= _line_parts(line)
    return found


def _line_parts(line: ReportLine) -> dict[str, tuple[str, str]]:
    key = line_key(line.task.code, line.kind)
    label = f"{line.task}" + ("　牵头小结" if line.kind == ReportLine.SUMMARY else "")
    closes = "、".join(sorted(row.milestone.title for row in line.closes.all()))
    return {
        f"line:{key}": (label, UNCHANGED_MONTH if line.unchanged else line.text.strip()),
        f"problem:{key}": (f"{label}　需协调的问题", line.problem.strip()),
        f"closes:{key}": (f"{label}　随本次月报申请销号", closes),
    }


def _files(submission: Submission) -> dict[tuple[str, str], Evidence]:
    rows = submission.evidence.select_related("file", "elsewhere").order_by("pk")
    return {(row.kept.sha256, row.kept.original_name): row for row in rows}
