"""All rows of a query as one JSON text, a list of lists, put together by the database itself."""

from __future__ import annotations

import json
from typing import Any

from django.db import connection
from django.db.models import Func, QuerySet, TextField

Statement = tuple[str, tuple[Any, ...]]


class JsonRows(Func):
    """Give the fields of all rows as one text; "" or NULL may stand for no row. Dates come as ISO text."""

    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for SQLite."""
        return self.as_sql(compiler, connection, template="JSON_GROUP_ARRAY(JSON_ARRAY(%(expressions)s))", **extra)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        """Write it for PostgreSQL."""
        template = "CAST(JSON_AGG(JSON_BUILD_ARRAY(%(expressions)s)) AS text)"
        return self.as_sql(compiler, connection, template=template, **extra)


def statement(rows: QuerySet[Any, Any], *fields: str) -> Statement:
    """Put together what `read` asks; where it is asked often, keep it: this takes longer than the answer."""
    return rows.order_by().values_list(JsonRows(*fields)).query.sql_with_params()


def read(asked: Statement) -> list[list[Any]]:
    """Give the rows: one query."""
    with connection.cursor() as cursor:
        cursor.execute(*asked)
        (text,) = cursor.fetchone()
    return json.loads(text or "[]")
