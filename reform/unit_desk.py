"""我的工作台: what one unit has to do, what came back and why, what waits elsewhere, and what is done.

A fixed number of queries, however much the unit owes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from liaisons.models import Unit
from reform import deadlines
from reform.lights import Light
from reform.lit import Lamp, Lit
from reform.models import Move, Obligation, Problem, Step, Submission
from reform.states import CONTINUOUS, EXCUSED, OPEN, UNFILED, State, Verb
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

SIGN_WORKDAYS = 3
DONE_SHOWN = 5
# The newest of these says where what a unit handed in stands with those who read it.
_HANDED_IN = (Verb.FILE, Verb.SEND_TO_COSIGN, Verb.COSIGN, Verb.WITHDRAW)
_BACK = (Verb.RETURN_FOR_MENDING, Verb.RETURN_AS_UNFILED, Verb.DECLINE, Verb.REOPEN)


@dataclass(frozen=True)
class Item:
    """One duty with its light; `back` is the Move that sent it back, until it is handed in again.

    `sign_by` is the day by which it is to be signed for, None when it is.
    """

    lit: Lit
    today: dt.date
    back: Move | None = None
    has_draft: bool = False
    sign_by: dt.date | None = None

    @property
    def obligation(self) -> Obligation:
        """Give the duty."""
        return self.lit.obligation

    @property
    def is_monthly(self) -> bool:
        """Say whether it is a month's report, which has a page of its own."""
        return self.obligation.milestone.kind == deadlines.MONTHLY

    @property
    def name(self) -> str:
        """Name the duty shortly: a month's report as people speak of it."""
        due = self.obligation.due_on
        return f"{due.month} 月工作推进情况" if self.is_monthly and due else self.obligation.name

    @property
    def days_left(self) -> int | None:
        """Give the calendar days until the day that counts, negative when past; None without a date."""
        return (self.lit.until - self.today).days if self.lit.until else None

    @property
    def is_overdue(self) -> bool:
        """Say whether the day that counts has passed."""
        return self.lit.light == Light.OVERDUE

    @property
    def days_overdue(self) -> int:
        """Give by how many days."""
        return -(self.days_left or 0)

    @property
    def is_soon(self) -> bool:
        """Say whether it is due within three working days."""
        return self.lit.light == Light.SOON

    @property
    def is_late(self) -> bool:
        """Say whether it was first filed after its date."""
        row = self.obligation
        return bool(row.first_filed_on and row.due_on and row.first_filed_on > row.due_on)

    @property
    def days_early(self) -> int | None:
        """Give by how many days it was first filed before its date, None when there was none or it was late."""
        row = self.obligation
        return (
            (row.due_on - row.first_filed_on).days if row.due_on and row.first_filed_on and not self.is_late else None
        )


@dataclass(frozen=True)
class Desk:
    """Everything on one unit's desk on a day."""

    unit: Unit
    today: dt.date
    items: Sequence[Item]
    lagging: Sequence[Obligation]  # continuous duties that the bureau marked 滞后; the others are lines of the report
    steps: Sequence[Step]
    problems: Sequence[Problem]

    def _in(self, states: Iterable[str]) -> list[Item]:
        return [item for item in self.items if item.obligation.state in states]

    @cached_property
    def returned(self) -> list[Item]:
        """Give what came back, the first to be mended first."""
        return [item for item in self.todo if item.back]

    @cached_property
    def todo(self) -> list[Item]:
        """Give what the unit has yet to file, in due order; what has no date comes last."""
        return sorted(self._in(UNFILED), key=lambda item: (item.lit.until or dt.date.max, item.obligation.pk))

    @cached_property
    def due_this_month(self) -> list[Item]:
        """Give what is to be filed by the end of this month, overdue or not: the number in the heading."""
        last = deadlines.last_of_month(self.today.year, self.today.month)
        return [item for item in self.todo if item.lit.until and item.lit.until <= last]

    @cached_property
    def later(self) -> list[Item]:
        """Give what is due after this month, or has no date."""
        return [item for item in self.todo if item not in self.due_this_month]

    @cached_property
    def unsigned(self) -> list[Item]:
        """Give what waits to be signed for."""
        return [item for item in self.todo if item.obligation.state == State.AWAITING]

    @cached_property
    def reports(self) -> list[Item]:
        """Give the months whose report is not filed, the newest first."""
        return sorted((item for item in self.todo if item.is_monthly), key=lambda item: item.obligation.occurrence)[
            ::-1
        ]

    @cached_property
    def month(self) -> Item | None:
        """Give the newest month's report, filed or not; None before the first opens."""
        months = [item for item in self.items if item.is_monthly]
        return max(months, key=lambda item: (item.obligation.occurrence, item.obligation.pk), default=None)

    @cached_property
    def cosigning(self) -> list[Item]:
        """Give what waits for the signature of the unit's leader."""
        return self._in({State.COSIGNING})

    @cached_property
    def reviewing(self) -> list[Item]:
        """Give what the bureau is reviewing, the oldest first."""
        return sorted(
            self._in({State.REVIEW}), key=lambda item: item.obligation.last_filed_at or item.obligation.opened_at
        )

    @cached_property
    def done(self) -> list[Item]:
        """Give what is closed, the newest first."""
        closed = [item for item in self.items if item.obligation.accepted_at]
        return sorted(closed, key=lambda item: item.obligation.accepted_at or item.obligation.opened_at, reverse=True)

    @property
    def done_lately(self) -> list[Item]:
        """Give the newest of what is closed."""
        return self.done[:DONE_SHOWN]

    @cached_property
    def last_month(self) -> tuple[int, int, int]:
        """Give of what was due last month, and not excused: how many, filed on time, closed."""
        until = self.today.replace(day=1) - dt.timedelta(days=1)
        due = [
            item
            for item in self.items
            if item.obligation.due_on and (item.obligation.due_on.year, item.obligation.due_on.month) == (until.year, until.month)
            and item.obligation.state not in EXCUSED
        ]  # fmt: skip
        on_time = [item for item in due if item.obligation.first_filed_on and not item.is_late]
        return len(due), len(on_time), sum(item.obligation.state == State.CLOSED for item in due)


def of(unit: Unit, today: dt.date) -> Desk:
    """Give the desk of a unit on a day: at most nine queries."""
    rows = Obligation.objects.filter(unit=unit)
    rows = rows.select_related("unit", "milestone__task__plan", "series").order_by("due_on", "pk")
    lagging = [row for row in rows if row.state == State.LAGGING]
    obligations = [row for row in rows if row.state not in CONTINUOUS]
    open_ids = [row.pk for row in obligations if row.state in OPEN]
    back, drafted = _sent_back(open_ids), _drafted(open_ids)
    workdays = Workdays.load()
    lamp = Lamp(today, workdays)
    items = [
        Item(lamp.lit(row), today, back.get(row.pk), row.pk in drafted, _sign_by(row, workdays)) for row in obligations
    ]
    return Desk(unit, today, items, lagging, _steps(open_ids), _problems(unit))


def _sign_by(row: Obligation, workdays: Workdays) -> dt.date | None:
    return workdays.shift(clock.local_date(row.opened_at), SIGN_WORKDAYS) if row.state == State.AWAITING else None


def _sent_back(obligations: list[int]) -> dict[int, Move]:
    """Give by obligation the Move that sent it back and has not been answered by handing in again."""
    rows = Move.objects.filter(obligation__in=obligations, verb__in=[*_HANDED_IN, *_BACK])
    newest = {move.obligation_id: move for move in rows.select_related("by").order_by("pk")}
    return {pk: move for pk, move in newest.items() if move.verb in _BACK}


def _drafted(obligations: list[int]) -> set[int]:
    rows = Submission.objects.filter(obligation__in=obligations, state=Submission.DRAFT)
    return set(rows.values_list("obligation_id", flat=True))


def _steps(obligations: list[int]) -> list[Step]:
    rows = Step.objects.filter(obligation__in=obligations, done_on__isnull=True)
    return list(rows.select_related("obligation__milestone").order_by("planned_on", "pk"))


def _problems(unit: Unit) -> list[Problem]:
    rows = Problem.objects.filter(obligation__unit=unit).select_related("task", "answerer", "answered_by")
    return list(rows.order_by("-raised_at", "-pk")[:DONE_SHOWN])
