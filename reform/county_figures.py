"""Figures of the whole county below those of the wall, which the apps above fill at start; each leads to its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class CountyFigure:
    """One number in words: its label, value, unit of measure, and where it leads."""

    label: str
    value: str
    measure: str
    address: str


# From the first day to the last, both included.
Source = Callable[[dt.date, dt.date], list[CountyFigure]]
_sources: list[Source] = []


def learn(source: Source) -> None:
    """Take over figures that a higher app keeps; called when the portal starts. Once is enough."""
    if source not in _sources:
        _sources.append(source)


def of(first: dt.date, last: dt.date) -> list[CountyFigure]:
    """Give all figures of the period, in the order of registration."""
    return [figure for source in _sources for figure in source(first, last)]
