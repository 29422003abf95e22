"""What a line of the ledger is about: the app that owns the subject says, just before sending, how it stands now.

The apps above fill this registry when the portal starts; nothing here knows a duty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import structlog
from django.db import connection, transaction

from liaisons.models import LedgerEntry


@dataclass(frozen=True)
class Paper:
    """A file that a letter brings along where its way carries files."""

    name: str
    path: Path


@dataclass(frozen=True)
class Standing:
    """How a subject stands: what to say of it, or why nothing is to be said any more.

    `private` stands in a mail below the text and nowhere else; nothing of it is kept.
    """

    text: str = ""
    link: str = ""
    settled: str = ""
    private: str = ""
    papers: tuple[Paper, ...] = ()


Reader = Callable[[Sequence[LedgerEntry]], Mapping[int, Standing]]
_readers: dict[str, Reader] = {}
NOBODY_KNOWS = Standing(settled="事项已不存在")
logger = structlog.get_logger(__name__)


def learn(kind: str, reader: Reader) -> None:
    """Take over how subjects of `kind` are read; called when the portal starts."""
    _readers[kind] = reader


def standings(entries: Iterable[LedgerEntry]) -> dict[int, Standing]:
    """Read the subjects of all entries again, each kind with one call; gives how each stands, by the entry's id.

    A kind that cannot be read says so in its line and keeps no other from being told.
    """
    by_kind: dict[str, list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        by_kind[entry.subject_kind].append(entry)
    found: dict[int, Standing] = {}
    for kind, rows in by_kind.items():
        known = _read(kind, rows)
        found |= {row.pk: known.get(row.pk, NOBODY_KNOWS) for row in rows}
    return found


def _read(kind: str, rows: Sequence[LedgerEntry]) -> Mapping[int, Standing]:
    if kind not in _readers:
        return {}
    try:
        # A savepoint where a failed question would spoil all; outside of a transaction it would only lock SQLite.
        with transaction.atomic() if connection.in_atomic_block else nullcontext():
            return _readers[kind](rows)
    except Exception:  # whatever it is, it must not hold up the letters about everything else
        logger.exception("subjects_unreadable", kind=kind)
        return {row.pk: Standing(f"{row.about}：这一项暂时读不出，请登录平台查看") for row in rows}
