"""Error pages: what happened, what to do now, and a number to quote to the bureau.

400 and 500 use nothing that could fail again: no database, no session.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def _page(template: str, request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    context["number"] = getattr(request, "number", "")
    return HttpResponse(render_to_string(template, context), status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood."""
    return _page("400.html", request, 400)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer after an error of ours; the log line of the request carries the same number."""
    return _page("500.html", request, 500)


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form sent from a page that is too old: log-in or log-out happened in between, or cookies are off."""
    return _page("403.html", request, 403, stale=True)
