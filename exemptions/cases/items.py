"""Items of the lists as a case sees them: which were in force for a unit on a day, and what each asks for."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from exemptions import rights
from exemptions.models import ExemptionList, Item
from liaisons.models import EnforcementField, Unit

# What the law itself asks for, where no list says more (第三十三条第一、二款).
OF_THE_LAW = {
    Item.MINOR: ["违法行为轻微", "及时改正", "没有造成危害后果"],
    Item.FIRST: ["初次违法", "危害后果轻微", "及时改正"],
    Item.NO_FAULT: ["有证据足以证明当事人没有主观过错"],
}
# Where no item says how far to look back: the longest that the lists of the province use (两年).
LOOK_BACK = 24


def in_force_on(unit: Unit, day: dt.date) -> QuerySet[Item]:
    """Give the items of the unit's list that were in force on `day`."""
    return Item.objects.filter(_of(unit)).in_force_on(day).select_related("edition", "field")


def _of(unit: Unit) -> Q:
    """Give the filter for items of the unit's list, and of the lists of units merged into it."""
    own = rights.of_unit(unit, "edition__exemption_list__unit__")
    return own & Q(edition__exemption_list__kind=ExemptionList.EXEMPTION)


def field_of(item: Item) -> EnforcementField | None:
    """Give the field of enforcement an item belongs to."""
    return item.field


def conditions_of(item: Item | None, kind: str) -> list[str]:
    """Give the conditions that must all hold: the item's, or where there is none those of the law."""
    if item is None:
        return OF_THE_LAW[kind]
    return [str(condition) for condition in item.conditions.all()] or OF_THE_LAW[kind]


def look_back_of(item: Item | None) -> int | None:
    """Give the months an item looks back for a first offence, None where it says nothing."""
    return item.months_back if item else None


def ever_published(unit: Unit) -> QuerySet[Item]:
    """Give the items of every edition of the unit's list that was ever published."""
    rows = Item.objects.filter(_of(unit), edition__published_at__isnull=False)
    return rows.select_related("edition__exemption_list__unit__successor", "field").order_by("edition", "position")


def held_on(item: Item, unit: Unit, day: dt.date) -> bool:
    """Say whether an item of the unit's own list was in force on `day`: what `in_force_on` says, of one item."""
    listed = item.edition.exemption_list
    heirs = (listed.unit_id, listed.unit.successor_id, getattr(listed.unit.successor, "successor_id", None))
    own = unit.pk in heirs and listed.kind == ExemptionList.EXEMPTION
    begun = item.valid_from is None or item.valid_from <= day
    return own and item.edition.in_force_on(day) and begun and (item.valid_until is None or day <= item.valid_until)
