"""What every request carries: one business moment, a number to quote, where it came from.

Static files are answered before these run and cost nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import ip_address

import structlog
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from liaisons import accounts, second_factor
from liaisons.access import Request
from liaisons.names_in_words import without_names
from xingxian_portal.foundation import audit, clock, refusal_trail
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.refusal_trail import Refusal, without_personal_data

Answer = Callable[[Request], HttpResponse]
# These open no row of the business and must answer even while the database does not.
WITHOUT_BUSINESS_TIME = ("/healthz",)
LONGEST_PATH = 200


def address_of(request: Request) -> str:
    """Give the address that the request came from; behind a proxy as the proxy says, "" when that is no address."""
    try:
        return str(ip_address(request.META.get(settings.CLIENT_ADDRESS_HEADER, "").strip()))
    except ValueError:
        return ""


class RequestOrigin:
    """Gives the request a number and tells the audit trail where its entries come from."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer the request with `request.number` set: twelve characters a user can read out on the phone.

        The number is ours, never one from a header: whoever asks could otherwise write into the trail.
        """
        request.number = uuid.uuid4().hex[:12]
        structlog.contextvars.bind_contextvars(number=request.number)
        token = audit.origin.set({"address": address_of(request), "request_id": request.number})
        try:
            response = self.get_response(request)
        finally:
            audit.origin.reset(token)
        response.headers["X-Request-ID"] = request.number
        return response


class BusinessTime:
    """Holds business time still for one request, so that all its parts speak of one moment: one query."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer the request at one business moment, with `request.is_demo` set."""
        request.is_demo = False
        if request.path in WITHOUT_BUSINESS_TIME:
            return self.get_response(request)
        moment, request.is_demo = clock.read()
        with clock.held_at(moment):
            return self.get_response(request)


class RefusalTrail:
    """Writes into the audit trail who was refused what, once the transactions that refused have been undone."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer the request, then record what was refused in it."""
        with refusal_trail.gathering() as gathered:
            response = self.get_response(request)
        if found := gathered.noted or _unnoted(request, response, gathered.said):
            refusal_trail.write(found)
        return response


def _unnoted(request: Request, response: HttpResponse, said: list[Refused]) -> list[Refusal]:
    """Give the refusals that no verb noted itself: a page or row that is not one's own, a verb that said no."""
    denied = response.status_code in (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)
    if request.resolver_match is None or not (denied or request.method == "POST"):
        return []  # an address that no page has is a typing error or a scanner's guess
    user = getattr(request, "user", None)
    by = user if user and user.is_authenticated else None
    asked = {"page": request.resolver_match.view_name, "path": request.path[:LONGEST_PATH], "method": request.method}
    if denied and (by or response.status_code == HTTPStatus.FORBIDDEN):
        return [Refusal("access.deny", by=by, after=asked | {"status": response.status_code})]
    sentences = dict.fromkeys(without_personal_data(without_names(str(no))) for no in said if no.field is None)
    return [Refusal("act.refuse", by=by, note=sentence, after=asked) for sentence in sentences]


class AccountInOrder:
    """Lets a person do nothing before the account is in order: an own password, then the code where it is compulsory.

    Notes besides that the session is in use, and ends one that only the big screen has kept; and says of every page for
    a person that no cache may keep it for others.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer the request, or send the person to what must be done first."""
        # Who asks for a page for everyone is not asked who they are: it is the same for all and kept by caches.
        for_all = request.path in WITHOUT_BUSINESS_TIME or request.path.startswith(reverse("public"))
        if not for_all and request.user.is_authenticated and _still_in_use(request):
            first = _to_do_first(request)
            if first and request.path not in (reverse(first), reverse("logout"), reverse("privacy")):
                return redirect(first)
            return _kept_by_nobody(self.get_response(request))
        return self.get_response(request)


def _still_in_use(request: Request) -> bool:
    """Note the use of the session, or end it when nobody has used it for too long."""
    request.session.unattended = request.path == reverse("wall_screen")
    if request.session.is_idle() and not request.session.unattended:
        logout(request)
        return False
    request.session.keep_alive()
    return True


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Say that a page made for one person is no other's, and not to be shown again without asking."""
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _to_do_first(request: Request) -> str:
    """Give the name of the page that stands before all others for this account, "" when it is in order."""
    if accounts.password_is_due(request.user):
        return "change_password"
    if not request.user.has_second_factor and second_factor.is_compulsory_for(request.user, in_demo=request.is_demo):
        return "second_factor"
    return ""
