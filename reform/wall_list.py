"""The cells of the wall as a list, node by node in the wall's order, in pages that begin behind a key.

A key names a cell (its column's place and its unit), so that a page stays where it is when rows before it come or go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reform import wall_words
from reform.wall_grid import Cell, Grid, official_order

PER_PAGE = 50
Key = tuple[int, tuple[bool, int, str]]


@dataclass(frozen=True)
class Row:
    """One cell as the list shows it."""

    cell: Cell
    glyph: str
    status: str


@dataclass(frozen=True)
class Page:
    """One page: its rows, how many rows there are in all, which is the first, and the keys of the pages around it."""

    rows: Sequence[Row]
    count: int
    first: int
    after: str
    before: str

    @property
    def last(self) -> int:
        """Give the number of the last row shown."""
        return self.first + len(self.rows) - 1


def page(grid: Grid, after: str = "", before: str = "", size: int = PER_PAGE) -> Page:
    """Give the page that begins behind the key `after` or ends ahead of the key `before`, else the first.

    Roll-ups of leads are no duties and not listed. A key that names nothing counts as none.
    """
    cells = [cell for cell in grid.cells if not cell.rollup]
    start = _start(cells, grid, after, before, size)
    shown = cells[start : start + size]
    return Page(
        rows=[Row(cell, wall_words.glyph(cell), wall_words.status(cell, grid.on.year)) for cell in shown],
        count=len(cells),
        first=start + 1,
        after=_text(shown[-1]) if start + size < len(cells) else "",
        before=_text(shown[0]) if start else "",
    )


def _start(cells: Sequence[Cell], grid: Grid, after: str, before: str, size: int) -> int:
    units = {line.unit.code: official_order(line.unit) for line in grid.lines}
    if key := _read(after, units):
        start = sum(_key(cell) <= key for cell in cells)
        return start if start < len(cells) else max(len(cells) - size, 0)
    if key := _read(before, units):
        return max(sum(_key(cell) < key for cell in cells) - size, 0)
    return 0


def _key(cell: Cell) -> Key:
    return cell.column.place, official_order(cell.unit)


def _text(cell: Cell) -> str:
    return f"{cell.column.place}.{cell.unit.code}"


def _read(text: str, units: dict[str, tuple[bool, int, str]]) -> Key | None:
    place, _, code = text.partition(".")
    if not (place.isascii() and place.isdigit() and len(place) < len("10000")) or code not in units:
        return None
    return int(place), units[code]
