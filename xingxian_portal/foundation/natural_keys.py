"""Managers that find a row by the key people know it by, so that fixtures carry no numbers of a database."""

from __future__ import annotations

from typing import Any

from django.db import models


class NaturalKeyManager(models.Manager):
    """Finds rows by the named fields, in the order in which `natural_key()` gives them."""

    def __init__(self, *fields: str) -> None:
        super().__init__()
        self.fields = fields

    def get_by_natural_key(self, *values: Any) -> Any:
        """Give the row with these key values; raises DoesNotExist."""
        return self.get(**dict(zip(self.fields, values, strict=True)))
