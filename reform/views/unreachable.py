"""Units of whose duties nobody hears, for the bureau: what is wrong with each contact and what is open."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons.access import Request, requires
from liaisons.permissions import Permission
from reform import unreachable


@requires(Permission.REVIEW)
def units(request: Request) -> HttpResponseBase:
    """List them, those that owe something first."""
    lines = unreachable.lines()
    return render(request, "reform/desk/contacts.html", {"lines": lines, "duties": sum(len(x.duties) for x in lines)})
