"""Columns of an item as lists print them, and what such words mean when they come back: 24个月 同类违法行为, 当场, 2025-12-31止."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from exemptions import condition_words
from exemptions.models import Item
from xingxian_portal.foundation.workbook import cell_values

LONGEST_BACK, LONGEST_CORRECTION, LONGEST_SCOPE = 120, 365, 60
_NUMBER = r"(?P<number>\d+|[一二两三四五六七八九十]+|半)"
_BACK = re.compile(rf"{_NUMBER}\s*(?P<unit>年|个?月)?(?:以?内)?[\s，,、:：]*(?P<scope>.*)", re.DOTALL)
_WITHIN = re.compile(rf"{_NUMBER}\s*(?P<unit>年|个月)")
_AT_ONCE = {"当场", "当日", "立即", "当场改正", "立即改正"}
_BETWEEN_DAYS = re.compile(r"[—–~～至到]+")
OTHER_NAMES = {
    "教育": "education",
    "承诺": "promise",
    "告知承诺": "promise",
    "签订承诺书": "promise",
    "责令整改": "order",
    "改正": "order",
}


class NotUnderstood(ValueError):
    """The words say nothing that the column can hold; the message says what it takes."""


def look_back(months: int | None, scope: str) -> str:
    """Give the look-back in words."""
    return " ".join(filter(None, [f"{months}个月" if months else "", scope]))


def read_look_back(text: str) -> tuple[int | None, str]:
    """Give months and scope of a look-back; raises NotUnderstood."""
    words = text.strip()
    months, scope = None, words
    if found := _BACK.fullmatch(words) or _WITHIN.search(words):
        number = condition_words.number(found["number"], 12 if found["unit"] == "年" else 1)
        months = int(number) if number is not None and number == int(number) else 0
        scope = found["scope"].strip() if "scope" in found.groupdict() else words
    if months is not None and not 1 <= months <= LONGEST_BACK:
        raise NotUnderstood(f"回溯期应是 1 到 {LONGEST_BACK} 个月，如“24个月 同类违法行为”。")
    if len(scope) > LONGEST_SCOPE:
        raise NotUnderstood(f"初次违法的范围最多 {LONGEST_SCOPE} 个字，现在有 {len(scope)} 个。")
    return months, scope


def correction(days: int | None) -> str:
    """Give the time for correcting in words."""
    return "" if days is None else f"{days}天" if days else "当场"


def read_correction(text: str) -> int:
    """Give the days for correcting, 0 for at once; raises NotUnderstood."""
    plain = cell_values.squeezed(text)
    if plain in _AT_ONCE:
        return 0
    found = re.fullmatch(r"(\d+|[一二两三四五六七八九十]+)个?(?:自然)?[日天]?(?:以?内)?", plain)
    number = condition_words.number(found[1]) if found else None
    if number is None or not 0 <= number <= LONGEST_CORRECTION:
        raise NotUnderstood(f"改正期限应填天数，0 到 {LONGEST_CORRECTION}，如“5天”“当场”；按工作日算的写进适用条件。")
    return int(number)


def measures(chosen: Iterable[str]) -> str:
    """Give what goes along with the pardon in words."""
    there = set(chosen)
    return "、".join(label for value, label in Item.MEASURES if value in there)


def read_measures(text: str) -> list[str]:
    """Give the measures that the words name; raises NotUnderstood."""
    known = {label: value for value, label in Item.MEASURES} | OTHER_NAMES
    words = [word for part in re.split(r"[、，,；;\n]+", text) if (word := cell_values.squeezed(part))]
    if strange := [word for word in words if word not in known]:
        raise NotUnderstood(
            f"不认识“{strange[0]}”。可以填：{'、'.join(label for _, label in Item.MEASURES)}，用顿号隔开。"
        )
    chosen = {known[word] for word in words}
    return [value for value, _ in Item.MEASURES if value in chosen]


def validity(first: dt.date | None, last: dt.date | None) -> str:
    """Give the time an item holds in words."""
    if first and last:
        return f"{first}—{last}"
    return f"{first}起" if first else f"{last}止" if last else ""


def read_validity(text: str) -> tuple[dt.date | None, dt.date | None]:
    """Give from when to when an item holds; raises NotUnderstood."""
    plain = cell_values.squeezed(text)
    parts = [
        cell_values.day(part.strip("自从起止施行")) for part in _BETWEEN_DAYS.split(plain) if part.strip("自从起止施行")
    ]
    ends = plain.endswith("止") or bool(_BETWEEN_DAYS.match(plain))
    begins = (
        plain.endswith(("起", "起施行")) or plain.startswith(("自", "从")) or bool(_BETWEEN_DAYS.search(plain[-1:]))
    )
    if None in parts or not parts or len(parts) > 2 or (len(parts) == 1 and ends == begins):
        raise NotUnderstood("有效期看不懂，请写成“2022-06-01—2025-12-31”“2022-06-01起”或“2025-12-31止”。")
    if len(parts) == 1:
        return (None, parts[0]) if ends else (parts[0], None)
    first, last = parts
    if first and last and last < first:
        raise NotUnderstood("有效期的止日不能早于起日。")
    return first, last


def conditions(texts: Iterable[str]) -> str:
    """Give conditions as one cell holds them, numbered, a line each."""
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
