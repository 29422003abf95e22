"""The forms of the portal's pages as a browser would send them, and what a post leaves behind in the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import lxml.html  # type: ignore[import-untyped] # ships no types
from django.apps import apps
from django.db import connection, models
from django.urls import Resolver404, resolve

WRITES = re.compile(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
TYPED = {
    "date": "2022-06-20",
    "month": "2022-06",
    "number": "1",
    "time": "09:00",
    "email": "a@example.cn",
    "tel": "13800000000",
}
Sent = dict[str, list[str]]
# Drawn by lot each time something is written.
DRAWN = {"password", "token", "path", "sha256", "phone", "dedupe_key"}


@dataclass(frozen=True)
class Form:
    """A form as a browser would send it, filled in, and the names of all its fields, also of boxes left empty."""

    sent: Sent = field(default_factory=dict)
    names: frozenset[str] = frozenset()


def forms_of(page: str) -> Iterable[tuple[str, Form]]:
    """Give each form of a page that is posted, with each path that it may go to ("" for the page's own)."""
    for form in lxml.html.fromstring(page).forms:
        if form.method == "POST":
            names = frozenset(control.name for control in form.inputs if control.name)
            for to in [form.action or "", *form.xpath(".//button/@formaction")]:
                yield to.partition("?")[0].partition("#")[0], Form(_filled(form), names)


def _filled(form: Any) -> Sent:
    sent: Sent = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    for control in form.inputs:
        if control.name and not any(sent.get(control.name, [])) and (value := _value_for(control)):
            sent[control.name] = [value]
    return sent


def _value_for(control: Any) -> str:
    if control.tag == "textarea":
        return "样例文字"
    if control.tag == "select":
        return next((value for value in control.value_options if value), "")
    kind = control.get("type", "text")
    if kind in {"checkbox", "radio"}:
        return control.get("value", "on") if kind == "radio" or control.get("required") is not None else ""
    return TYPED.get(kind, "样例文字" if kind in {"text", "search"} else "")


def view_at(path: str) -> str:
    """Give the name of the view at a path, "" where there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


@dataclass
class Writing:
    """The tables that were written to; used as an `execute_wrapper` of the connection."""

    tables: set[str] = field(default_factory=set)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note the table, and execute."""
        self.tables.update(WRITES.findall(sql))
        return execute(sql, params, many, context)


def rows_of(tables: Iterable[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Give all that stands in the tables, but for what is drawn by lot."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            drawn = DRAWN | _uuids_of(table)
            kept = [place for place, column in enumerate(cursor.description) if column[0] not in drawn]
            found[table] = sorted((tuple(row[place] for place in kept) for row in cursor.fetchall()), key=repr)
    return found


def _uuids_of(table: str) -> set[str | None]:
    """Give the columns of a table whose values are drawn by lot because they are, or point to, a UUID."""
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    columns = model._meta.concrete_fields if model else ()
    return {column.column for column in columns if isinstance(_pointed_at(column), models.UUIDField)}


def _pointed_at(column: models.Field[Any, Any]) -> models.Field[Any, Any]:
    return column.target_field if isinstance(column, models.ForeignKey) else column
