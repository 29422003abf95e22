"""Changing the keys of telephone numbers while the portal runs: draw a new one, seal every number again, forget the old."""

from __future__ import annotations

from cryptography.fernet import Fernet
from django.conf import settings
from django.db import models, transaction
from django.db.models.functions import Cast

from xingxian_portal.foundation import audit, key_file, sealed


def draw() -> None:
    """Put a new key in front of those in the data folder; every process uses it from its next number on."""
    key_file.replace(settings.PHONE_KEYS_FILE, "\n".join([Fernet.generate_key().decode(), *sealed.keys()]))


def forget_old() -> None:
    """Keep the newest key of the data folder alone; call it when `seal_again` has found nothing more to do."""
    key_file.replace(settings.PHONE_KEYS_FILE, sealed.keys()[0])


def seal_again() -> int:
    """Seal every number with the newest key; gives how many were changed.

    Raises phones.Unreadable at a number that no known key opens. Looks again until nothing is left: a process may
    have written one with the key before while we were at it.
    """
    total = 0
    while changed := sum(_seal_table(table, field) for table, field in sealed.phone_fields()):
        total += changed
    with transaction.atomic():
        audit.record("phone_keys.rotate", after={"numbers": total})
    return total


def _seal_table(table: type[models.Model], field: sealed.PhoneField) -> int:
    return sum(_seal_row(table, field, key, token) for key, token in _outdated(table, field))


def _outdated(table: type[models.Model], field: sealed.PhoneField) -> list[tuple[object, str]]:
    # As text: read as the column that it is, the number would be opened.
    rows = table._base_manager.annotate(_token=Cast(field.name, models.TextField())).exclude(_token="")
    return [row for row in rows.values_list("pk", "_token") if row[1] and not sealed.is_sealed_with_newest(row[1])]


def _seal_row(table: type[models.Model], field: sealed.PhoneField, key: object, token: str) -> int:
    # Only if it still is what we read: somebody may have changed the number meanwhile.
    unchanged = table._base_manager.annotate(_token=Cast(field.name, models.TextField())).filter(pk=key, _token=token)
    return unchanged.update(**{field.name: sealed.open_sealed(token)})
