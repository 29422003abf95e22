"""What a screen across the room shows at a time: as many units as can still be read from there, then the next ones.

First the dated nodes, unit by unit; then what has no date and what goes on; then again from the start.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from reform import wall_columns
from reform.wall_grid import Grid, Line

MOST_LINES = 20
PARTS = ({wall_columns.DATED}, {wall_columns.UNDATED, wall_columns.CONTINUOUS})


@dataclass(frozen=True)
class Turn:
    """One turn: its part of the grid, which one it is of how many, and which comes next."""

    grid: Grid
    number: int
    of: int

    @property
    def next(self) -> int:
        """Give the number of the next turn."""
        return self.number % self.of + 1


def turn(grid: Grid, asked: str) -> Turn:
    """Give the turn with the number `asked`, the first when there is none such."""
    turns = list(_turns(grid)) or [grid]
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len("1000") else 1
    number = number if 1 <= number <= len(turns) else 1
    return Turn(turns[number - 1], number, len(turns))


def _turns(grid: Grid) -> Iterator[Grid]:
    for parts in PARTS:
        places = [place for place, column in enumerate(grid.columns) if column.part in parts]
        for lines in _chunks(grid.lines) if places else []:
            yield grid.cut(lines, places)


def _chunks(lines: tuple[Line, ...]) -> Iterator[list[Line]]:
    if len(lines) <= MOST_LINES:
        yield list(lines)
        return
    for _, section in groupby(lines, key=lambda line: line.section):
        together = list(section)
        # Even parts: 13 and 12 units can be read better than 20 and 5.
        parts = -(-len(together) // MOST_LINES)
        size = -(-len(together) // parts)
        yield from (together[start : start + size] for start in range(0, len(together), size))
