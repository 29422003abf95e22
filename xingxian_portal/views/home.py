"""The first page `/`: each person's own work."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import redirect

from liaisons.access import Request, logged_in
from liaisons.models import User
from liaisons.permissions import Permission
from xingxian_portal import navigation


def first_page(user: User) -> str:
    """Give the name of the page that `user` starts on."""
    order = [
        ("audit", {Permission.READ_AUDIT}),
        ("accounts", {Permission.MANAGE_ACCOUNTS, Permission.GRANT_ROLES}),
        ("wall", {Permission.VIEW_WALL}),
    ]
    opened = (name for name, needed in order if user.permissions & needed and navigation.address_of(name))
    return next(opened, "notices")


@logged_in
def home(request: Request) -> HttpResponseBase:
    """Send everybody to the page they start on."""
    return redirect(first_page(request.user))
