"""What stands beside the wall for who must act on it: the bureau's next steps, the county leader's worst cases.

Units see lights only. Everything but the open proposals is read from the wall itself, so that both say the same.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from liaisons.models import User
from liaisons.permissions import Permission
from reform import json_rows, wall_choices
from reform.figures import MonthReports
from reform.models import Proposal
from reform.wall_filters import Asked
from reform.wall_kept import Shown

MOST_REVIEWS, MOST_PROPOSALS, MOST_OVERDUE, MOST_WORST = 4, 4, 5, 9


class Waiting(NamedTuple):
    """One proposal that nobody has decided yet."""

    obligation: int
    unit: str
    node: str
    kind: str
    due_on: dt.date | None
    until: dt.date | None
    reason: str

    @property
    def name(self) -> str:
        """Give what is asked for."""
        return dict(Proposal.KINDS)[self.kind]


@dataclass(frozen=True)
class First:
    """The first few of a kind, and how many there are in all."""

    rows: Sequence[Any]
    count: int

    @property
    def more(self) -> int:
        """Give how many are not among the first."""
        return self.count - len(self.rows)


@dataclass(frozen=True)
class Aside:
    """What stands there; `acts` says whether the person is asked to act or only to know."""

    acts: bool
    shown: Shown
    waiting: tuple[Waiting, ...]

    @property
    def overdue(self) -> First:
        """Give the longest overdue."""
        rows = self.shown.overdue
        return First(rows[: MOST_OVERDUE if self.acts else MOST_WORST], len(rows))

    @property
    def reviews(self) -> First:
        """Give what has waited longest for review."""
        rows = self.shown.reviews if self.acts else []
        return First(rows[:MOST_REVIEWS], len(rows))

    @property
    def proposals(self) -> First:
        """Give what has waited longest for a decision."""
        return First(self.waiting[:MOST_PROPOSALS], len(self.waiting))

    @property
    def reports(self) -> MonthReports | None:
        """Give the month's reports."""
        return self.shown.of_all.reports

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to do, or to worry about."""
        missing = self.reports.missing if self.reports else 0
        to_do = self.acts and (self.reviews.count or self.waiting or missing)
        return not (self.overdue.count or to_do)

    @cached_property
    def html(self) -> SafeString:
        """Give it as it stands on the page."""
        whole, everything = self.shown.whole, Asked(plan=self.shown.asked.plan)
        context = {"aside": self, "links": wall_choices.links(everything, whole.on, whole.today)}
        return render_to_string("reform/wall/aside.html", context)


def of(user: User, shown: Shown, series: int) -> Aside | None:
    """Give the aside for `user`; None for whom there is none. One query for the bureau; kept with what is shown."""
    acts = user.may(Permission.REVIEW)
    if not acts and not user.may(Permission.READ_ANY_TEXT):
        return None
    waiting = tuple(_waiting(series)) if acts else ()
    key = (acts, waiting)
    if key not in shown.asides:
        shown.asides[key] = Aside(acts, shown, waiting)
    return shown.asides[key]


@lru_cache(maxsize=64)
def _undecided(series: int) -> json_rows.Statement:
    # Only what is shown: whole rows of four tables would take longer to ask for than the rest of the page.
    return json_rows.statement(
        Proposal.objects.filter(granted=None, obligation__series=series),
        "asked_at", "pk", "obligation_id", "obligation__unit__short_name", "obligation__milestone__short_title", "kind",
        "obligation__due_on", "asked_until", "reason",
    )  # fmt: skip


def _waiting(series: int) -> list[Waiting]:
    rows = sorted(json_rows.read(_undecided(series)))
    return [
        Waiting(pk, unit, node, kind, _day(due_on), _day(until), reason)
        for _, _, pk, unit, node, kind, due_on, until, reason in rows
    ]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
