"""E-mail addresses as personal data: kept and shown like telephone numbers, masked unless the whole is asked for."""

from __future__ import annotations

import re

from xingxian_portal.foundation.keyed_digest import digest
from xingxian_portal.foundation.phones import UNREADABLE, Phone, Unreadable
from xingxian_portal.foundation.refusal import Refused

# What an address of an office looks like; one that does not is a slip of the keys, and would only come back.
ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,24}")


class Email(Phone):
    """One e-mail address; as text, in a template or a log line it is masked: l***@xingxian.example."""

    __slots__ = ()

    @classmethod
    def of(cls, number: str) -> Email:
        """Give the address that the text writes, in its normal form."""
        plain = number.strip().lower()
        return cls(lambda: plain)

    @property
    def masked(self) -> str:
        """Give the address as anybody may see it."""
        try:
            name, at, host = self.full.partition("@")
        except Unreadable:
            return UNREADABLE
        return f"{name[:1]}***{at}{host}" if at else ""

    def __repr__(self) -> str:
        return f"<Email {self.masked}>"


def typed(text: str, kept: Email | None = None) -> str:
    """Give the normal form of an address that somebody typed, "" for none; raises Refused when it is none.

    A form shows the masked address: left as it stood, it means the one that is `kept`.
    """
    if kept and text.strip() == kept.masked:
        try:
            return kept.full
        except Unreadable as error:
            raise Refused("登记的邮箱无法读取，请重新填写。", "email") from error
    plain = Email.of(text).full
    if plain and not ADDRESS.fullmatch(plain):
        raise Refused("邮箱格式不对，应像 name@example.gov.cn。", "email")
    return plain


def search_key(address: str) -> str:
    """Give what a digest column holds for this address, however it is written."""
    return digest(Email.of(address).full)
