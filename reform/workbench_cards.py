"""What else lies on a unit's workbench: cards that the apps above fill at start, this one knows duties of the plan alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from liaisons.models import Unit


@dataclass(frozen=True)
class Row:
    """One line: what it is, where it opens, how it stands (`tone` colours that: bad, warn, todo-tag, ok or none)."""

    name: str
    address: str
    standing: str
    tone: str = ""
    note: str = ""


@dataclass(frozen=True)
class Card:
    """A heading with its lines; `more` says what leads to the rest. `pressing` puts it above the month's form."""

    title: str
    rows: Sequence[Row]
    address: str
    more: str = "全部"
    pressing: bool = False


Source = Callable[[Unit, dt.date], Card | None]
_sources: list[Source] = []


def learn(source: Source) -> None:
    """Take over a card that a higher app keeps; called when the portal starts. Once is enough."""
    if source not in _sources:
        _sources.append(source)


def of(unit: Unit, today: dt.date) -> list[Card]:
    """Give the unit's cards of the day; a source with nothing to say gives none."""
    return [card for source in _sources if (card := source(unit, today))]
