"""Rules about templates and static files: what a strict content security policy and a slow county line ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.architecture.sources import Rule, Source

LONGEST_TEMPLATE = 120
TEMPLATE_ENDINGS = (".html", ".txt")
STYLESHEET = "xingxian_portal/static/portal/portal.css"
STYLESHEETS = {
    STYLESHEET: "the one",
    "xingxian_portal/static/portal/reference.css": "Django's administration brings its own; this only colours it",
}


def inline_code(file: Source) -> Iterator[str]:
    """Find style and script written into a page; browsers drop both under our policy."""
    if file.is_template:
        yield from re.findall(r"<style\b|\sstyle\s*=|\son\w+\s*=\s*[\"']|hx-on\b|javascript:", file.text, re.I)
        yield from re.findall(r"<script\b(?![^>]*\ssrc=)[^>]*>", file.text, re.I)


def other_hosts(file: Source) -> Iterator[str]:
    """Find scripts, pictures and the like that a page would fetch from elsewhere; plain links may lead anywhere."""
    if file.is_template:
        yield from re.findall(
            r"<(?!a\b)\w+[^>]*\s(?:src|href|action|hx-\w+)=[\"'](?:https?:)?//[^>]*>", file.text, re.I
        )
    if file.path.endswith(".css"):
        yield from re.findall(r"@import\b.*|url\([\"']?(?:https?:)?//.*", file.text)


def unusual_templates(file: Source) -> Iterator[str]:
    """Find templates too long to see at once, or of a kind that Django does not escape as we expect."""
    lines = file.text.count("\n")
    if file.is_template and lines > LONGEST_TEMPLATE:
        yield f"{lines} lines"
    if file.is_template and not file.path.endswith(TEMPLATE_ENDINGS):
        yield "unusual ending"


def second_stylesheets(file: Source) -> Iterator[str]:
    """Find stylesheets beside the one."""
    if file.path.endswith((".css", ".scss", ".less")) and file.path not in STYLESHEETS:
        yield file.path


def _page(text: str) -> Source:
    return Source("templates/reform/wall.html", text)


RULES = [
    Rule(
        "no style or script is written into a page",
        inline_code,
        [
            _page("<style>a{}</style>"),
            _page('<p style="color:red">'),
            _page('<a onclick="go()">'),
            _page("<script>go()</script>"),
            _page('<a href="javascript:go()">'),
            _page('<a hx-on:click="go()">'),
            Source("exemptions/templates/exemptions/list.html", "<p style=''>"),
        ],
        [_page('<script src="{% static "portal/portal.js" %}" defer></script><p class="style">onclick</p>')],
    ),
    Rule(
        "a page fetches nothing from other hosts",
        other_hosts,
        [
            _page('<script src="https://cdn.example/x.js"></script>'),
            _page('<link rel="stylesheet" href="//cdn.example/x.css">'),
            Source(STYLESHEET, "@import url(x.css);"),
            Source(STYLESHEET, "a { background: url('https://cdn.example/x.png') }"),
        ],
        [_page('<a href="https://www.example.org/">x</a><link href="{% static "portal/portal.css" %}">')],
    ),
    Rule(
        f"a template is .html or .txt and at most {LONGEST_TEMPLATE} lines long",
        unusual_templates,
        [_page("\n" * 121), Source("templates/wall.jinja")],
        [_page("\n" * 120), Source("templates/mail.txt")],
    ),
    Rule(
        "there is one stylesheet",
        second_stylesheets,
        [Source("reform/static/reform/wall.css")],
        [Source(STYLESHEET)],
    ),
]  # fmt: skip
