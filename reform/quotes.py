"""A sentence of a plan with the words of one of its time limits marked."""

from __future__ import annotations

import re

Part = tuple[str, bool]


def marked(sentence: str, words: str) -> list[Part]:
    """Give the sentence in parts, each with whether it belongs to `words`; unmarked when it does not hold them.

    Words that leave something out (……) are looked for piece by piece.
    """
    parts: list[Part] = []
    rest = sentence
    for piece in filter(None, re.split(r"…+", words)):
        before, found, after = rest.partition(piece)
        if not found:
            return [(sentence, False)]
        parts += [(before, False), (piece, True)]
        rest = after
    return [part for part in [*parts, (rest, False)] if part[0]]
