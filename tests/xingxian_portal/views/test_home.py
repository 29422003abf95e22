from __future__ import annotations

import pytest

from tests.cast import account, client_of
from xingxian_portal import navigation


@pytest.mark.parametrize("name", ["sfj", "sfjld", "lingdao", "pingcha"])
def test_the_bureau_and_county_leaders_and_who_has_no_unit_s_work_start_on_the_wall(cast, name):
    assert "<title>挂图作战" in client_of(getattr(cast, name)).get("/").content.decode()


@pytest.mark.parametrize("name", ["weifen", "weifenld", "scj"])
def test_a_unit_starts_on_its_workbench(cast, name):
    assert "<title>我的工作台" in client_of(getattr(cast, name)).get("/").content.decode()


@pytest.mark.parametrize(("name", "page"), [("admin", "/accounts/"), ("anquan", "/accounts/"), ("audit", "/audit/")])
def test_administrators_start_on_their_own_pages(cast, name, page):
    assert client_of(getattr(cast, name)).get("/")["Location"] == page


def test_who_has_no_role_yet_starts_on_the_inbox(cast):
    assert client_of(account("new", "新人", None, None)).get("/")["Location"] == "/notices/"


def test_a_stranger_is_asked_to_log_in(db, client):
    assert client.get("/")["Location"] == "/login/?next=/"


def test_the_entry_of_the_page_one_is_on_is_marked(cast):
    for user, label in ((cast.sfj, "挂图作战"), (cast.weifen, "我的工作台")):
        entries = navigation.entries(user.permissions, "/")
        assert [entry.label for entry in entries if entry.current] == [label]
