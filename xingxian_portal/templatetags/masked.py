"""How a telephone number stands on a page that everybody may see."""

from __future__ import annotations

from django import template

from xingxian_portal.foundation.phones import UNREADABLE, Phone, Unreadable, mask, normal

register = template.Library()


@register.filter
def masked(number: Phone | str | None) -> str:
    """Give 138****0000 for a number, whether it comes from the database or as text; "" for none."""
    if isinstance(number, Phone):
        return number.masked
    return mask(normal(number)) if number else ""


@register.filter
def in_full(number: Phone) -> str:
    """Give all digits, for the one page that may show them; a number whose key is gone is said to be unreadable."""
    try:
        return number.full
    except Unreadable:
        return UNREADABLE
