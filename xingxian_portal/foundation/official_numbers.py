"""Numbers as official documents write them."""

from __future__ import annotations

DIGITS = "零一二三四五六七八九"
TEN = 10


def chinese(number: int) -> str:
    """Give a number from 1 to 99 as the headings count: 一, 十, 十二, 二十一."""
    tens, ones = divmod(number, TEN)
    many = "" if tens < 2 else DIGITS[tens]
    return f"{many}{'十' if tens else ''}{DIGITS[ones] if ones else ''}"
