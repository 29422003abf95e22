"""How often one address may ask for a page in a minute: for the log-in and for what the public may read.

    @limited("public", per_minute=lambda: settings.PORTAL_PUBLIC_RATE)
    def look_up(request): ...

Counted in the cache that all processes share. A cache that does not answer lets everybody in: the lock on accounts
lies in the database, and a public page is better open than gone.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from functools import wraps
from http import HTTPStatus
from typing import Any

import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

from xingxian_portal.foundation import audit, clock

View = Callable[..., HttpResponseBase]
MINUTE = 60
ANY_METHOD = frozenset({"GET", "HEAD", "POST"})
logger = structlog.get_logger(__name__)


def limited(
    name: str, *, per_minute: Callable[[], int], methods: Container[str] = ANY_METHOD
) -> Callable[[View], View]:
    """Answer 429 with a page when an address asks more than `per_minute()` times in a minute; 0 sets no limit.

    Views with the same `name` count together. Put it outermost, so that what is too much costs nothing else.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            most = per_minute()
            if most and request.method in methods and _count(name) > most:
                return _too_often(request)
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def _count(name: str) -> int:
    """Count this request; gives how many there were from its address in the running minute, 0 without a cache."""
    address = (audit.origin.get() or {}).get("address", "")
    key = f"rate:{name}:{address}:{int(clock.real_now().timestamp()) // MINUTE}"
    try:
        return 1 if cache.add(key, 1, 2 * MINUTE) else cache.incr(key)
    except Exception:
        logger.exception("rate_not_counted", limit=name)
        return 0


def _too_often(request: HttpRequest) -> HttpResponse:
    seconds = MINUTE - int(clock.real_now().timestamp()) % MINUTE
    number = getattr(request, "number", "")
    page = render_to_string("429.html", {"number": number, "seconds": seconds})
    return HttpResponse(page, status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": str(seconds)})
