"""The one list of addresses: complete, and true for every member of the cast."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import fields

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.cast import Cast, gather
from tests.xingxian_portal.url_samples import SAMPLES
from tests.xingxian_portal.url_walk import Samples, walk
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


def test_every_address_with_an_object_has_a_sample_of_it():
    with_keys = {name for name, route in addresses(get_resolver().url_patterns) if name and "<" in route}

    assert sorted(with_keys - set(SAMPLES) - {"admin:view_on_site"}) == []


@pytest.fixture(scope="module")
def samples(standing) -> Samples:
    made = Samples(gather())
    for visitor in (None, *made.cast):
        for name in named():
            made.hidden(name, visitor)
            made.of(name, visitor)
    return made


@pytest.fixture
def quietly() -> Iterator[None]:
    """Write no log line for each refusal."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


# Thousands of requests. On SQLite: what each writes and takes back PostgreSQL keeps while the file's transaction lasts,
# and then every page reads through all of it. What a page asks of PostgreSQL is shown by its own tests.
@pytest.mark.endurance
@pytest.mark.parametrize("visitor_name", VISITORS)
def test_every_address_opens_to_whom_the_list_says(samples, quietly, visitor_name, record_property):
    visitor = getattr(samples.cast, visitor_name) if visitor_name else None
    count, surprises = walk(named(), samples, visitor)
    record_property("requests walked through every address, all answered as listed", count)

    if surprises:
        pytest.fail("\n".join(surprises), pytrace=False)
