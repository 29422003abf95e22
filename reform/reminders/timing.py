"""When a step falls: pure rules over dates, a calendar and a rule's choice for days off.

A due date on a day off is not moved; the reminders are. Days before the due date and the day itself follow the
rule's `roll`; whatever is counted from something else, or lies after the due date, moves on to the next working day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from liaisons.letters import windows
from reform.models import ReminderRule, ReminderStep
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


@dataclass(frozen=True)
class Slot:
    """One time of a step: its day, the last moment at which it is useful; `number` counts repetitions from 0."""

    day: dt.date
    not_after: dt.datetime
    number: int = 0


def day_of(step: ReminderStep, anchor: dt.date, workdays: Workdays, shift: int = 0) -> dt.date:
    """Give the working day on which the step falls, `shift` days after its first time."""
    if step.counted_in == ReminderStep.WORKDAYS and step.offset and not shift:
        return workdays.shift(anchor, step.offset)
    offset = step.offset + shift if step.counted_in == ReminderStep.DAYS or shift else 0
    day = anchor + dt.timedelta(days=offset)
    early = step.anchor == ReminderStep.DUE and offset <= 0 and step.rule.roll == ReminderRule.PREVIOUS
    return workdays.on_or_before(day) if early else workdays.on_or_after(day)


class Times:
    """The times of all steps: computed once for each step and day, however many units there are."""

    def __init__(self, workdays: Workdays) -> None:
        self.workdays = workdays
        self._kept: dict[tuple[int, dt.date, dt.date], list[Slot]] = {}

    def of(self, step: ReminderStep, anchor: dt.date, until: dt.date) -> list[Slot]:
        """Give the times of the step up to the day `until`: one, or the repetitions in order."""
        key = (step.pk, anchor, until)
        if key not in self._kept:
            self._kept[key] = list(_slots(step, anchor, self.workdays, until))
        return self._kept[key]


def _slots(step: ReminderStep, anchor: dt.date, workdays: Workdays, until: dt.date) -> Iterator[Slot]:
    number = 0
    while True:
        day = day_of(step, anchor, workdays, number * step.repeat_days)
        if day > until:
            return
        yield Slot(day, _not_after(step, day, anchor, workdays), number)
        number += 1
        if not step.repeat_days:
            return


def _not_after(step: ReminderStep, day: dt.date, anchor: dt.date, workdays: Workdays) -> dt.datetime:
    last = workdays.shift(day, step.valid_workdays)
    if step.anchor == ReminderStep.DUE and step.offset <= 0 and day <= anchor:
        # What reminds of a due date is of no use after it; the last call is until the date itself is over.
        last = anchor if step.offset == 0 else min(last, anchor)
    return clock.day_end(last)


def moment_of(step: ReminderStep, day: dt.date, wanted: dt.time, workdays: Workdays) -> dt.datetime:
    """Give the moment on `day` at which the step goes to somebody who wants letters from `wanted` on."""
    at = max(step.at_time, wanted)
    return windows.next_open(windows.at_minute(day, at.hour * 60 + at.minute), workdays)


def open_until(step: ReminderStep, day: dt.date) -> dt.datetime | None:
    """Give until when the step may go on its day beyond the windows; None: not at all."""
    last = step.until_time
    return windows.at_minute(day, last.hour * 60 + last.minute) if last else None
