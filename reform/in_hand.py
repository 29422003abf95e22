"""What a unit has in hand, for the sheet that a liaison hands over with the post."""

from __future__ import annotations

from collections.abc import Iterator

from liaisons.models import Unit
from liaisons.open_work import Item
from reform.models import Obligation
from reform.states import OPEN
from reform.telling import link_to


def duties_of(unit: Unit) -> Iterator[Item]:
    """Give the unit's duties that are neither closed nor excused."""
    rows = Obligation.objects.filter(unit=unit, state__in=OPEN).select_related("milestone").order_by("due_on", "pk")
    for row in rows:
        yield Item(row.name, row.get_state_display(), row.mend_by or row.due_on, link_to(row))
