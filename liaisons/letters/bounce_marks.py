"""The sender that a letter carries on its envelope, so that a bounce says which letter it is about and cannot be forged."""

from __future__ import annotations

import re
import uuid

from django.conf import settings
from django.core import signing

from liaisons.models import Letter

_MARK = re.compile(r"\+([0-9a-f]{32})\.([\w-]{8,})@")
_MESSAGE_ID = re.compile(r"(?im)^Message-ID:\s*<([0-9a-f-]{36})@")
_SALT = "bounce"
LENGTH = 16


def _signature(letter: uuid.UUID) -> str:
    return signing.Signer(salt=_SALT).signature(letter.hex)[:LENGTH]


def sender_of(letter: Letter) -> str:
    """Give MAIL FROM of a letter: bounces+<id>.<signature>@…, or the plain sender where no mailbox takes bounces."""
    box = settings.PORTAL_MAIL_BOUNCES
    if not box:
        return settings.PORTAL_MAIL_FROM
    name, _, host = box.partition("@")
    return f"{name}+{letter.pk.hex}.{_signature(letter.pk)}@{host}"


def letters_in(text: str) -> set[uuid.UUID]:
    """Give the letters that a bounce speaks of: by a signed mark, else by the Message-ID of the mail it quotes."""
    signed = {uuid.UUID(found[1]) for found in _MARK.finditer(text) if _signature(uuid.UUID(found[1])) == found[2]}
    return signed or {uuid.UUID(found) for found in _MESSAGE_ID.findall(text)}
