"""What a unit has in hand, for the sheet of a handover: the apps above fill the list at start, this one knows no duties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from liaisons.models import Unit


@dataclass(frozen=True)
class Item:
    """One thing in hand: its name, how it stands, its day (None: without one), where it opens."""

    name: str
    state: str
    due_on: dt.date | None
    address: str


Source = Callable[[Unit], Iterable[Item]]
_sources: list[Source] = []


def learn(source: Source) -> None:
    """Take over a list that a higher app keeps; called when the portal starts. Once is enough."""
    if source not in _sources:
        _sources.append(source)


def of(unit: Unit) -> list[Item]:
    """Give everything the unit has in hand, by day, what has none last."""
    found = [item for source in _sources for item in source(unit)]
    return sorted(found, key=lambda item: item.due_on or dt.date.max)
