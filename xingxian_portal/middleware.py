"""What every request carries: one business moment, a number to quote, where it came from.

Static files are answered before these run and cost nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import structlog
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from liaisons.access import Request
from xingxian_portal.foundation import audit, clock

Answer = Callable[[Request], HttpResponse]
# These open no row of the business and must answer even while the database does not.
WITHOUT_BUSINESS_TIME = ("/healthz",)


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
        token = audit.origin.set({"address": request.META.get("REMOTE_ADDR", "")[:45], "request_id": request.number})
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


class OwnPasswordFirst:
    """Lets an account that was given its password do nothing before it has chosen its own."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: Request) -> HttpResponse:
        """Answer the request, or send a person with a given password to choose one."""
        ways_out = (reverse("change_password"), reverse("logout"))
        if request.path not in (*ways_out, *WITHOUT_BUSINESS_TIME):
            user = request.user
            if user.is_authenticated and user.must_change_password:
                return redirect("change_password")
        return self.get_response(request)
