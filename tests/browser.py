"""A real Chromium for the journeys: pages of a desk and of a phone, screenshots of what failed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests import machine

FLAGS = ["--no-sandbox", "--disable-gpu"]  # CI runs as root, where Chromium's sandbox cannot start
FAILED = pytest.StashKey[bool]()  # whether the test that opened the pages failed
PageMaker = Callable[..., Page]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium, one process for all journeys."""
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's event loop lives in this thread; without it Django refuses every query of a test.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(executable_path=machine.chromium(), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[PageMaker]:
    """Open pages, each a person of its own (`new_page(width=390, height=844)`); `/` is the portal under test.

    A script error or a breach of the content security policy on any of them fails the test.
    """
    pages: list[Page] = []
    faults: list[str] = []

    def note_breach(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def open_page(width: int = 1440, height: int = 900, **options) -> Page:
        viewport = ViewportSize(width=width, height=height)
        place = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai", "base_url": live_server.url}
        page = browser.new_context(viewport=viewport, **place | options).new_page()
        page.on("console", note_breach)
        page.on("pageerror", lambda error: faults.append(str(error)))
        pages.append(page)
        return page

    yield open_page
    if request.node.stash.get(FAILED, False) or faults:
        # A journey may lose its browser on purpose.
        for number, page in enumerate([page for page in pages if not page.is_closed()], 1):
            page.screenshot(path=tmp_path / f"page-{number}.png", full_page=True)
            print(f"screenshot: {tmp_path / f'page-{number}.png'}")
    for page in pages:
        page.context.close()
    assert faults == []


@pytest.fixture
def page(new_page: PageMaker) -> Page:
    """Give a page as wide as a desk's screen."""
    return new_page()


@pytest.fixture
def phone(new_page: PageMaker) -> Page:
    """Give a page as narrow as a phone's screen."""
    return new_page(390, 844, has_touch=True)
