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

from xingxian_portal.foundation.refusal import Stale


def facts(row: Model) -> dict[str, Any]:
    """Give the row's own columns as plain values, relations as ids."""
    return {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}


def stamp(row: Model, *parts: Iterable[Model]) -> str:
    """Give the mark of a row and of the rows that are edited together with it, in their order."""
    values = [facts(row), *([facts(part) for part in rows] for rows in parts)]
    plain = json.dumps(values, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


def check(seen: str | None, now: str, what: str) -> None:
    """Raise Stale when the form was opened on something else than what is there `now`; None asks for no check."""
    if seen is not None and seen != now:
        raise Stale(what)
