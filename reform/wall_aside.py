"""What stands beside the wall for who must act on it: the bureau's next steps, the county leader's worst cases.

Units see lights only. Everything but the open proposals is read from the wall itself, so that both say the same.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import NamedTuple

from liaisons.models import User
from liaisons.permissions import Permission
from reform.figures import MonthReports
from reform.models import Proposal
from reform.wall_kept import Shown

MOST_REVIEWS, MOST_PROPOSALS, MOST_OVERDUE, MOST_WORST = 4, 4, 5, 9


@dataclass(frozen=True)
class First:
    """The first few of a kind, and how many there are in all."""

    rows: list
    count: int

    @property
    def more(self) -> int:
        """Give how many are not among the first."""
        return self.count - len(self.rows)


def _first(rows: list, most: int) -> First:
    return First(rows[:most], len(rows))


@dataclass(frozen=True)
class Aside:
    """What stands there; `acts` says whether the person is asked to act or only to know."""

    acts: bool
    overdue: First
    reports: MonthReports | None = None
    reviews: First = field(default_factory=lambda: First([], 0))
    proposals: First = field(default_factory=lambda: First([], 0))

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to do."""
        missing = self.reports.missing if self.reports else 0
        return not (self.overdue.count or self.reviews.count or self.proposals.count or missing)


def of(user: User, shown: Shown, series: int) -> Aside | None:
    """Give the aside for `user`; None for whom there is none. One query for the bureau."""
    if user.may(Permission.REVIEW):
        return Aside(
            True, _first(shown.overdue, MOST_OVERDUE), shown.of_all.reports, _first(shown.reviews, MOST_REVIEWS),
            _first(_waiting(series), MOST_PROPOSALS),
        )  # fmt: skip
    return Aside(False, _first(shown.overdue, MOST_WORST)) if user.may(Permission.READ_ANY_TEXT) else None


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


def _waiting(series: int) -> list[Waiting]:
    rows = Proposal.objects.filter(granted=None, obligation__series=series).order_by("asked_at", "pk")
    # Only what is shown: whole rows of four tables would take longer to ask for than the rest of the page.
    return [Waiting(*row) for row in rows.values_list(
        "obligation", "obligation__unit__short_name", "obligation__milestone__short_title", "kind",
        "obligation__due_on", "asked_until", "reason",
    )]  # fmt: skip
