"""Writing the items of an edition: one by one, taken over from the examples, or copied for the next edition."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max

from exemptions import editions, legal_bases
from exemptions.condition_words import Read
from exemptions.models import Condition, Edition, ExemptionList, Item, ItemBasis, LegalBasis
from liaisons.models import User
from xingxian_portal.foundation import audit, stamps
from xingxian_portal.foundation.refusal import Refused

# What a form, a workbook or a copy gives for an item, besides its bases and conditions.
COLUMNS = (
    "code", "field", "conduct", "kind", "penalty_rule", "lookback_months", "lookback_scope", "correction_days",
    "measures", "exclusions", "authority", "valid_from", "valid_until", "note",
)  # fmt: skip
MOST = 300
MOST_CONDITIONS = 20


def stamp(item: Item) -> str:
    """Give the mark of an item with its conditions and provisions, for the form that shows it."""
    return stamps.stamp(item, item.conditions.all(), item.bases)


@transaction.atomic
def add(
    edition: Edition, *, by: User, conditions: Sequence[Read], broken: str = "", penalty: str = "",
    at: dt.datetime | None = None, **values: Any,
) -> Item:  # fmt: skip
    """Add an item at the end of an edition; raises Refused (also MoveRefused), Denied."""
    edition = editions.editable(edition.pk, by)
    last = edition.items.aggregate(last=Max("position"))["last"] or 0
    _require_room(edition, 1)
    item = Item(edition=edition, position=last + 1)
    _write(item, conditions, broken, penalty, values)
    audit.record("list.add_item", by=by, subject=item, unit_code=_code(edition), after=_facts(item), at=at)
    return item


@transaction.atomic
def change(
    item: Item, *, by: User, conditions: Sequence[Read], broken: str = "", penalty: str = "",
    seen: str | None = None, at: dt.datetime | None = None, **values: Any,
) -> Item:  # fmt: skip
    """Change an item of an edition in work; raises Stale, Refused (also when it is gone), Denied."""
    edition = editions.editable(item.edition_id, by)
    item = _still_there(edition, item)
    before, mark = _facts(item), stamp(item)
    _write(item, conditions, broken, penalty, values)
    stamps.check(seen, mark, stamp(item), "这一项")
    audit.record(
        "list.change_item", by=by, subject=item, unit_code=_code(edition), before=before, after=_facts(item), at=at
    )
    return item


@transaction.atomic
def remove(item: Item, *, by: User, at: dt.datetime | None = None) -> None:
    """Take an item out of an edition in work; those behind it move up. Raises Refused (also when it is gone), Denied."""
    edition = editions.editable(item.edition_id, by)
    item = _still_there(edition, item)
    audit.record("list.remove_item", by=by, subject=item, unit_code=_code(edition), before=_facts(item), at=at)
    item.delete()
    renumber(edition)


def _still_there(edition: Edition, item: Item) -> Item:
    """Give the item as it is now that its edition is locked; raises Refused when a colleague took it out meanwhile."""
    if found := edition.items.filter(pk=item.pk).first():
        return found
    raise Refused(f"“{item.conduct[:30]}”已经从清单里删去，没有重复办理。")


def renumber(edition: Edition) -> None:
    """Give the items of a locked edition their numbers from 1 on."""
    for position, row in enumerate(edition.items.order_by("position", "pk"), 1):
        if row.position != position:
            Item.objects.filter(pk=row.pk).update(position=position)


def _write(item: Item, conditions: Sequence[Read], broken: str, penalty: str, values: dict[str, Any]) -> None:
    for name in values.keys() & set(COLUMNS):
        setattr(item, name, values[name])
    provisions = {
        Item.BROKEN: legal_bases.cited(broken, "broken"), Item.PENALTY: legal_bases.cited(penalty, "penalty")
    }  # fmt: skip
    item.code = item.code.strip() or _free_code(item)
    if item.edition.items.filter(code=item.code).exclude(pk=item.pk).exists():
        raise Refused(f"事项编码“{item.code}”在这一版里已有，请换一个。", "code")
    if len(conditions) > MOST_CONDITIONS:
        raise Refused(f"一项最多 {MOST_CONDITIONS} 条适用条件。", "conditions")
    item.save()
    cite(item, provisions)
    item.conditions.all().delete()
    Condition.objects.bulk_create(
        [Condition(item=item, position=n, kind=c.kind, value=c.value, text=c.text) for n, c in enumerate(conditions, 1)]
    )


def cite(item: Item, provisions: Mapping[str, Iterable[LegalBasis]]) -> None:
    """Let a saved item cite these provisions, by role, and no others."""
    ItemBasis.objects.filter(item=item).delete()
    ItemBasis.objects.bulk_create(
        ItemBasis(item=item, role=role, position=n, basis=basis)
        for role, bases in provisions.items()
        for n, basis in enumerate(bases, 1)
    )


def _free_code(item: Item) -> str:
    taken = set(item.edition.items.values_list("code", flat=True))
    number = item.position
    while (code := f"{item.edition.exemption_list.unit.code.upper()}-{number:03}") in taken:
        number += 1
    return code


def _code(edition: Edition) -> str:
    return edition.exemption_list.unit.code


def _facts(item: Item) -> dict[str, Any]:
    facts = stamps.facts(item) | {"conditions": [condition.text for condition in item.conditions.all()]}
    facts |= {
        role: legal_bases.words_of(bases) for role, bases in ((Item.BROKEN, item.broken), (Item.PENALTY, item.penalty))
    }
    return {name: value for name, value in facts.items() if value not in (None, "", [])}


def copy_all(source: Edition, to: Edition) -> None:
    """Copy every item of one edition into a new, empty one of the same list."""
    _copy(source.items.in_full().order_by("position", "pk"), to, start=0)


def copy_new(source: Edition, to: Edition) -> int:
    """Copy a merged unit's items behind those of its successor's draft, what is to be mended in them too; gives how many.

    What the draft has already, by conduct and kind, is left out. Each keeps its look-back and comes to the unit that
    answers now. Raises Refused for more than a list may have.
    """
    there, codes = set(to.items.values_list("conduct", "kind")), set(to.items.values_list("code", flat=True))
    rows = [row for row in source.items.in_full().order_by("position", "pk") if (row.conduct, row.kind) not in there]
    last = to.items.aggregate(last=Max("position"))["last"] or 0
    _require_room(to, len(rows))
    for row in rows:
        row.lookback_months, row.code = row.months_back, "" if row.code in codes else row.code
        row.lookback_scope = row.lookback_scope or (source.lookback_scope if row.kind == Item.FIRST else "")
        if row.authority == source.exemption_list.unit.name:
            row.authority = to.exemption_list.unit.name
    return _copy(rows, to, last, keeps_notes=True)


def _require_room(edition: Edition, more: int) -> None:
    if edition.items.count() + more > MOST:
        raise Refused(f"一版清单最多 {MOST} 项。")


def _copy(rows: Iterable[Item], to: Edition, start: int, *, keeps_notes: bool = False, **changed: Any) -> int:
    count = 0
    for count, row in enumerate(rows, 1):
        conditions, provisions = list(row.conditions.all()), {Item.BROKEN: row.broken, Item.PENALTY: row.penalty}
        row.pk, row.id, row._state.adding = None, None, True
        row.edition, row.position = to, start + count
        row.review_note = row.review_note if keeps_notes else ""
        for name, value in changed.items():
            setattr(row, name, value)
        row.code = row.code or _free_code(row)
        row.save()
        cite(row, provisions)
        for condition in conditions:
            condition.pk, condition.id, condition.item = None, None, row
        Condition.objects.bulk_create(conditions)
    return count


def examples() -> Any:
    """Give the examples that lend themselves to a draft, by field."""
    rows = Item.objects.filter(edition__exemption_list__kind=ExemptionList.EXAMPLES)
    return rows.in_full().order_by("position")


@transaction.atomic
def take_over(edition: Edition, chosen: Iterable[int], *, by: User, at: dt.datetime | None = None) -> int:
    """Copy the chosen examples into a draft; gives how many. The unit makes them its own. Raises Refused, Denied."""
    edition = editions.editable(edition.pk, by)
    rows = list(examples().filter(pk__in=list(chosen)))
    last = edition.items.aggregate(last=Max("position"))["last"] or 0
    _require_room(edition, len(rows))
    changed: dict[str, Any] = {"code": "", "authority": edition.exemption_list.unit.name, "note": ""}
    count = _copy(rows, edition, last, **changed)
    after = {"items": count}
    audit.record("list.take_over", by=by, subject=edition, unit_code=_code(edition), after=after, at=at)
    return count
