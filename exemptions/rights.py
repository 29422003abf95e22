"""Who may act on lists; verbs ask here, pages and querysets show no more than this allows."""

from __future__ import annotations

from liaisons.models import Unit, User
from liaisons.permissions import Permission


def keeps(user: User, unit: Unit) -> bool:
    """Say whether `user` drafts, files and publishes the lists of `unit`."""
    return unit.pk in user.unit_ids_with(Permission.FILE)


def records(user: User) -> bool:
    """Say whether `user` reviews lists, puts them on record and keeps the status of legal bases."""
    return user.may(Permission.RECORD_LISTS)
