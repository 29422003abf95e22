"""A visitor who tries every address: with an object of one's own, with somebody else's, with one that is not there.

Thousands of requests in seconds: what is the same for all of them (session, static files, log lines, the page that
says 404) stays outside, the views, forms and templates are the portal's own. Whatever an act changed is undone.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotFound, StreamingHttpResponse
from django.test import RequestFactory, override_settings
from django.test.client import ClientHandler
from django.urls import NoReverseMatch, reverse

from liaisons import roles
from liaisons.backends import AccountBackend
from liaisons.models import User
from tests.cast import Cast
from tests.xingxian_portal.url_samples import HIDDEN, QUESTIONS, SAMPLES, Sample
from xingxian_portal.access_kinds import Access
from xingxian_portal.url_access import ACCESS, line_of

OWN, FOREIGN, MISSING = "own", "foreign", "missing"
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
VISITOR = "tests.visitor"
ENTERED = {"GET": {"200", "302"}, "POST": {"200", "204", "302", "405"}}
# Acts that without any data find nothing to act on: the demo's clock, a section of the desk, a unit,
# a right to decide.
ASK_FOR_MORE = {"next_workday", "desk_urge", "plan_give", "proposal_decide"}
MIDDLEWARE = [
    "tests.xingxian_portal.url_walk.AtTheDoor",
    "xingxian_portal.middleware.RequestOrigin",
    "xingxian_portal.middleware.BusinessTime",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]


class AtTheDoor:
    """Stands for the log-in: a request comes with its visitor. An object that is not found needs no page here."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        visitor = request.META[VISITOR]
        request.user = copy.copy(visitor) if visitor else AnonymousUser()
        request.session = SessionStore()
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        return HttpResponseNotFound() if isinstance(exception, Http404) else None


class Door(RequestFactory):
    """The portal behind a short chain of middleware; errors come out as they are."""

    def __init__(self) -> None:
        super().__init__()
        self.handler = ClientHandler(enforce_csrf_checks=False)
        with override_settings(MIDDLEWARE=MIDDLEWARE):
            self.handler.load_middleware()

    def request(self, **request: Any) -> Any:
        return self.handler(getattr(self, "_base_environ")(**request))  # noqa: B009 - the stubs do not know it

    def knock(self, method: str, address: str, visitor: User | None) -> str:
        """Send one request without any data; gives its status, or "log in", and undoes what it did."""
        try:
            with transaction.atomic():
                came_with: Any = {VISITOR: visitor}
                answer: Any = self.generic(method, address, content_type=FORM, **came_with)
                given = _status(answer)
                transaction.set_rollback(True)
        except Exception as error:
            error.add_note(f"{method} {address} as {visitor and visitor.username}")
            raise
        return given


def _status(response: HttpResponseBase) -> str:
    if isinstance(response, StreamingHttpResponse):  # a file: reading it to its end closes it
        assert b"".join(iter(response))
    if response.status_code == 302 and response["Location"].startswith(reverse("login") + "?"):
        return "log in"
    return str(response.status_code)


@dataclass
class Samples:
    """The objects of the walk; each is made once, for all who would be given the same."""

    cast: Cast
    made: dict[tuple[Sample, User | None], dict[str, Any]] = field(default_factory=dict)

    def of(self, name: str, visitor: User | None) -> dict[str, Any]:
        """Give the keys of an object that the visitor, let in, finds at the address `name`."""
        return self._made(SAMPLES[name], visitor) if name in SAMPLES else {}

    def hidden(self, name: str, visitor: User | None) -> dict[str, Any]:
        """Give the keys of an object that the address keeps from some of those whom it lets in."""
        stranger = self._stranger_to(visitor)
        if name in HIDDEN and (sample := HIDDEN[name].sample):
            return self._made(sample, stranger)
        return self.of(name, stranger)

    def _made(self, sample: Sample, visitor: User | None) -> dict[str, Any]:
        if (sample, visitor) not in self.made:
            self.made[sample, visitor] = sample(self.cast, visitor)
        return self.made[sample, visitor]

    def _stranger_to(self, visitor: User | None) -> User:
        return self.cast.scj if visitor and visitor.unit == self.cast.weifen.unit else self.cast.weifen


@dataclass(frozen=True)
class Step:
    """One request of the walk and what may come back."""

    name: str
    kind: str
    method: str
    address: str
    expected: set[str]


def finds_others(access: Access, visitor: User | None, name: str) -> bool:
    """Say whether the visitor finds there what belongs to others.

    The list says it: a right that holds for one's own unit opens that unit's rows, any other right opens all rows.
    """
    if name in HIDDEN:
        return bool(visitor and visitor.permissions & HIDDEN[name].opened_by)
    if access.public:
        return True
    return bool(access.permissions and visitor and visitor.permissions & access.permissions - roles.OWN_UNIT)


def expected(name: str, kind: str, method: str, visitor: User | None) -> set[str]:
    """Give what may come back."""
    access = ACCESS[line_of(name)]
    if name == "setup":
        return {"404"}  # the cast has accounts, so the first run is over
    if not access.admits(visitor):
        return {"404"} if visitor else {"log in"}
    if access.is_act and method == "GET":
        return {"405"}
    if kind == MISSING:
        # Django's administration says so on its front page.
        return {"302"} if name.startswith("admin:") else {"404", "405"} if method == "POST" else {"404"}
    if kind == FOREIGN and not finds_others(access, visitor, name):
        return {"404"}
    return ENTERED[method] | ({"404"} if method == "POST" and name in ASK_FOR_MORE else set())


def nowhere(keys: dict[str, Any]) -> dict[str, Any]:
    """Give keys of the same form that no object has."""
    return {name: 2**31 - 1 if isinstance(key, int) else "nothing-has-this" for name, key in keys.items()}


def steps(name: str, samples: Samples, visitor: User | None) -> Iterator[Step]:
    """Give every request that one address is tried with."""
    own = samples.of(name, visitor)
    kinds = {OWN: own}
    if own:
        kinds[MISSING] = nowhere(own)
        if (foreign := samples.hidden(name, visitor)) != own:
            kinds[FOREIGN] = foreign
    for kind, keys in kinds.items():
        try:
            address = reverse(name, kwargs=keys) + QUESTIONS.get(name, "")
        except NoReverseMatch:
            continue  # a key that the address itself does not take
        for method in METHODS:
            yield Step(name, kind, method, address, expected(name, kind, method, visitor))


def walk(names: list[str], samples: Samples, visitor: User | None) -> tuple[int, list[str]]:
    """Try every address; gives the number of requests, and a line for each surprise."""
    door, surprises, count = Door(), [], 0
    visitor = AccountBackend().get_user(visitor.pk) if visitor else None
    for name in names:
        for step in list(steps(name, samples, visitor)):
            given, count = door.knock(step.method, step.address, visitor), count + 1
            if given not in step.expected:
                wanted = " or ".join(sorted(step.expected))
                surprises.append(f"{step.method} {name} ({step.kind}): {given}, not {wanted}")
    return count, surprises
