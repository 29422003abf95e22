"""Words for the public search: Chinese without spaces is cut into pairs of characters, so that any word is found.

Pairs alone find no single character: the last of each run stands by itself too, and a single one asked for is looked
for as the beginning of a pair.
"""

from __future__ import annotations

import re
import unicodedata

from exemptions.citations import chinese

_RUN = re.compile(r"[㐀-鿿豈-﫿\U00020000-\U0003134f]+|[a-z]+|[0-9]+")
_ARTICLE = re.compile(r"第?(\d{1,4})([条款项])")  # statutes number in Chinese figures, people in digits
LONGEST_QUERY = 60
MOST_WORDS = 8


def plain(text: str) -> str:
    """Give a text as it is compared: full width and capitals made alike, blanks and marks gone."""
    return "".join(_runs(text))


def _runs(text: str) -> list[str]:
    return _RUN.findall(unicodedata.normalize("NFKC", text).lower())


def _is_chinese(run: str) -> bool:
    return not run.isascii()


def tokens(text: str) -> list[str]:
    """Give what a text is found by, each once, in order."""
    found: dict[str, None] = {}
    for run in _runs(text):
        parts = [run[i : i + 2] for i in range(len(run))] if _is_chinese(run) else [run]
        found |= dict.fromkeys(parts)
    return list(found)


def words(query: str) -> list[str]:
    """Give the words of a query that can be looked for, the first few of them; a long query is cut off."""
    cut = _ARTICLE.sub(lambda found: f"第{chinese(found[1])}{found[2]}", query[:LONGEST_QUERY])
    runs: dict[str, None] = dict.fromkeys(_runs(cut))
    return list(runs)[:MOST_WORDS]


def asked(word: str) -> tuple[list[str], bool]:
    """Give the tokens that must all be there for `word`, and whether the last is only the beginning of one."""
    if not _is_chinese(word):
        return [word], True
    if len(word) == 1:
        return [word], True
    return [word[i : i + 2] for i in range(len(word) - 1)], False
