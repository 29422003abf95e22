"""动态调整: the items in force whose legal basis has been amended or repealed; derived each time, never stored."""

from __future__ import annotations

import datetime as dt

from exemptions import rights
from exemptions.models import Item, ItemBasis, LegalBasis
from exemptions.models.item import ItemQuerySet
from liaisons.models import Unit, User
from liaisons.permissions import Permission

LAPSED = (LegalBasis.AMENDED, LegalBasis.REPEALED)


def worklist(today: dt.date) -> ItemQuerySet:
    """Give the items in force on `today` that cite what no longer holds, by unit."""
    lapsed = ItemBasis.objects.filter(basis__status__in=LAPSED).values("item")
    rows = Item.objects.in_force_on(today).filter(pk__in=lapsed).in_full()
    rows = rows.select_related("edition__exemption_list__unit")
    return rows.order_by("edition__exemption_list__unit__position", "edition", "position")


def seen_by(user: User, today: dt.date) -> ItemQuerySet:
    """Give what of the worklist is the user's: all to the bureau, to a unit its own."""
    if user.may(Permission.RECORD_LISTS) or user.may(Permission.READ_ANY_FILING):
        return worklist(today)
    return worklist(today).filter(rights.of_own(user, Permission.READ_OWN, "edition__exemption_list__unit__"))


def count_of(unit: Unit, today: dt.date) -> int:
    """Count what of the worklist is the unit's, and of units merged into it."""
    return worklist(today).filter(rights.of_unit(unit, "edition__exemption_list__unit__")).count()
