"""Many ids by the handful: a query names no more than a database takes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

SIZE = 500


def handfuls(keys: Collection[int]) -> Iterator[Sequence[int]]:
    """Give the ids in order, some hundred at a time."""
    given = sorted(keys)
    yield from (given[start : start + SIZE] for start in range(0, len(given), SIZE))
