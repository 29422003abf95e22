"""The public search: the index of words gives a few hundred candidates at most, so a search costs the same at any size.

SQLite looks into FTS5, PostgreSQL into a GIN index over the same words; both are made by the migration.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from exemptions import bigrams, public_index
from exemptions.models import Item, PublicEntry
from exemptions.models.public_entry import PublicEntryQuerySet

PER_PAGE = 20
COUNTED = 200  # beyond that the page says "200 项以上"
# Ordered by a sum, so that PostgreSQL sorts what the index of words gives and does not walk the table by its key.
POSTGRES = (
    "SELECT item_id FROM exemptions_publicentry WHERE tokens::tsvector @@ %s::tsquery ORDER BY item_id + 0 LIMIT 1000"
)
SQLITE = "SELECT rowid FROM exemptions_publicentry_fts WHERE exemptions_publicentry_fts MATCH %s LIMIT 1000"


@dataclass(frozen=True)
class Asked:
    """What a visitor looks for; nothing means everything."""

    words: str = ""
    unit: int | None = None
    field: int | None = None
    kind: str = ""


@dataclass(frozen=True)
class Found:
    """One page of what was found; `total` is capped, `more` says that there is more than that."""

    items: list[Item]
    total: int
    more: bool
    page: int

    @property
    def pages(self) -> int:
        """Give how many pages the counted hits fill."""
        return max(1, -(-self.total // PER_PAGE))


def find(asked: Asked, day: dt.date, page: int = 1) -> Found:
    """Give a page of the items that hold on `day` and carry all that is asked for."""
    ids = list(_matching(asked, day).values_list("pk", flat=True)[: COUNTED + 1])
    total = min(len(ids), COUNTED)
    page = max(1, min(page, -(-total // PER_PAGE) or 1))
    shown = ids[:COUNTED][(page - 1) * PER_PAGE : page * PER_PAGE]
    rows = Item.objects.with_bases().select_related("edition__exemption_list__unit").in_bulk(shown)
    return Found([rows[pk] for pk in shown if pk in rows], total, len(ids) > COUNTED, page)


def _matching(asked: Asked, day: dt.date) -> PublicEntryQuerySet:
    rows = PublicEntry.objects.on(day).order_by("pk")
    words = bigrams.words(asked.words)
    if asked.words.strip() and not words:
        return rows.none()
    narrowing = public_index.filters(asked.unit, asked.field, asked.kind)
    if words or narrowing:
        # Asked for first: told how many there are only by guess, PostgreSQL would rather read the whole table.
        rows = rows.filter(pk__in=_candidates(words, narrowing))
    for word in words:
        rows = rows.filter(words__contains=word)  # pairs may stand apart; the text itself decides
    return rows


def _candidates(words: list[str], narrowing: list[str]) -> list[int]:
    terms = [(token, False) for token in narrowing]
    for word in words:
        tokens, begins = bigrams.asked(word)
        terms += [(token, begins) for token in tokens]
    if connection.vendor == "postgresql":
        query = " & ".join(f"'{token}':*" if begins else f"'{token}'" for token, begins in terms)
        return _ids(POSTGRES, query)
    query = " ".join(f'"{token}"*' if begins else f'"{token}"' for token, begins in terms)
    return _ids(SQLITE, query)


def _ids(statement: str, query: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [query])
        return [pk for (pk,) in cursor.fetchall()]
