"""Who may enter a view, and no row without the check.

Somebody who is not logged in is sent to the log-in page and comes back afterwards. Somebody who is logged in
but has no business here is told 404: that a page or a row exists is itself something to keep.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Manager, Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from liaisons.models import User
from liaisons.permissions import Permission
from liaisons.session_store import SessionStore


class Request(HttpRequest):
    """A request as a view meets it, past the log-in page and our middleware: its user is a person with an account."""

    user: User
    session: SessionStore
    htmx: HtmxDetails
    number: str
    is_demo: bool


View = Callable[..., HttpResponseBase]
Row = TypeVar("Row", bound=Model)


def logged_in(view: View) -> View:
    """Let in whoever is logged in."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            away = redirect_to_login(request.get_full_path())
            # Else the log-in page would be put into the part of the page that was asked for.
            return HttpResponseClientRedirect(away["Location"]) if request.headers.get("HX-Request") else away
        return view(request, *args, **kwargs)

    return guarded


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let in whoever holds any one of `permissions`; put it above `require_POST`, so that a stranger learns nothing."""

    def decorate(view: View) -> View:
        @logged_in
        @wraps(view)
        def guarded(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.permissions.intersection(permissions):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def found(rows: QuerySet[Row] | Manager[Row], **keys: Any) -> Row:
    """Give the one row of `rows` with these keys; raises Http404, also for keys that no row could have.

    Pass a queryset that is already narrowed to what the user may see.
    """
    try:
        return rows.get(**keys)
    except (ObjectDoesNotExist, ValueError, OverflowError) as error:
        raise Http404 from error
