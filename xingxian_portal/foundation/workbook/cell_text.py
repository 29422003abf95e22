"""What somebody typed, as text in a cell: never a formula, never a character that breaks the file.

In .xlsx only a real formula cell runs; `quotePrefix` keeps it so when somebody edits the cell. Whoever writes cells
writes `safe(text)` as a string and sets `quotePrefix` where `needs_quote(text)`.
"""

from __future__ import annotations

import re

LONGEST = 32_767  # what a cell holds
CUT = "……（超过单元格长度，已截断）"
# What XML cannot hold: control characters but tab and line feed, halves of pairs, and two that are no characters.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BREAK = re.compile(r"\r\n?")
STARTS = frozenset("=+-@\t\r\n") | frozenset("＝＋－＠")


def safe(value: object) -> str:
    """Give the value as text a cell can hold, cut where it is too long, with one kind of line break."""
    text = "" if value is None else str(value)
    if not text.isprintable():  # which is quickly asked, and nearly always so
        text = _ILLEGAL.sub("", _BREAK.sub("\n", text))
    return text if len(text) <= LONGEST else text[: LONGEST - len(CUT)] + CUT


def needs_quote(text: str) -> bool:
    """Say whether a spreadsheet would take the text for a formula once it is typed again."""
    return text[:1] in STARTS and bool(text)
