from __future__ import annotations

import pytest
from django.urls import resolve

from tests.cast import client_of
from xingxian_portal import navigation
from xingxian_portal.url_access import ACCESS, line_of

NAMES = ["sfj", "sfjld", "admin", "anquan", "audit", "weifen", "weifenld", "scj", "lingdao", "pingcha"]


@pytest.mark.parametrize("name", NAMES)
def test_every_entry_leads_to_a_page_that_opens(cast, name):
    user = getattr(cast, name)
    client = client_of(user)

    answers = [
        client.get(entry.address, follow=True).status_code for entry in navigation.entries(user.permissions, "/")
    ]
    assert answers == [200] * len(answers)
    assert answers or not navigation.address_of("wall")


@pytest.mark.parametrize("name", NAMES)
def test_the_first_page_is_one_that_opens(cast, name):
    response = client_of(getattr(cast, name)).get("/", follow=True)

    assert response.status_code == 200


def test_an_entry_without_a_page_does_not_appear():
    assert navigation.address_of("a_page_of_a_later_issue") == ""


def test_the_auditor_sees_the_trail_and_nothing_of_the_business(cast):
    assert [entry.label for entry in navigation.entries(cast.audit.permissions, "/audit/")] == ["审计记录"]


def test_the_list_of_addresses_admits_whom_an_entry_is_shown_to(cast):
    for user in cast:
        for entry in navigation.entries(user.permissions, "/"):
            match = resolve(entry.address)
            assert ACCESS[line_of(match.view_name)].admits(user), entry


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/accounts/", ["账号"]),
        ("/accounts/12/roles/", ["账号"]),
        ("/calendar/2022/", ["日历"]),
        ("/roles/", []),
        ("/accountsx/", []),
    ],
)
def test_at_most_one_entry_is_current(cast, path, current):
    entries = navigation.entries(cast.admin.permissions, path)

    assert [entry.label for entry in entries if entry.current] == current


def test_nobody_sees_the_wall_twice(cast):
    for user in cast:
        labels = [entry.label for entry in navigation.entries(user.permissions, "/")]
        assert len(labels) == len(set(labels))
