"""What enters the public search and when it leaves it; called by publication alone, in its transaction."""

from __future__ import annotations

import datetime as dt

from exemptions import bigrams
from exemptions.models import Edition, Item, PublicEntry


def enter(edition: Edition, today: dt.date) -> None:
    """Let the public find the items of an edition from its day on; what has ended before today goes."""
    PublicEntry.objects.filter(holds_until__lte=today).delete()
    if not edition.exemption_list.has_items:
        return
    PublicEntry.objects.bulk_create([entry_of(item, edition) for item in edition.items.in_full()])


def entry_of(item: Item, edition: Edition) -> PublicEntry:
    """Give the unsaved row by which an item of a published edition is found."""
    assert edition.effective_from
    unit = edition.exemption_list.unit
    words = [item.conduct, item.code, item.authority, unit.name, unit.short_name, item.field.name if item.field else ""]
    words += [f"{basis.statute}{basis.provision}" for basis in item.bases]
    words += [condition.text for condition in item.conditions.all()]
    ends = [edition.effective_until, item.valid_until + dt.timedelta(days=1) if item.valid_until else None]
    found_by = [*bigrams.tokens(" ".join(words)), *filters(unit.pk, item.field_id, item.kind)]
    return PublicEntry(
        item=item, unit=unit, field=item.field, kind=item.kind,
        holds_from=max(edition.effective_from, item.valid_from or edition.effective_from),
        holds_until=min((day for day in ends if day), default=None),
        words=" ".join(bigrams.plain(word) for word in words), tokens=" ".join(found_by),
    )  # fmt: skip


def filters(unit: int | None, field: int | None, kind: str) -> list[str]:
    """Give the tokens by which the index itself narrows to a unit, a field and a kind."""
    tokens = [
        f"zunit{unit}" if unit else "",
        f"zfield{field}" if field else "",
        f"zkind{kind.replace('_', '')}" if kind else "",
    ]
    return [token for token in tokens if token]


def end(edition: Edition, day: dt.date) -> None:
    """Let an edition's items be found until `day`, the first without them."""
    rows = PublicEntry.objects.filter(item__edition=edition)
    rows.exclude(holds_until__lt=day).update(holds_until=day)
