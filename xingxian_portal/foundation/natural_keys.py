"""Managers that find a row by the key people know it by, so that fixtures carry no numbers of a database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import models

_met: ContextVar[dict[tuple[Any, ...], Any] | None] = ContextVar("natural_keys_met", default=None)


@contextmanager
def remembered() -> Iterator[None]:
    """Look each key up only once in the block: nobody may delete or rename what was found while it lasts."""
    token = _met.set({})
    try:
        yield
    finally:
        _met.reset(token)


class NaturalKeyManager(models.Manager):
    """Finds rows by the named fields, in the order in which `natural_key()` gives them."""

    def __init__(self, *fields: str) -> None:
        super().__init__()
        self.fields = fields

    def get_by_natural_key(self, *values: Any) -> Any:
        """Give the row with these key values; raises DoesNotExist."""
        met = _met.get()
        if met is None:
            return self._found(values)
        key = (self.model, *values)
        if key not in met:
            met[key] = self._found(values)
        return met[key]

    def _found(self, values: tuple[Any, ...]) -> Any:
        return self.get(**dict(zip(self.fields, values, strict=True)))
