"""Overlaps between units: the same provision, or the same conduct, on the lists of several; and where they disagree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from exemptions import bigrams
from exemptions.models import Edition, Item
from exemptions.models.item import ItemQuerySet


@dataclass(frozen=True)
class Overlap:
    """Items of two or more units about the same thing; `differences` names the columns in which they disagree."""

    items: Sequence[Item]
    differences: Sequence[str]

    @property
    def first(self) -> Item:
        """Give the item that stands for all."""
        return self.items[0]


Key = tuple[str, ...]


def keys_of(item: Item) -> list[Key]:
    """Give what makes two items the same: a provision on the penalty whatever its version, or the conduct's words."""
    provisions = [(one.statute, one.article, one.paragraph, one.clause) for one in item.penalty]
    return [("conduct", bigrams.plain(item.conduct)), *provisions]


def _with_all(rows: Iterable[Item]) -> dict[Key, list[Item]]:
    found: dict[Key, list[Item]] = defaultdict(list)
    for item in rows:
        for key in keys_of(item):
            found[key].append(item)
    return found


def in_force(today: dt.date) -> list[Overlap]:
    """Give every overlap among the lists in force, those that disagree first."""
    groups = _with_all(_rows(today)).values()
    seen: set[frozenset[int]] = set()
    found = []
    for items in groups:
        same = frozenset(item.pk for item in items)
        if _units(items) > 1 and same not in seen:
            seen.add(same)
            found.append(Overlap(items, differences(items)))
    return sorted(found, key=lambda overlap: not overlap.differences)


def of_edition(edition: Edition, today: dt.date) -> dict[int, list[Item]]:
    """Give for each item of an edition (by id) the items of other units in force that say something of the same."""
    others = _with_all(_rows(today).exclude(edition__exemption_list__unit=edition.exemption_list.unit_id))
    mine = edition.items.in_full()
    found = {item.pk: {other.pk: other for key in keys_of(item) for other in others.get(key, [])} for item in mine}
    return {pk: list(same.values()) for pk, same in found.items() if same}


def differences(items: Iterable[Item]) -> list[str]:
    """Give the columns that decide a case and are not the same in all of `items`."""
    rows = list(items)
    compared: dict[str, set[Any]] = {
        "免罚情形": {item.kind for item in rows},
        "回溯期": {item.months_back for item in rows},
        "改正期限": {item.correction_days for item in rows},
        "适用条件": {tuple(sorted(bigrams.plain(c.text) for c in item.conditions.all())) for item in rows},
    }
    return [label for label, values in compared.items() if len(values) > 1]


def _rows(today: dt.date) -> ItemQuerySet:
    rows = Item.objects.in_force_on(today).in_full().select_related("edition__exemption_list__unit")
    return rows.order_by("edition__exemption_list__unit__position", "position")


def _units(items: Iterable[Item]) -> int:
    return len({item.edition.exemption_list.unit_id for item in items})
