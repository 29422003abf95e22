"""What stands in a cell, made plain: invisible characters, full-width digits, spaces nobody meant, days in many spellings."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from decimal import Decimal, InvalidOperation
from typing import Any

# Invisible characters, and the mark by which Excel writes a carriage return into XML.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0b\x0c\x0e-\x1f]|_x000[Dd]_")
SPACES = re.compile(r"\s+")
BETWEEN_HAN = re.compile(r"(?<=[㐀-鿿𠀀-𪛟])\s+(?=[㐀-鿿𠀀-𪛟])")
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?(?:[T\s]+0{1,2}:00(?::00(?:\.0+)?)?)?")
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
# A serial number of a day between 1954 and 2119; smaller and larger numbers are not meant as days.
FIRST_SERIAL, LAST_SERIAL = 20_000, 80_000
EPOCH = dt.date(1899, 12, 30)
# A number keeps fifteen digits; a code of more that lies in a cell as a number has lost its end.
EXACT = 10**15


def text(value: Any) -> str:  # noqa: PLR0911 - a line for each type that a cell can hold
    """Give a cell's value as the text that a reader sees, without what nobody sees; inner line breaks stay."""
    if isinstance(value, str):
        if value.isprintable() and "_x" not in value:  # most are: no line breaks, no odd spaces
            return value.strip()
        clean = INVISIBLE.sub("", value)
        return clean.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case float():
            return str(int(value)) if value.is_integer() else repr(value)
        case dt.datetime():
            return f"{value:%Y-%m-%d %H:%M}" if value.time() != dt.time() else f"{value:%Y-%m-%d}"
        case dt.date():
            return value.isoformat()
    return str(value)


def narrow(value: Any) -> str:
    """Give a value for comparing: half-width, on one line, single spaces."""
    plain = text(value)
    # An ASCII text is its own NFKC form; most codes and numbers are.
    return SPACES.sub(" ", plain if plain.isascii() else unicodedata.normalize("NFKC", plain)).strip()


def squeezed(value: Any) -> str:
    """Give a value for comparing without any space: units, labels, codes."""
    return narrow(value).replace(" ", "")


def without_padding(value: Any) -> str:
    """Give a person's name without the spaces put between two characters to line it up: 张　三."""
    return BETWEEN_HAN.sub("", SPACES.sub(" ", text(value)).strip())


def number(value: Any) -> Decimal | None:
    """Give a number, also one written as text, full-width or with thousands marks; None when it is none."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    plain = squeezed(value)
    if re.search(r"\d,\d", plain):
        plain = plain.replace(",", "") if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", plain) else plain
    try:
        found = Decimal(plain) if re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)", plain, re.ASCII) else None
    except InvalidOperation:
        return None
    return found


def day(value: Any) -> dt.date | None:  # noqa: PLR0911 - a line for each type that a cell can hold
    """Give a day from a date cell, a serial number or one of the ways people write it; None when it is none."""
    match value:
        case dt.datetime():
            return value.date()
        case dt.date():
            return value
        case bool():
            return None
        case int() | float():
            return _serial(float(value)) or _compact(str(int(value)) if float(value).is_integer() else "")
    plain = narrow(value)
    if found := DAY.fullmatch(plain):
        return _day(*found.groups())
    if re.fullmatch(r"\d{5}(\.\d+)?", plain, re.ASCII):
        return _serial(float(plain))
    return _compact(plain)


def _serial(value: float) -> dt.date | None:
    return EPOCH + dt.timedelta(days=int(value)) if FIRST_SERIAL <= value <= LAST_SERIAL else None


def _compact(plain: str) -> dt.date | None:
    found = COMPACT_DAY.fullmatch(plain)
    return _day(*found.groups()) if found else None


def _day(year: str, month: str, number: str) -> dt.date | None:
    try:
        return dt.date(int(year), int(month), int(number))
    except ValueError:
        return None


def is_blank(value: Any) -> bool:
    """Say whether there is nothing in the cell that anybody could see."""
    return value is None or (isinstance(value, str) and not (value and text(value)))
