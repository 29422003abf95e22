"""What kind a condition is and what value it carries, read from its words: 货值不超过500元 is a ceiling of 500."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from exemptions.models import Condition

LONGEST = 300
MOST = 10**10 - 1  # what the column of the value holds
_NUMBER = r"(?P<n>\d+(?:\.\d+)?|[一二两三四五六七八九十]+|半)"
_YEARS = re.compile(rf"{_NUMBER}年(?:内|以内)")
_MONTHS = re.compile(rf"{_NUMBER}个?月(?:内|以内)?")
_MONEY = re.compile(rf"{_NUMBER}(?P<wan>万)?元")
_AREA = re.compile(rf"{_NUMBER}(?:平方米|㎡|m²|平米)")
_DAYS = re.compile(rf"{_NUMBER}(?:个?工作日|日|天)(?:内|以内|$)")
_FIRST = re.compile(r"首次|初次|首违|同类|同一.{0,4}违法|第1次|第一次")
_CONSEQUENCE = re.compile(r"后果|事故|损害|损坏|危害|影响|污染")
_INTENT = re.compile(r"主观|故意|过错|来源")
_CHINESE = {
    "半": "0.5",
    "一": "1",
    "二": "2",
    "两": "2",
    "三": "3",
    "四": "4",
    "五": "5",
    "六": "6",
    "七": "7",
    "八": "8",
    "九": "9",
    "十": "10",
}


@dataclass(frozen=True)
class Read:
    """One condition as it was read."""

    text: str
    kind: str
    value: Decimal | None = None


def read(text: str) -> Read:
    """Give the kind and the value that the words speak of; a number that no column holds stays in the words alone."""
    words = text.strip()
    kind, value = _measured(words)
    value = value if value is None or value <= MOST else None
    if kind is None:
        kind = Condition.CONSEQUENCE if _CONSEQUENCE.search(words) else Condition.OTHER
        kind = Condition.INTENT if kind == Condition.OTHER and _INTENT.search(words) else kind
        kind = Condition.LOOKBACK if _FIRST.search(words) else kind
    return Read(words, kind, value)


def _measured(words: str) -> tuple[str | None, Decimal | None]:
    if _FIRST.search(words) and (found := _YEARS.search(words)):
        return Condition.LOOKBACK, number(found["n"], 12)
    if _FIRST.search(words) and (found := _MONTHS.search(words)):
        return Condition.LOOKBACK, number(found["n"])
    if found := _MONEY.search(words):
        return Condition.VALUE, number(found["n"], 10000 if found["wan"] else 1)
    if found := _AREA.search(words):
        return Condition.AREA, number(found["n"])
    if found := _DAYS.search(words):
        return Condition.DAYS, number(found["n"])
    return None, None


def number(words: str, times: int = 1) -> Decimal | None:
    """Give a number in figures or of one Chinese character, times a factor; None when it is neither."""
    plain = _CHINESE.get(words, words)
    return Decimal(plain) * times if re.fullmatch(r"\d+(\.\d+)?", plain) else None


def several(text: str) -> list[Read]:
    """Read the conditions of one cell: a line each, or numbered, or parted by semicolons."""
    parts = re.split(r"\n|；|;|(?<!\d)(?=\d{1,2}[.．、](?!\d))", text)
    words = [re.sub(r"^\s*(?:[（(]?\d{1,2}[）)]|\d{1,2}[.．、](?!\d))\s*", "", part).strip(" 。　\t") for part in parts]
    return [read(word) for word in words if word]
