"""What is wrong with a workbook in the words that are written back into it: beside the cell, in its row, in one list."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from xingxian_portal.foundation.workbook.imports import ImportIssue
from xingxian_portal.foundation.workbook.issues import ERROR

HEADS = ("单元格", "列", "填的值", "问题", "可以填")
WIDTHS = (10, 18, 26, 60, 60)
RED, YELLOW = "F8CBAD", "FFF2CC"
NOTE_LENGTH = 250


def of_sheets(issues: Iterable[ImportIssue]) -> dict[str, list[ImportIssue]]:
    """Give the issues by the sheet on which they are."""
    found: dict[str, list[ImportIssue]] = defaultdict(list)
    for issue in issues:
        found[issue.sheet].append(issue)
    return found


def of_cells(issues: Iterable[ImportIssue]) -> dict[str, tuple[str, str]]:
    """Give the colour and the note of each cell that something is said about."""
    found: dict[str, list[ImportIssue]] = defaultdict(list)
    for issue in issues:
        if issue.cell:
            found[issue.cell].append(issue)
    return {cell: (_colour(here), "\n".join(map(_note, here))[:NOTE_LENGTH]) for cell, here in found.items()}


def _colour(issues: Sequence[ImportIssue]) -> str:
    return RED if any(issue.level == ERROR for issue in issues) else YELLOW


def _note(issue: ImportIssue) -> str:
    accepted = f"可以填：{'、'.join(issue.accepted)}" if issue.accepted else ""
    return f"{issue.message}{accepted}"


def of_rows(issues: Iterable[ImportIssue]) -> dict[int, str]:
    """Give what is said of each row."""
    found: dict[int, list[str]] = defaultdict(list)
    for issue in issues:
        if issue.row:
            found[issue.row].append(f"{issue.label}：{issue.message}" if issue.label else issue.message)
    return {row: "；".join(said) for row, said in found.items()}


def line(issue: ImportIssue) -> tuple[str, str, str, str, str]:
    """Give the issue as a line of the list, under `HEADS`."""
    where = issue.cell or (f"第 {issue.row} 行" if issue.row else "整个文件")
    return where, issue.label, issue.value, issue.message, "、".join(issue.accepted)


def link(issue: ImportIssue) -> str:
    """Give where a click on the line leads: '填报'!C4."""
    return f"'{issue.sheet.replace(chr(39), chr(39) * 2)}'!{issue.cell}" if issue.cell else ""
