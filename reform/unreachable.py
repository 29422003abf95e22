"""Units of whose open duties nobody hears, with these duties: no 联络员 or 填报员 whom a reminder reaches."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from liaisons import live_contacts
from liaisons.live_contacts import Reach
from liaisons.models import Unit
from reform.models import Obligation
from reform.states import OPEN, State

TO_BE_HEARD_OF = OPEN | {State.ONGOING, State.LAGGING}
SHOWN = 3


@dataclass(frozen=True)
class Line:
    """One such unit and what it has open, the first to be due first."""

    reach: Reach
    duties: Sequence[Obligation]

    @property
    def first(self) -> Sequence[Obligation]:
        """Give the most urgent ones."""
        return self.duties[:SHOWN]

    @property
    def more(self) -> int:
        """Give how many there are besides."""
        return len(self.duties) - len(self.first)


def _concerned() -> QuerySet[Unit]:
    """Give the units that must have somebody: all that stand, of the bureau only with duties of its own."""
    standing = Unit.objects.filter(closed_on__isnull=True)
    owing = Obligation.objects.filter(state__in=TO_BE_HEARD_OF).values("unit")
    return standing.filter(~Q(kind=Unit.BUREAU) | Q(pk__in=owing)).order_by("position", "code")


def units() -> list[Reach]:
    """Give the units of whose duties nobody hears, in official order: four queries."""
    return [reach for reach in live_contacts.of(_concerned()) if not reach.is_live]


def lines() -> list[Line]:
    """Give these units with their open duties, those that owe something first: one query more."""
    found = units()
    open_rows = Obligation.objects.filter(unit__in=[reach.unit for reach in found], state__in=TO_BE_HEARD_OF)
    duties: dict[int, list[Obligation]] = defaultdict(list)
    for row in open_rows.select_related("milestone__task__plan").order_by("due_on", "pk"):
        duties[row.unit_id].append(row)
    made = [Line(reach, sorted(duties[reach.unit.pk], key=_by_day)) for reach in found]
    return sorted(made, key=lambda line: not line.duties)


def _by_day(row: Obligation) -> dt.date:
    return row.due_on or dt.date.max
