"""Reading what people type into a data item: full-width digits, thousands marks, many spellings of a date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from reform.models import DataItem

# 2022-06-30, 2022/6/30, 2022.6.30, 2022年6月30日 (also without 日), 20220630; a time that a workbook adds is dropped.
_DATES = (
    re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?", re.A),
    re.compile(r"(\d{4})(\d{2})(\d{2})", re.A),
)
# 二〇二二年六月三十日, as official documents sign.
_WRITTEN_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日?"
)
_DIGITS = {char: value for value, char in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0}
_NUMBER = re.compile(r"-?\d{1,13}(\.\d{1,2})?", re.A)
_MINUS = str.maketrans("−﹣–—", "----")
LONGEST = 500
YES, NO = "是", "否"


class BadValue(Exception):
    """The typed value does not fit the item; the message says what is accepted."""


@dataclass(frozen=True)
class Value:
    """A value as it is kept: canonical text, and the number where the item can be added up."""

    text: str
    number: Decimal | None = None


def plain(typed: str) -> str:
    """Give what was typed with full-width digits, letters and blanks as narrow ones."""
    return unicodedata.normalize("NFKC", typed).strip()


def read(item: DataItem, typed: str) -> Value:
    """Give the value of what was typed; raises BadValue in the user's words. Empty is a value only if not required."""
    bare = plain(typed)
    if not bare:
        if item.required:
            raise BadValue(f"请填写“{item.label}”。")
        return Value("")
    if len(typed.strip()) > LONGEST:
        raise BadValue(f"“{item.label}”最多 {LONGEST} 字，现有 {len(typed.strip())} 字。")
    return _READERS[item.kind](item, bare) if item.kind in _READERS else Value(typed.strip())


def _number(item: DataItem, bare: str) -> Decimal:
    digits = bare.translate(_MINUS).replace(",", "").replace(" ", "")
    if item.measure:
        digits = digits.removesuffix(plain(item.measure))
    if not _NUMBER.fullmatch(digits):
        raise BadValue(f"“{item.label}”应填数字（最多两位小数），现为“{bare[:20]}”。")
    if digits.startswith("-"):
        raise BadValue(f"“{item.label}”不能是负数。")
    return Decimal(digits)


def _count(item: DataItem, bare: str) -> Value:
    number = _number(item, bare)
    if number != int(number):
        raise BadValue(f"“{item.label}”应填整数，现为“{bare[:20]}”。")
    return Value(str(int(number)), Decimal(int(number)))


def _amount(item: DataItem, bare: str) -> Value:
    number = _number(item, bare)
    return Value(f"{number:f}", number)


def _date(item: DataItem, bare: str) -> Value:
    parts = _parts_of_date(bare)
    try:
        day = dt.date(*parts) if parts else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2099:
        raise BadValue(f"“{item.label}”应填日期，例如 2022-06-30 或 2022年6月30日，现为“{bare[:20]}”。")
    return Value(day.isoformat())


def _parts_of_date(bare: str) -> tuple[int, int, int] | None:
    for pattern in _DATES:
        if found := pattern.fullmatch(bare):
            year, month, day = map(int, found.groups())
            return year, month, day
    if written := _WRITTEN_DATE.fullmatch(bare):
        year = int("".join(str(_DIGITS[char]) for char in written[1]))
        return year, _written_number(written[2]), _written_number(written[3])
    return None


def _written_number(text: str) -> int:
    """Give the number that 一 … 三十一 spell; 0, which no calendar has, for what spells none."""
    tens, ten, ones = text.rpartition("十")
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return (_DIGITS[tens] if tens else 1) * 10 * bool(ten) + (_DIGITS[ones] if ones else 0)


def _choice(item: DataItem, bare: str) -> Value:
    chosen = next((choice for choice in item.choices if plain(choice) == bare), None)
    if chosen is None:
        raise BadValue(f"“{item.label}”只能选：{'、'.join(item.choices)}。")
    return Value(chosen)


def _yes_no(item: DataItem, bare: str) -> Value:
    if bare not in {YES, NO}:
        raise BadValue(f"“{item.label}”请选“是”或“否”。")
    return Value(bare)


_READERS: dict[str, Callable[[DataItem, str], Value]] = {
    DataItem.COUNT: _count, DataItem.AMOUNT: _amount, DataItem.DATE: _date,
    DataItem.CHOICE: _choice, DataItem.YES_NO: _yes_no,
}  # fmt: skip
