"""Writing lines into the ledger: each (subject, step, cycle, person, channel) once, however often it is tried."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from django.db import connection

from liaisons.models import LedgerEntry


def key_of(kind: str, key: str, step: str, cycle_no: int, to: str, channel: str) -> str:
    """Give what must be unique of a line."""
    return hashlib.sha256(f"{kind}|{key}|{step}|{cycle_no}|{to}|{channel}".encode()).hexdigest()


def add(entries: Sequence[LedgerEntry]) -> None:
    """Insert the lines that are not there yet: one prepared statement, whatever their number.

    `bulk_create` would cut them into as many statements as SQLite's 999 parameters ask for.
    """
    if not entries:
        return
    columns = [field for field in LedgerEntry._meta.concrete_fields if not field.primary_key and field.column]
    quote = connection.ops.quote_name
    names = ", ".join(quote(field.column or "") for field in columns)
    places = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO {quote(LedgerEntry._meta.db_table)} ({names}) VALUES ({places}) ON CONFLICT DO NOTHING"  # noqa: S608 - names of ours
    rows = [
        [field.get_db_prep_save(getattr(entry, field.attname), connection) for field in columns] for entry in entries
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
