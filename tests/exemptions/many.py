"""Many rows at once, past the verbs: for pages that must cost the same with one row and with hundreds."""

from __future__ import annotations

from exemptions.models import Condition, Edition, Item, ItemBasis, LegalBasis


def items(edition: Edition, count: int) -> list[Item]:
    """Give `count` more items of an edition, each with a provision and two conditions of its own."""
    start = edition.items.count() + 1
    rows = Item.objects.bulk_create(
        Item(edition=edition, position=n, code=f"M-{n:03}", conduct=f"样例行为{n}", kind=Item.FIRST, lookback_months=12)
        for n in range(start, start + count)
    )
    bases = LegalBasis.objects.bulk_create(
        LegalBasis(statute="样例多条条例", article=f"第{edition.pk}之{item.position}条") for item in rows
    )
    ItemBasis.objects.bulk_create(
        ItemBasis(item=item, role=Item.PENALTY, position=1, basis=basis)
        for item, basis in zip(rows, bases, strict=True)
    )
    Condition.objects.bulk_create(
        Condition(item=item, position=n, text=text)
        for item in rows
        for n, text in enumerate(("初次违法", "及时改正"), 1)
    )
    return rows
