"""By which way a person is reached besides the inbox: the way they put first, if it works, else the other."""

from __future__ import annotations

from collections.abc import Set

from liaisons.letters import closed, mail, webhook
from liaisons.models import User
from liaisons.models.contact import CALL, MAIL, OUTWARD, WEBHOOK

Closed = Set[tuple[int, str]]


def closed_ways() -> Closed:
    """Give who cannot be reached by which way because the address is closed: one query."""
    return set(closed.standing().values_list("user_id", "channel"))


def order_of(user: User) -> list[str]:
    """Give the ways besides the inbox in the order in which `user` wants them."""
    first = user.contact.first_channel if hasattr(user, "contact") else MAIL
    return [first, *(way for way in OUTWARD if way != first)]


def way_to(user: User, shut: Closed) -> str:
    """Give the first way that works, "call" when none does."""
    return next((way for way in order_of(user) if works(user, way) and (user.pk, way) not in shut), CALL)


def works(user: User, way: str) -> bool:
    """Say whether the portal and the person both have what the way needs."""
    if way == MAIL:
        return mail.is_configured() and hasattr(user, "contact") and bool(user.contact.email_digest)
    if way == WEBHOOK:
        return webhook.is_configured() and (not webhook.needs_phone() or hasattr(user, "person"))
    return False
