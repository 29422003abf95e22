"""What every journey does: log in, look whether a page is accessible and keeps within the screen."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.cast import PASSWORD

# WCAG 2.2 AA and what axe counts as good practice beside it.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def log_in(page: Page, username: str, password: str = PASSWORD) -> None:
    """Log in by the form."""
    page.goto("/login/")
    page.fill("[name=username]", username)
    page.fill("[name=password]", password)
    page.click("main button")
    page.wait_for_url(lambda address: "/login/" not in address)


def violations(page: Page) -> list[str]:
    """Give what axe finds wrong with the page as it stands, one line for each element."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
