"""A visitor who tries every address: with an object of one's own, with somebody else's, with one that is not there.

Thousands of requests in seconds: what is the same for all of them (the chain of middleware, the page that says 404)
stays outside, the views and forms are the portal's own. Whatever an act changed is undone.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import FunctionType
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.core.handlers.wsgi import WSGIRequest
from django.db import connection, transaction
from django.http import Http404, HttpResponseBase, HttpResponseNotFound, StreamingHttpResponse
from django.template.backends.django import Template
from django.test import RequestFactory
from django.urls import NoReverseMatch, ResolverMatch, resolve, reverse
from django_htmx.middleware import HtmxDetails

from liaisons import roles
from liaisons.backends import AccountBackend
from liaisons.models import User
from tests.cast import Cast
from tests.xingxian_portal.url_samples import HIDDEN, QUESTIONS, SAMPLES, Sample
from xingxian_portal.access_kinds import Access
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.official_document import OfficialDocument
from xingxian_portal.url_access import ACCESS, line_of

OWN, FOREIGN, MISSING = "own", "foreign", "missing"
METHODS = ("GET", "POST")
FORM = "application/x-www-form-urlencoded"
ENTERED = {"GET": {"200", "302"}, "POST": {"200", "204", "302", "405"}}
# Acts that without any data find nothing to act on: the demo's clock, a section of the desk, a unit,
# a right to decide.
ASK_FOR_MORE = {"next_workday", "desk_urge", "plan_give", "proposal_decide"}


class Door:
    """Every view of the portal, without the chain before it; errors come out as they are."""

    def __init__(self) -> None:
        self._requests = RequestFactory()

    def knock(self, method: str, address: str, visitor: User | None, body: str = "") -> str:
        """Send one request; gives its status, or "log in". What it changed is the caller's to undo."""
        try:
            return _status(self._answer(self._request(method, address, visitor, body)))
        except Exception as error:
            error.add_note(f"{method} {address} as {visitor and visitor.username}")
            raise

    def page(self, address: str, visitor: User | None) -> str:
        """Give a page as it is drawn, "" for a file or a way elsewhere."""
        answer = self._answer(self._request("GET", address, visitor))
        is_page = _status(answer) == "200" and answer.get("Content-Type", "").startswith("text/html")
        return answer.content.decode() if is_page else ""

    def _request(self, method: str, address: str, visitor: User | None, body: str = "") -> Any:
        request: Any = self._requests.generic(method, address, body, content_type=FORM)
        request.user = copy.copy(visitor) if visitor else AnonymousUser()
        request.session = SessionStore()
        request.is_demo, request.number = False, ""
        request.htmx = HtmxDetails(request)
        request._messages = FallbackStorage(request)
        request._dont_enforce_csrf_checks = True
        return request

    def _answer(self, request: WSGIRequest) -> Any:
        request.resolver_match = match = page_at(request.path_info)
        try:
            answer = match.func(request, *match.args, **match.kwargs)
            return answer.render() if hasattr(answer, "render") else answer
        except Http404:
            return HttpResponseNotFound()


@cache
def page_at(path: str) -> ResolverMatch:
    """Give the page that answers at `path`: the same for every visitor and method, and dear to find."""
    return resolve(path)


@contextmanager
def undrawn() -> Iterator[None]:
    """Draw no page and write no document for the block: what a template would show is empty."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Template, "render", lambda *_: "")
        for name, part in list(vars(OfficialDocument).items()):
            if isinstance(part, FunctionType):
                patch.setattr(OfficialDocument, name, lambda *_, **__: None)
        patch.setattr(OfficialDocument, "as_bytes", lambda _: b"-")
        yield


def _status(response: HttpResponseBase) -> str:
    if isinstance(response, StreamingHttpResponse):  # a file
        assert b"".join(iter(response))
        for close in getattr(response, "_resource_closers"):  # noqa: B009 - not close(): it would close the database too
            close()
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


@dataclass
class Walker:
    """One visitor on the way through the addresses."""

    visitor: User | None
    count: int = 0
    surprises: list[str] = field(default_factory=list)
    wrote: bool = False
    door: Door = field(default_factory=Door)

    def go(self, ways: Iterator[Step]) -> None:
        """Try every step; whatever it wrote is undone before the next."""
        with clock.held_at(clock.real_now()), connection.execute_wrapper(self._listen):
            while self._until_it_writes(ways):
                pass

    def _until_it_writes(self, ways: Iterator[Step]) -> bool:
        # Most requests only read: one savepoint serves until something was written.
        with transaction.atomic():
            self.wrote = False
            for step in ways:
                self._try(step)
                if self.wrote:
                    transaction.set_rollback(True)
                    return True
        return False

    def _listen(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.wrote |= not sql.startswith("SELECT")
        return execute(sql, params, many, context)

    def _try(self, step: Step) -> None:
        given = self.door.knock(step.method, step.address, self.visitor)
        self.count += 1
        if given not in step.expected:
            wanted = " or ".join(sorted(step.expected))
            self.surprises.append(f"{step.method} {step.name} ({step.kind}): {given}, not {wanted}")


def is_drawn(step: Step, cast: Cast, visitor: User | None) -> bool:
    """Say whether the page is drawn too: for the first of the cast who enters, and for the first from elsewhere.

    Drawing costs more than all the rest, and the status is known before it. What a page shows to whom, other tests say.
    """
    entering = [person for person in (None, *cast) if ACCESS[line_of(step.name)].admits(person)]
    elsewhere = [person for person in entering if person is None or person.unit_id != cast.sfj.unit_id]
    return visitor in (entering[:1] if step.method == "POST" else (*entering[:1], *elsewhere[:1]))


def walk(names: list[str], samples: Samples, visitor: User | None) -> tuple[int, list[str]]:
    """Try every address; gives the number of requests, and a line for each surprise."""
    visitor = AccountBackend().get_user(visitor.pk) if visitor else None
    ways = [step for name in names for step in steps(name, samples, visitor)]
    walker = Walker(visitor)
    walker.go(step for step in ways if is_drawn(step, samples.cast, visitor))
    with undrawn():
        walker.go(step for step in ways if not is_drawn(step, samples.cast, visitor))
    return walker.count, walker.surprises
