from __future__ import annotations

import pytest

from liaisons import notices
from liaisons.models import Notice
from tests.cast import client_of


def tell(cast, link: str = "", count: int = 1) -> Notice:
    for number in range(count):
        notices.tell([cast.weifen], "催办", f"六月报告 {number}", body="还有 3 项", link=link)
    return notices.inbox(cast.weifen)[0]


@pytest.mark.parametrize("count", [1, 30])
def test_the_inbox_costs_the_same_however_full(cast, count, django_assert_num_queries):
    tell(cast, count=count)
    client = client_of(cast.weifen)

    with django_assert_num_queries(4 + 2):  # the frame, the count of pages, the page
        page = client.get("/notices/").content.decode()
    assert page.count('class="new"') == count


def test_an_empty_inbox_says_so(cast):
    assert "还没有消息" in client_of(cast.weifen).get("/notices/").content.decode()


def test_a_long_inbox_has_pages(cast):
    tell(cast, count=31)
    client = client_of(cast.weifen)

    assert "第 1 页，共 2 页，31 条" in client.get("/notices/").content.decode()
    assert client.get("/notices/?page=2").content.decode().count('class="new"') == 1
    assert "第 2 页" in client.get("/notices/?page=99").content.decode()


def test_opening_a_notice_leads_to_what_it_is_about(cast):
    notice = tell(cast, link="/roles/")

    assert client_of(cast.weifen).get(f"/notices/{notice.pk}/")["Location"] == "/roles/"
    assert Notice.objects.get().opened_at is not None


@pytest.mark.parametrize("link", ["", "https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_notice_without_a_place_in_the_portal_is_shown_itself(cast, link):
    response = client_of(cast.weifen).get(f"/notices/{tell(cast, link=link).pk}/")

    assert (response.status_code, "还有 3 项" in response.content.decode()) == (200, True)


def test_signing_for_shows_when(cast):
    notice = tell(cast)
    client = client_of(cast.weifen)

    assert client.post(f"/notices/{notice.pk}/acknowledge/")["Location"] == "/notices/"
    assert "已签收" in client.get("/notices/").content.decode()


def test_marking_all_as_read_empties_the_bell(cast):
    tell(cast, count=3)
    client = client_of(cast.weifen)
    assert "3<span" in client.get("/notices/").content.decode()

    client.post("/notices/read/")

    assert "没有未读消息" in client.get("/notices/").content.decode()


def test_another_s_notice_is_not_there(cast):
    notice = tell(cast)
    client = client_of(cast.scj)

    answers = [client.get(f"/notices/{notice.pk}/"), client.post(f"/notices/{notice.pk}/acknowledge/")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert Notice.objects.get().opened_at is None


def test_what_a_notice_says_is_text_not_markup(cast):
    notices.tell([cast.weifen], "催办", "<script>alert(1)</script>", body="<b>x</b>")

    page = client_of(cast.weifen).get("/notices/").content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)
