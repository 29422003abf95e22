"""Filling in a page's form as a browser without JavaScript would: every input goes back as it came, but for what is typed."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Inputs(HTMLParser):
    """What the inputs of a page would send."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._select: str | None = None
        self._text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        got = dict(attrs)
        name = got.get("name") or ""
        if tag == "input" and name and got.get("type") in {"checkbox", "radio"}:
            if "checked" in got:
                self.values.setdefault(name, []).append(got.get("value") or "on")
        elif tag == "input" and name:
            self.values[name] = got.get("value") or ""
        elif tag == "textarea":
            self._text = name
            self.values[name] = ""
        elif tag == "select":
            self._select = name
            self.values.setdefault(name, "")
        elif tag == "option" and self._select and "selected" in got:
            self.values[self._select] = got.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self._text:
            self.values[self._text] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._text:
            self.values[self._text] = self.values[self._text].removeprefix("\n")
            self._text = None
        elif tag == "select":
            self._select = None


def inputs(html: str) -> dict[str, Any]:
    """Give what the page's inputs would send as they stand."""
    reader = _Inputs()
    reader.feed(html)
    reader.values.pop("csrfmiddlewaretoken", None)
    return reader.values


def send(client: Client, address: str, **typed: Any) -> Any:
    """Open the page, type into it, send it; gives the answer. A name with None is left out."""
    return again(client, address, client.get(address), **typed)


def again(client: Client, address: str, page: Any, **typed: Any) -> Any:
    """Type into a page that came back and send it."""
    values = inputs(page.content.decode()) | typed
    return client.post(address, {name: value for name, value in values.items() if value is not None})


def errors(page: Any) -> Iterator[str]:
    """Give the sentences that stand beside inputs and above the form."""
    html = page.content.decode()
    for part in html.split('<ul class="errorlist')[1:]:
        yield from (item.split("</li>")[0] for item in part.split("</ul>")[0].split("<li>")[1:])
    for part in html.split('class="message error"')[1:]:
        yield from (item.split("</p>")[0] for item in part.split("</div>")[0].split("<p>")[1:])


def messages(page: Any) -> list[str]:
    """Give what the page says about the last act."""
    html = page.content.decode().partition('<div class="messages"')[2].partition("</div>")[0]
    return [part.partition(">")[2].partition("</p>")[0] for part in html.split('<p class="message')[1:]]
