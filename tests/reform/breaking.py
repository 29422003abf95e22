"""A trail that cannot be written: the real table taken away, for tests that no act happens without its entry."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from xingxian_portal.foundation.audit import AuditEntry

TABLE = AuditEntry._meta.db_table


@contextmanager
def no_trail() -> Iterator[None]:
    """Take the table of the audit trail away for the block."""
    _rename(TABLE, "taken_away")
    try:
        yield
    finally:
        _rename("taken_away", TABLE)


def _rename(name: str, to: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {name} RENAME TO {to}")
