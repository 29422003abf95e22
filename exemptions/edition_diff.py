"""Two editions of a list side by side: what came, what went, what changed in which column; items are known by their code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exemptions import item_words
from exemptions.models import Edition, Item

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"


@dataclass(frozen=True)
class Cell:
    """One column of an item in both editions."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Say whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True)
class Row:
    """One item in both editions; None where it is not there."""

    before: Item | None
    after: Item | None
    cells: Sequence[Cell]

    @property
    def item(self) -> Item:
        """Give the item as it is now, or as it was."""
        shown = self.after or self.before
        assert shown
        return shown

    @property
    def state(self) -> str:
        """Say what became of the item."""
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        return CHANGED if any(cell.changed for cell in self.cells) else SAME


@dataclass(frozen=True)
class Difference:
    """All items of both editions, in the order of the later one, what is gone last."""

    rows: Sequence[Row]

    def count(self, state: str) -> int:
        """Count the items of which this became."""
        return sum(row.state == state for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """Count the items by what became of them."""
        return {state: self.count(state) for state in (ADDED, REMOVED, CHANGED, SAME)}

    @property
    def told(self) -> list[Row]:
        """Give what is not the same."""
        return [row for row in self.rows if row.state != SAME]


def between(before: Edition, after: Edition) -> Difference:
    """Compare two editions: six queries."""
    old, new = _items(before), _items(after)
    rows = [_row(old.get(code), item) for code, item in new.items()]
    return Difference(rows + [_row(item, None) for code, item in old.items() if code not in new])


def _items(edition: Edition) -> dict[str, Item]:
    rows = edition.items.in_full()
    return {item.code: item for item in rows.order_by("position", "pk")}


def _row(before: Item | None, after: Item | None) -> Row:
    old, new = columns(before) if before else {}, columns(after) if after else {}
    return Row(before, after, [Cell(label, old.get(label, ""), new.get(label, "")) for label in new or old])


def columns(item: Item) -> dict[str, str]:
    """Give an item column by column in words, as it is compared and printed."""
    return {
        "领域": item.field.name if item.field else "",
        "违法行为": item.conduct,
        "免罚情形": item.get_kind_display(),
        "违反条款": str(item.broken),
        "处罚依据": str(item.penalty),
        "罚则类型": item.get_penalty_rule_display(),
        "适用条件": item_words.conditions(condition.text for condition in item.conditions.all()),
        "回溯期": item_words.look_back(item.lookback_months, item.lookback_scope),
        "改正期限": item_words.correction(item.correction_days),
        "配套措施": item_words.measures(item.measures),
        "排除情形": item.exclusions,
        "实施机关": item.authority,
        "有效期": item_words.validity(item.valid_from, item.valid_until),
        "备注": item.note,
    }
