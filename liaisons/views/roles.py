"""角色与权限: the same table that the code decides by, for everybody who logs in."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.shortcuts import render

from liaisons import roles
from liaisons.access import Request, logged_in
from liaisons.permissions import LABELS


@logged_in
def role_table(request: Request) -> HttpResponseBase:
    """Show each role, who it is and what it may."""
    own = [grant.role for grant in request.user.grants]
    rows = [
        {
            "role": role,
            "yours": role.slug in own,
            "county": [
                label for permission, label in LABELS.items() if permission in role.permissions - roles.OWN_UNIT
            ],
            "own_unit": [
                label for permission, label in LABELS.items() if permission in role.permissions & roles.OWN_UNIT
            ],
        }
        for role in roles.ALL
    ]
    return render(request, "liaisons/roles.html", {"rows": rows})
