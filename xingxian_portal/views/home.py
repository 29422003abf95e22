"""The first page `/`: each person's own work."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import resolve

from liaisons.access import Request, logged_in
from liaisons.models import User
from liaisons.permissions import Permission as P
from xingxian_portal.navigation import WALL_FIRST, address_of

# The first line whose page exists and whose rights a person has.
ORDER = (
    ("audit", frozenset({P.READ_AUDIT})),
    ("wall", frozenset(WALL_FIRST)),
    ("workbench", frozenset({P.READ_OWN})),
    ("accounts", frozenset({P.MANAGE_ACCOUNTS, P.GRANT_ROLES})),
    ("wall", frozenset({P.VIEW_WALL})),
)
# These are shown at `/` itself; to all others one is sent on.
SHOWN_HERE = {"wall", "workbench"}


def first_page(user: User) -> str:
    """Give the name of the page that `user` starts on; without any role that is the inbox."""
    return next((name for name, needed in ORDER if user.permissions & needed and address_of(name)), "notices")


@logged_in
def home(request: Request) -> HttpResponseBase:
    """Show everybody the page they start on."""
    name = first_page(request.user)
    if name not in SHOWN_HERE:
        return redirect(name)
    view, args, kwargs = resolve(address_of(name))
    return view(request, *args, **kwargs)
