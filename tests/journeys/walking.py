"""What every journey does: log in, look whether a page is accessible and keeps within the screen."""

from __future__ import annotations

from collections.abc import Iterable

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


def faults(page: Page, addresses: Iterable[str]) -> dict[str, list[str]]:
    """Open each address and all that folds open on it; give what is wrong: not accessible, or wider than the screen."""
    found = {}
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        page.locator("main details:not([data-dropdown])").evaluate_all("all => all.forEach(one => one.open = true)")
        if wrong := sound(page):
            found[address] = wrong
    return found


def sound(page: Page) -> list[str]:
    """Give what is wrong with the page as it stands."""
    return violations(page) + [f"too wide by {px}" for px in [overflow(page)] if px]


def overflow(page: Page) -> int:
    """Give by how many pixels the page is wider than the screen."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
