"""Codes of units and groups, made from their names: people never have to think of one."""

from __future__ import annotations

import re
from collections.abc import Container

from pypinyin import Style, lazy_pinyin

LONGEST = 16


def code_for(name: str, taken: Container[str]) -> str:
    """Give the first letters of the name's pinyin (县应急管理局 → xyjglj), numbered on when that is taken."""
    letters = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors="default")).lower()
    stem = re.sub(r"[^a-z0-9]", "", letters)[:LONGEST] or "x"
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code
