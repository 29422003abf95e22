"""What stands on a sheet that is not signed: kept as it was typed, right or wrong, and read into deductions.

Kept as `{"absent": [codes], "items": {code: [row, …]}, "vetoes": {code: row}, "remark": "…"}`, a row being
`{"points", "problem", "page", "rule"}`, all of them text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from reform.case_review import scores
from reform.models import ReviewItem, ReviewStandard, ReviewVeto

LENGTHS = {"points": 12, "problem": 300, "page": 30, "rule": 200}
CALLED = {"problem": "问题", "page": "卷内页码", "rule": "依据"}
LONGEST_REMARK = 2000
MOST_ROWS = 12
CENTS = Decimal("0.01")
Row = dict[str, str]


@dataclass(frozen=True)
class Taken:
    """One deduction read from a row: of an item or a veto."""

    points: Decimal
    problem: str
    page: str
    rule: str
    item: ReviewItem | None = None
    veto: ReviewVeto | None = None


@dataclass
class Reading:
    """A sheet as read: what is taken, what does not apply, and what is wrong, by the name of the input."""

    taken: list[Taken] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    def score(self, items: Sequence[ReviewItem]) -> scores.Score:
        """Give what the sheet comes to as it stands."""
        points = {item.code: item.points for item in items}
        taken = [(one.item.code, one.points) for one in self.taken if one.item]
        return scores.score(points, taken, self.absent, [one.veto.effect for one in self.taken if one.veto])


def points_of(text: str) -> Decimal | None:
    """Give a positive number of points with at most two decimals; None when it is none."""
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        return None
    fits = value.is_finite() and 0 < value < 1000 and value == value.quantize(CENTS)
    return value if fits else None


def read(standard: ReviewStandard, typed: Mapping[str, Any]) -> Reading:
    """Read a sheet; every fault is a sentence beside its input, and what is faulty takes nothing."""
    reading = Reading()
    items = {item.code: item for item in standard.items.all()}
    reading.absent = [code for code in typed.get("absent", []) if code in items]
    for code, rows in typed.get("items", {}).items():
        for place, row in enumerate(rows):
            if code in items:
                _read_item(reading, items[code], place, row)
    for veto in standard.vetoes.all():
        if (row := typed.get("vetoes", {}).get(veto.code)) is not None:
            _read_veto(reading, veto, row)
    _check_whole(reading, items, typed)
    return reading


def _read_item(reading: Reading, item: ReviewItem, place: int, row: Row) -> None:
    name, points = f"d-{item.code}-{place}", points_of(row["points"])
    found = _lacking(name, row)
    if item.code in reading.absent:
        found[f"{name}-points"] = "这一项已标“不适用”，不能再扣分。"
    elif points is None:
        found[f"{name}-points"] = "请填写扣几分，如 0.5。"
    elif points > item.points:
        found[f"{name}-points"] = f"这一项只有 {plain(item.points)} 分，一次扣分不能超过它。"
    reading.faults |= found
    if not found and points is not None:
        reading.taken.append(Taken(points, row["problem"].strip(), row["page"].strip(), row["rule"].strip(), item=item))


def _read_veto(reading: Reading, veto: ReviewVeto, row: Row) -> None:
    found = _lacking(f"v-{veto.code}", row)
    if not row.get("on", "1"):
        found = {f"v-{veto.code}-problem": "写了内容但没有勾选这条否决项，请勾选或清空。"}
    reading.faults |= found
    if not found:
        words = (row["problem"].strip(), row["page"].strip(), row["rule"].strip())
        reading.taken.append(Taken(Decimal(0), *words, veto=veto))


def _lacking(name: str, row: Row) -> dict[str, str]:
    found = {}
    for key, called in CALLED.items():
        if not row[key].strip():
            found[f"{name}-{key}"] = f"请写明{called}。"
        elif len(row[key].strip()) > LENGTHS[key]:
            found[f"{name}-{key}"] = f"{called}最多 {LENGTHS[key]} 个字。"
    return found


def _check_whole(reading: Reading, items: Mapping[str, ReviewItem], typed: Mapping[str, Any]) -> None:
    if items and len(set(reading.absent)) == len(items):
        reading.faults["absent"] = "不能所有项目都不适用。"
    if len(typed.get("remark", "")) > LONGEST_REMARK:
        reading.faults["remark"] = f"总体意见最多 {LONGEST_REMARK} 个字。"


def plain(number: Decimal) -> str:
    """Write a number without needless zeros."""
    return f"{number.normalize():f}"
