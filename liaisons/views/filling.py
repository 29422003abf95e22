"""A sheet that was sent: a row more, what is wrong with it, or done."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponseBase

from liaisons.access import Request
from liaisons.forms.sheet import Sheet
from xingxian_portal.foundation.refusal import Refused


def filled(request: Request, sheet: Sheet, save: Callable[[], HttpResponseBase | None]) -> HttpResponseBase | None:
    """Give the answer to a sheet that was sent and is good; None when the page is to be shown (again)."""
    if request.method != "POST":
        return None
    if (which := request.POST.get("more", "")) in sheet.rows:
        sheet.add_row(which)
    elif sheet.is_valid():
        try:
            return save()
        except Refused as refusal:
            sheet.refuse(refusal)
    return None
