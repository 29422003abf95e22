from __future__ import annotations

from liaisons import roles
from liaisons.permissions import LABELS, Permission
from tests.cast import client_of


def test_every_role_is_on_the_page_and_one_s_own_is_marked(cast):
    page = client_of(cast.weifen).get("/roles/").content.decode()

    assert [role.name for role in roles.ALL if role.name not in page] == []
    assert page.count("您的角色") == 1


def test_every_permission_has_a_label():
    assert set(LABELS) == set(Permission)


def test_the_page_costs_nothing_beyond_the_frame(cast, django_assert_num_queries):
    client = client_of(cast.weifen)

    with django_assert_num_queries(4):
        client.get("/roles/")
