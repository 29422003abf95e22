"""Duties with their light today and what it says in words, as the bureau's lists and pages show them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from reform import deadlines, light_words
from reform.lights import Day, Facts, Light
from reform.models import Obligation
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


@dataclass(frozen=True)
class Lit:
    """One duty with its light, the sign beside the colour, the light in words and the day that counts."""

    obligation: Obligation
    light: Light
    glyph: str
    words: str
    until: dt.date | None


class Lamp:
    """Lights duties as of today; the calendar is read once, the last monthly reports only when a continuous one comes."""

    def __init__(self, on: dt.date | None = None, workdays: Workdays | None = None) -> None:
        self.day = Day(on or clock.today(), workdays or Workdays.load())
        self._reports: dict[tuple[int, int], Facts] | None = None

    def lit(self, obligation: Obligation) -> Lit:
        """Give a duty with its light; `milestone` should be at hand."""
        facts, continuous = facts_of(obligation), obligation.milestone.kind == deadlines.CONTINUOUS
        report = self._last_report(obligation) if continuous else None
        light = self.day.continuous_light(obligation.state, report) if continuous else self.day.light(facts)
        days = self.day.days_left(facts)
        return Lit(
            obligation,
            light,
            light_words.sign(light, days, continuous=continuous),
            light_words.words(light, obligation.state, days, continuous=continuous),
            None if continuous else facts.runs_until,
        )

    def all(self, obligations: Iterable[Obligation]) -> list[Lit]:
        """Give all of them with their lights, in their order."""
        return [self.lit(obligation) for obligation in obligations]

    def _last_report(self, obligation: Obligation) -> Facts | None:
        if self._reports is None:
            self._reports = last_due_reports(self.day.on)
        return self._reports.get((obligation.series_id, obligation.unit_id))


def facts_of(obligation: Obligation) -> Facts:
    """Give what the light of a duty depends on, as it stands now."""
    return Facts(obligation.state, obligation.due_on, obligation.mend_by, obligation.first_filed_on)


def last_due_reports(on: dt.date) -> dict[tuple[int, int], Facts]:
    """Give by plan and unit the monthly report that fell due last before `on`; of two of one day the one filed later."""
    rows = Obligation.objects.filter(milestone__kind=deadlines.MONTHLY, due_on__lt=on)
    found: dict[tuple[int, int], Facts] = {}
    for row in rows.only("series_id", "unit_id", "state", "due_on", "mend_by", "first_filed_on").order_by("due_on"):
        facts, key = facts_of(row), (row.series_id, row.unit_id)
        if key not in found or _later(facts) >= _later(found[key]):
            found[key] = facts
    return found


def _later(facts: Facts) -> tuple[dt.date, dt.date]:
    assert facts.due_on
    return facts.due_on, facts.first_filed_on or dt.date.max
