"""All rows of a query as one JSON text, a list of lists, put together by the database itself."""

from __future__ import annotations

from typing import Any

from django.db.models import Func, TextField


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
