"""使用手册: a page for each role, reachable from every page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from liaisons import roles
from tests.cast import client_of
from xingxian_portal.views.manual import CHAPTERS

pytestmark = pytest.mark.django_db


def test_every_role_has_a_chapter():
    written_for = {slug for chapter in CHAPTERS for slug in chapter.roles}
    assert set(roles.BY_SLUG) - written_for == set()


@pytest.mark.parametrize("slug", [chapter.slug for chapter in CHAPTERS])
def test_every_chapter_is_there_even_before_the_log_in(slug):
    answer = Client().get(reverse("manual_chapter", args=[slug]))
    assert answer.status_code == 200
    assert len(answer.content.decode().split('<main id="content"')[1]) > 600


def test_a_chapter_that_nobody_wrote_is_not_there():
    assert Client().get("/manual/nobody/").status_code == 404


@pytest.mark.parametrize(
    "who", ["sfj", "sfjld", "admin", "anquan", "audit", "weifen", "weifenld", "lingdao", "pingcha"]
)
def test_it_is_in_the_foot_of_ones_first_page_with_ones_own_chapters_on_top(cast, who):
    client = client_of(getattr(cast, who))
    assert f'<a href="{reverse("manual")}">使用手册</a>' in client.get("/", follow=True).content.decode()
    own = client.get(reverse("manual")).content.decode().split("您的岗位")[1].split("全部章节")[0]
    held = {grant.role for grant in getattr(cast, who).grants}
    mine = [chapter.slug for chapter in CHAPTERS if held & set(chapter.roles)]
    assert mine
    assert [slug for slug in mine if reverse("manual_chapter", args=[slug]) not in own] == []


@pytest.mark.parametrize("address", ["/login/", "/nowhere/"])
def test_who_is_not_in_yet_or_went_astray_finds_it_too(address):
    assert reverse("manual") in Client().get(address).content.decode()
