from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from tests.cast import client_of
from xingxian_portal.foundation import clock


def start() -> None:
    clock.start_demo(timezone.make_aware(dt.datetime(2022, 6, 20, 16, 0)))


def test_the_banner_s_button_moves_on_and_comes_back_to_the_page(cast):
    start()
    client = client_of(cast.weifen)
    assert 'action="/clock/next-workday/"' in client.get("/roles/").content.decode()

    response = client.post("/clock/next-workday/", {"next": "/roles/"}, follow=True)

    assert response.redirect_chain == [("/roles/", 302)]
    assert "业务时间已到 2022年6月21日（星期二）08:30。" in response.content.decode()


def test_it_never_leads_out_of_the_portal(cast):
    start()
    response = client_of(cast.weifen).post("/clock/next-workday/", {"next": "https://elsewhere.example/"})

    assert response["Location"] == "/"


@pytest.mark.parametrize("who", ["audit"])
def test_who_has_no_wall_has_no_button(cast, who):
    start()
    client = client_of(getattr(cast, who))

    assert "/clock/next-workday/" not in client.get("/roles/").content.decode()
    assert client.post("/clock/next-workday/").status_code == 404
    assert clock.today() == dt.date(2022, 6, 20)


def test_without_a_demo_there_is_neither_banner_nor_address(cast):
    client = client_of(cast.sfj)

    assert "演示数据" not in client.get("/roles/").content.decode()
    assert client.post("/clock/next-workday/").status_code == 404


@pytest.mark.parametrize("address", ["/login/", "/roles/"])
def test_every_page_says_what_must_never_be_uploaded(cast, address, client):
    page = (client if address == "/login/" else client_of(cast.sfj)).get(address).content.decode()

    assert page.count("严禁") == 2
