"""The whole database as text, for tests that something lies nowhere in it."""

from __future__ import annotations

from django.db import connection


def everything() -> str:
    """Give every cell of every table, as it lies there."""
    with connection.cursor() as cursor:
        found = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found.append(str(cursor.fetchall()))
    return "".join(found)
