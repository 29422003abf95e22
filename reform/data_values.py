"""Reading what people type into a data item: full-width digits, thousands marks, six spellings of a date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from reform.models import DataItem

_DATE = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$")
_NUMBER = re.compile(r"^-?\d{1,13}(\.\d{1,2})?$")
LONGEST = 500
YES, NO = "是", "否"


class BadValue(Exception):
    """The typed value does not fit the item; the message says what is accepted."""


@dataclass(frozen=True)
class Value:
    """A value as it is kept: canonical text, and the number where the item can be added up."""

    text: str
    number: Decimal | None = None


def read(item: DataItem, typed: str) -> Value:
    """Give the value of what was typed; raises BadValue in the user's words. Empty is a value only if not required."""
    plain = unicodedata.normalize("NFKC", typed).strip()
    if not plain:
        if item.required:
            raise BadValue(f"请填写“{item.label}”。")
        return Value("")
    if len(plain) > LONGEST:
        raise BadValue(f"“{item.label}”最多 {LONGEST} 字，现有 {len(plain)} 字。")
    readers = {
        DataItem.COUNT: _count, DataItem.AMOUNT: _amount, DataItem.DATE: _date,
        DataItem.CHOICE: _choice, DataItem.YES_NO: _yes_no,
    }  # fmt: skip
    reader = readers.get(item.kind)
    return reader(item, plain) if reader else Value(typed.strip())


def _number(item: DataItem, plain: str) -> Decimal:
    bare = plain.replace(",", "").replace(" ", "")
    if item.measure and bare.endswith(item.measure):
        bare = bare[: -len(item.measure)]
    if not _NUMBER.match(bare):
        raise BadValue(f"“{item.label}”应填数字，现为“{plain[:20]}”。")
    if bare.startswith("-"):
        raise BadValue(f"“{item.label}”不能是负数。")
    return Decimal(bare)


def _count(item: DataItem, plain: str) -> Value:
    number = _number(item, plain)
    if number != int(number):
        raise BadValue(f"“{item.label}”应填整数。")
    return Value(str(int(number)), Decimal(int(number)))


def _amount(item: DataItem, plain: str) -> Value:
    number = _number(item, plain)
    return Value(str(number), number)


def _date(item: DataItem, plain: str) -> Value:
    found = _DATE.match(plain)
    try:
        day = dt.date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2099:
        raise BadValue(f"“{item.label}”应填日期，例如 2022-06-30，现为“{plain[:20]}”。")
    return Value(day.isoformat())


def _choice(item: DataItem, plain: str) -> Value:
    if plain not in item.choices:
        raise BadValue(f"“{item.label}”只能选：{'、'.join(item.choices)}。")
    return Value(plain)


def _yes_no(item: DataItem, plain: str) -> Value:
    if plain not in {YES, NO}:
        raise BadValue(f"“{item.label}”请选“是”或“否”。")
    return Value(plain)
