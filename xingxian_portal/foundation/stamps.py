"""A short mark of what a form showed, so that two people who edit the same thing do not overwrite each other.

The mark is computed from the values themselves: it cannot be forgotten by something that writes without a form.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from xingxian_portal.foundation.phones import Phone
from xingxian_portal.foundation.refusal import Stale


def facts(row: Model) -> dict[str, Any]:
    """Give the row's own columns as plain values, relations as ids, telephone numbers as their digest."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    return {name: value.digest if isinstance(value, Phone) else value for name, value in values.items()}


def stamp(row: Model, *parts: Iterable[Model]) -> str:
    """Give the mark of a row and of the rows that are edited together with it, in their order.

    The parts count without their ids: saved anew with the same content they are the same.
    """
    values = [facts(row), *([facts(part) | {"id": None} for part in rows] for rows in parts)]
    plain = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def check(seen: str | None, before: str, after: str, what: str) -> None:
    """Raise Stale when a change was made on something else than the form showed; None asks for no check.

    Call it after the change, inside its transaction: `before` and `after` are the marks around it. A form sent
    twice changes nothing the second time and is no fault.
    """
    if seen is not None and seen != before and before != after:
        raise Stale(what)
