"""The light of an obligation on a day: the first rule that fits (rules: Lights).

Computed from dated facts, never stored, so that the wall can be looked at as of any day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from reform.states import EXCUSED, State
from xingxian_portal.foundation.workdays import Workdays

SOON_WORKDAYS = 3


class Light(StrEnum):
    """One light; the value stands in the page as `data-light` and as a class."""

    EXCUSED = "excused"
    CLOSED = "closed"
    LATE_CLOSED = "late-closed"
    REVIEW = "review"
    OVERDUE = "overdue"
    SOON = "soon"
    DOING = "doing"
    IDLE = "idle"


NAMES = {
    Light.CLOSED: "已销号", Light.LATE_CLOSED: "逾期后销号", Light.REVIEW: "待审核", Light.DOING: "办理中",
    Light.SOON: "临期", Light.OVERDUE: "逾期", Light.IDLE: "未到期", Light.EXCUSED: "免报、中止、撤销",
}  # fmt: skip
GLYPHS = {
    Light.CLOSED: "✓", Light.LATE_CLOSED: "✓", Light.REVIEW: "审", Light.DOING: "…",
    Light.SOON: "临", Light.OVERDUE: "!", Light.IDLE: "·", Light.EXCUSED: "—",
}  # fmt: skip
# From worst to best: a roll-up shows the worst of what it gathers.
WORST_FIRST = (
    Light.OVERDUE, Light.SOON, Light.REVIEW, Light.DOING, Light.IDLE, Light.LATE_CLOSED, Light.CLOSED, Light.EXCUSED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What the light of one obligation depends on, as it stood at the end of a day."""

    state: str
    due_on: dt.date | None = None
    mend_by: dt.date | None = None
    first_filed_on: dt.date | None = None

    @property
    def runs_until(self) -> dt.date | None:
        """Give the day that counts now: the mending date when returned, else the due date."""
        return self.mend_by or self.due_on

    @property
    def filed_late(self) -> bool:
        """Say whether the first counted filing came after the due date; a return never makes it late."""
        return bool(self.first_filed_on and self.due_on and self.first_filed_on > self.due_on)


class Day:
    """A day on which lights are asked for; keeps the end of the 临期 window so that a wall asks the calendar once."""

    def __init__(self, on: dt.date, workdays: Workdays) -> None:
        self.on = on
        self.soon_until = workdays.shift(on, SOON_WORKDAYS + 1) - dt.timedelta(days=1)

    def light(self, facts: Facts) -> Light:
        """Give the light of an obligation that can be closed."""
        if facts.state in EXCUSED:
            return Light.EXCUSED
        if facts.state == State.CLOSED:
            return Light.LATE_CLOSED if facts.filed_late else Light.CLOSED
        if facts.state == State.REVIEW:
            return Light.REVIEW
        until = facts.runs_until
        if until and until < self.on:
            return Light.OVERDUE
        if until and until <= self.soon_until:
            return Light.SOON
        return Light.IDLE if facts.state == State.AWAITING else Light.DOING

    def continuous_light(self, state: str, last_report: Facts | None) -> Light:
        """Give the light of a continuous duty: the bureau's mark, else how the last due monthly report was filed."""
        if state in EXCUSED:
            return Light.EXCUSED
        if state == State.ENDED:
            return Light.CLOSED
        if state == State.LAGGING:
            return Light.SOON
        if last_report is None or last_report.state in EXCUSED:
            return Light.DOING
        missing = last_report.first_filed_on is None
        return Light.OVERDUE if missing or last_report.filed_late else Light.DOING

    def days_left(self, facts: Facts) -> int | None:
        """Give the calendar days until the day that counts (negative when past), None without a date."""
        return (facts.runs_until - self.on).days if facts.runs_until else None


def worst(lights: Collection[Light]) -> Light:
    """Give the worst of several lights; idle when there is none."""
    return next((light for light in WORST_FIRST if light in lights), Light.IDLE)
