"""What every page may show beside its own content: navigation, business time, unread notices. No query of its own."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from xingxian_portal import navigation
from xingxian_portal.foundation import clock


def frame(request: HttpRequest) -> dict[str, Any]:
    """Give the frame of a page; also for a request that failed before its user was known."""
    given = {"is_demo": getattr(request, "is_demo", False), "business_now": clock.now()}
    links = {f"{page}_address": navigation.address_of(page) for page in ("manual", "privacy")}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return given | links
    return given | links | {
        "may": {permission.value: True for permission in user.permissions},  # {% if may.edit_plans %}
        "navigation": navigation.entries(user.permissions, request.path),
        "unread_notices": user.unread_notices,
    }  # fmt: skip
