"""Who may act on lists; verbs ask here, pages and querysets show no more than this allows."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission


def of_own(user: User, permission: Permission, path: str = "unit__") -> Q:
    """Give the filter for what belongs to the units for which `user` holds `permission`, and to units merged into them.

    `path` leads to the unit, "" where the rows are units.
    """
    return _of(user.unit_ids_with(permission), path)


def of_unit(unit: Unit, path: str = "unit__") -> Q:
    """Give the filter for what belongs to `unit`, and to units merged into it; `path` as in `of_own`."""
    return _of([unit.pk], path)


def _of(units: Collection[int], path: str) -> Q:
    found = Q(**{f"{path}pk__in": units})
    return found | Q(**{f"{path}successor__in": units}) | Q(**{f"{path}successor__successor__in": units})


def units_of(user: User, permission: Permission) -> list[int]:
    """Give the ids of the units that `of_own` means: what is added up is what is listed."""
    return list(Unit.objects.filter(of_own(user, permission, "")).values_list("pk", flat=True))


def keeper_of(unit: Unit) -> Unit:
    """Give the unit that answers for what `unit` left behind: itself, or the one it was merged into."""
    return keeper_of(unit.successor) if unit.successor else unit


def keeps(user: User, unit: Unit) -> bool:
    """Say whether `user` keeps the lists and cases of `unit`: files for it, or for the unit it was merged into."""
    return _is_own(user, unit, Permission.FILE)


def reads_the_way(user: User, unit: Unit) -> bool:
    """Say whether `user` reads how the lists of `unit` came about: its own people and who reads any filing.

    To all others a list is what was published of it: who filed it, and what was sent back why, is between the two.
    """
    return user.may(Permission.READ_ANY_FILING) or _is_own(user, unit, Permission.READ_OWN)


def _is_own(user: User, unit: Unit, permission: Permission) -> bool:
    own = user.unit_ids_with(permission)
    return unit.pk in own or (unit.successor_id is not None and keeper_of(unit).pk in own)


def records(user: User) -> bool:
    """Say whether `user` reviews lists, puts them on record and keeps the status of legal bases."""
    return user.may(Permission.RECORD_LISTS)
