"""What a workbook would do: its changes row by row, what is wrong, what was passed over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from xingxian_portal.foundation.workbook.issues import ERROR, Issue

NEW, CHANGED, UNCHANGED = "new", "changed", "unchanged"
Key = tuple[Any, ...]
Values = dict[str, Any]
Tell = Callable[[int, int], None]


@dataclass(frozen=True)
class Subject:
    """What a workbook is for where the sheet alone does not say it: a unit's month, a review round. `key` is stable."""

    key: str
    label: str
    unit_code: str = ""
    period: str = ""
    due_on: dt.date | None = None


@dataclass(frozen=True)
class Fault:
    """What a sheet's own check finds wrong with a row: beside which column, why, what would be accepted."""

    name: str
    message: str
    accepted: Sequence[str] = ()
    code: str = "invalid"
    level: str = ERROR


@dataclass
class Change:
    """One row of the sheet: what it makes of what stands in the portal. `target` is the id of what was written."""

    row: int
    key: Key
    action: str
    before: Values | None
    after: Values
    target: str = ""


@dataclass
class Plan:
    """What a workbook would do: its changes in the sheet's order, all issues, what was passed over."""

    sheet: str = ""
    changes: list[Change] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    rows: int = 0
    untouched: int = 0  # rows of the portal that the sheet does not name

    @property
    def is_good(self) -> bool:
        """Say whether nothing is wrong."""
        return not any(issue.is_error for issue in self.issues)

    def counted(self, action: str) -> int:
        """Count the changes of one kind."""
        return sum(change.action == action for change in self.changes)
