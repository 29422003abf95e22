"""What a line of the ledger is about: the app that owns the subject says, just before sending, how it stands now.

The apps above fill this registry when the portal starts; nothing here knows a duty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from liaisons.models import LedgerEntry


@dataclass(frozen=True)
class Standing:
    """How a subject stands: what to say of it, or why nothing is to be said any more.

    `private` stands in a mail below the text and nowhere else; nothing of it is kept.
    """

    text: str = ""
    link: str = ""
    settled: str = ""
    private: str = ""


Reader = Callable[[Sequence[LedgerEntry]], Mapping[int, Standing]]
_readers: dict[str, Reader] = {}
NOBODY_KNOWS = Standing(settled="事项已不存在")


def learn(kind: str, reader: Reader) -> None:
    """Take over how subjects of `kind` are read; called when the portal starts."""
    _readers[kind] = reader


def standings(entries: Iterable[LedgerEntry]) -> dict[int, Standing]:
    """Read the subjects of all entries again, each kind with one call; gives how each stands, by the entry's id."""
    by_kind: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.subject_kind].append(entry)
    found: dict[int, Standing] = {}
    for kind, rows in by_kind.items():
        known = _readers[kind](rows) if kind in _readers else {}
        found |= {row.pk: known.get(row.pk, NOBODY_KNOWS) for row in rows}
    return found
