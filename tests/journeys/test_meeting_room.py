"""The big screen in the meeting room: it goes on while nobody touches it, and its session's end leads back to it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from liaisons.models import Session
from tests.cast import PASSWORD
from tests.journeys.walking import log_in
from tests.reform.walls import TODAY, county, it_is

NEXT_TURN = (
    "htmx.ajax('GET', document.querySelector('main').getAttribute('hx-get'), {target: 'main', swap: 'outerHTML'})"
)


def ask_for_next_turn(screen: Page) -> None:
    """Ask as the page does each half minute."""
    screen.evaluate(NEXT_TURN)


def test_the_end_of_a_session_shows_the_log_in_and_then_the_wall_again(page, cast):
    county()
    it_is(TODAY)
    log_in(page, "lingdao")
    page.goto("/wall/screen/?turn=1")
    ask_for_next_turn(page)
    expect(page.get_by_text("第 2 屏，共 2 屏")).to_be_visible()

    Session.objects.all().delete()
    ask_for_next_turn(page)
    page.wait_for_url("**/login/?next=/wall/screen/**")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.fill("[name=username]", "lingdao")
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    expect(page.get_by_text("屏，共 2 屏")).to_be_visible()
    assert "/wall/screen/" in page.url
