"""Overlaps between units: the same provision, or the same conduct, on the lists of several; and where they disagree."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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
    provision: str = ""

    @property
    def name(self) -> str:
        """Give what they have in common: the conduct, or the provision where they call the conduct differently."""
        conducts = {bigrams.plain(item.conduct) for item in self.items}
        return self.items[0].conduct if len(conducts) == 1 else self.provision

    @property
    def variants(self) -> list[list[Item]]:
        """Give the items, those that say the same together."""
        alike: dict[Any, list[Item]] = defaultdict(list)
        for item in self.items:
            alike[(bigrams.plain(item.conduct), *_decisive(item).values())].append(item)
        return list(alike.values())


Key = tuple[str, ...]
CONDUCT = "conduct"


def keys_of(item: Item) -> list[Key]:
    """Give what makes two items the same: a provision on the penalty whatever its version, or the conduct's words."""
    provisions = [(one.statute, one.article, one.paragraph, one.clause) for one in item.penalty]
    return [_conduct(item), *provisions]


def _conduct(item: Item) -> Key:
    return (CONDUCT, bigrams.plain(item.conduct))


def _with_all(rows: Iterable[Item]) -> dict[Key, list[Item]]:
    found: dict[Key, list[Item]] = defaultdict(list)
    for item in rows:
        for key in keys_of(item):
            found[key].append(item)
    return found


def in_force(today: dt.date) -> list[Overlap]:
    """Give every overlap among the lists in force, those that disagree first."""
    groups = {key: items for key, items in _with_all(_rows(today)).items() if _units(items) > 1}
    found: dict[frozenset[int], Overlap] = {}
    for key, items in groups.items():
        if not _told_by_conduct(key, items, groups):
            provision = "" if key[0] == CONDUCT else f"《{key[0]}》{''.join(key[1:])}"
            found.setdefault(frozenset(item.pk for item in items), Overlap(items, differences(items), provision))
    return sorted(found.values(), key=lambda overlap: not overlap.differences)


def _told_by_conduct(key: Key, items: Sequence[Item], groups: Mapping[Key, Sequence[Item]]) -> bool:
    """Say whether a provision's group is nothing but several conducts, each of which is a group by itself."""
    conducts = {_conduct(item) for item in items}
    return key[0] != CONDUCT and len(conducts) > 1 and conducts <= groups.keys()


def of_edition(edition: Edition, today: dt.date) -> dict[int, list[Item]]:
    """Give for each item of an edition (by id) the items of other units in force that say something of the same."""
    others = _with_all(_rows(today).exclude(edition__exemption_list__unit=edition.exemption_list.unit_id))
    mine = edition.items.in_full()
    found = {item.pk: {other.pk: other for key in keys_of(item) for other in others.get(key, [])} for item in mine}
    return {pk: list(same.values()) for pk, same in found.items() if same}


def differences(items: Iterable[Item]) -> list[str]:
    """Give the columns that decide a case and are not the same in all of `items`."""
    rows = [_decisive(item) for item in items]
    return [label for label in rows[0] if len({row[label] for row in rows}) > 1]


def _decisive(item: Item) -> dict[str, Any]:
    """Give the columns that decide a case."""
    conditions = tuple(sorted(bigrams.plain(condition.text) for condition in item.conditions.all()))
    return {
        "免罚情形": item.kind, "回溯期": item.months_back, "改正期限": item.correction_days, "适用条件": conditions
    }  # fmt: skip


def _rows(today: dt.date) -> ItemQuerySet:
    rows = Item.objects.in_force_on(today).in_full().select_related("edition__exemption_list__unit")
    return rows.order_by("edition__exemption_list__unit__position", "position")


def _units(items: Iterable[Item]) -> int:
    return len({item.edition.exemption_list.unit_id for item in items})
