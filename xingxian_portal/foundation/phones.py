"""Telephone numbers as personal data: how they are written, and how much of one is shown.

A `Phone` never shows itself in full by accident: as text, in a template, a log line or a traceback it is masked.
Whoever needs the digits asks for `full`, which is to be allowed by permission and recorded in the audit trail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.refusal import Refused

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?|\d{7,8}(-\d{1,6})?|(400|800)-?\d{3}-?\d{4}")
# Also as people part it, 138-0000-0000; not a piece of a longer number or of a digest.
WITHIN = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d(?P<by>[ -]?)\d{4}(?P=by)\d{4}(?![0-9A-Za-z])")
UNREADABLE = "（无法读取）"
HINT = "请填写 11 位手机号码，或带区号的座机号码，如 0358-6320000。"


class Unreadable(Exception):
    """The number lies sealed with a key that is no longer known."""


class Phone:
    """One telephone number; `opened` gives the digits when they are asked for, or raises `Unreadable`."""

    __slots__ = ("_opened", "sealed")

    def __init__(self, opened: Callable[[], str], sealed: str = "") -> None:
        self._opened = opened
        self.sealed = sealed  # how it lies in the database; "" for one that was only just typed

    @classmethod
    def of(cls, number: str) -> Phone:
        """Give the number that `number` writes, in its normal form."""
        plain = normal(number)
        return cls(lambda: plain)

    @property
    def full(self) -> str:
        """Give all digits. Raises Unreadable."""
        return self._opened()

    @property
    def masked(self) -> str:
        """Give the number as anybody may see it: 138****0000."""
        try:
            return mask(self.full)
        except Unreadable:
            return UNREADABLE

    @property
    def digest(self) -> str:
        """Give what stands for the number in the audit trail and in searches. Raises Unreadable."""
        return digest(self.full)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"<Phone {self.masked}>"

    def __bool__(self) -> bool:
        return bool(self.sealed or self.full)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Phone):
            return NotImplemented
        if self.sealed and self.sealed == other.sealed:
            return True  # also one that cannot be read any more
        try:
            return self.full == other.full
        except Unreadable:
            return False

    def __hash__(self) -> int:
        return hash(self.full)


def normal(text: str) -> str:
    """Give a number without blanks, +86 and full-width digits, as it is compared and kept."""
    plain = re.sub(r"[\s.()]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"[‐-―−]", "-", plain)
    plain = re.sub(r"^(\+|00)86-?", "", plain)
    without_dashes = plain.replace("-", "")
    return without_dashes if MOBILE.fullmatch(without_dashes) else plain


def mask(number: str) -> str:
    """Give a number as anybody may see it: a mobile one 138****0000, another one by its last three digits."""
    if MOBILE.fullmatch(number):
        return f"{number[:3]}****{number[-4:]}"
    return f"****{number[-3:]}" if len(number) > len("****") else "****" if number else ""


def masked_within(value: Any) -> Any:
    """Give a text, or what a list or dict holds, with every mobile number in it masked."""
    match value:
        case str():
            return WITHIN.sub(lambda found: mask(normal(found[0])), value)
        case dict():
            return {key: masked_within(part) for key, part in value.items()}
        case list() | tuple():
            return [masked_within(part) for part in value]
    return value


def typed(text: str, kept: Phone | None = None) -> str:
    """Give the normal form of a number that somebody typed; raises Refused when it is none.

    A form shows the masked number: left as it stood, it means the number that is `kept`.
    """
    if kept and text.strip() == kept.masked:
        try:
            return kept.full
        except Unreadable as error:
            raise Refused("登记的号码无法读取，请填写完整号码。", "phone") from error
    number = normal(text)
    if number and not MOBILE.fullmatch(number) and not LANDLINE.fullmatch(number):
        hidden = "打星号的号码看不出全部数字，" if "*" in number else ""
        raise Refused(f"电话号码格式不对：{hidden}{HINT}", "phone")
    return number
