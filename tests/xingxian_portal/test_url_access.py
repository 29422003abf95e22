"""The one list of addresses: complete, and true for every member of the cast."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.cast import Cast, client_of
from tests.xingxian_portal.url_samples import QUESTIONS, SAMPLES
from xingxian_portal.url_access import ACCESS, line_of

VISITORS = [None, *(field.name for field in fields(Cast))]
# Django gives these no name, so nothing can link to them; they only correct mistyped addresses.
CORRECTIONS = {"admin/(?P<url>.*)$"}


def addresses(patterns, namespace: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """Give name and route of every address, through every include."""
    for pattern in patterns:
        full_route = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from addresses(pattern.url_patterns, inner, full_route)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else "", full_route


def named() -> list[str]:
    return [name for name, _ in addresses(get_resolver().url_patterns) if name]


def test_every_address_is_on_the_list():
    assert sorted({line_of(name) for name in named()} - set(ACCESS)) == []


def test_the_list_names_no_address_that_is_gone():
    assert sorted(set(ACCESS) - {line_of(name) for name in named()}) == []


def test_an_address_without_a_name_only_corrects_mistyped_ones():
    unnamed = {route for name, route in addresses(get_resolver().url_patterns) if not name}

    assert {route for route in unnamed if not route.endswith("<path:object_id>/")} == CORRECTIONS


def test_no_two_addresses_share_a_name():
    names = named()

    assert sorted(name for name in set(names) if names.count(name) > 1) == []


def expected(access, visitor, name: str) -> set[str]:
    """Give what may come back for a plain GET."""
    if name == "setup":
        return {"404"}  # the cast has accounts, so the first run is over
    if not access.admits(visitor):
        return {"404"} if visitor else {"log in"}
    return {"405"} if access.is_act else {"200", "302"}


def address_for(name: str, cast: Cast, visitor) -> str:
    """Give the address of an object that the visitor, let in, would find."""
    return reverse(name, kwargs=SAMPLES[name](cast, visitor) if name in SAMPLES else {}) + QUESTIONS.get(name, "")


def outcome(response) -> str:
    """Put an answer into the words of `expected`; a file is read to its end, which closes it."""
    if response.streaming:
        assert b"".join(response.streaming_content)
    if response.status_code == 302 and response["Location"].startswith(reverse("login") + "?"):
        return "log in"
    return str(response.status_code)


@pytest.mark.parametrize("visitor_name", VISITORS)
def test_every_address_opens_to_whom_the_list_says(cast, visitor_name):
    visitor = getattr(cast, visitor_name) if visitor_name else None
    client = client_of(visitor)
    surprises = []
    for name in named():
        given = outcome(client.get(address_for(name, cast, visitor)))
        if given not in expected(ACCESS[line_of(name)], visitor, name):
            surprises.append((name, given))

    assert surprises == []


@pytest.mark.parametrize("visitor_name", VISITORS)
def test_nobody_else_can_send_anything_there(cast, visitor_name):
    visitor = getattr(cast, visitor_name) if visitor_name else None
    client = client_of(visitor)
    surprises = []
    for name in named():
        access = ACCESS[line_of(name)]
        if not access.admits(visitor):
            given = outcome(client.post(address_for(name, cast, visitor)))
            if given != ("404" if visitor else "log in"):
                surprises.append((name, given))

    assert surprises == []
