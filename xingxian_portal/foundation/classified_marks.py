"""密级 markings: what may never be kept here, because the portal is not a system for state secrets (保守国家秘密法 第三十一条).

A marking stands on a line of its own (秘密★1年, 机密, 绝密★长期, also beside a copy number or 特急), or is a part of a file's
name. Words that merely speak of secrets (商业秘密, 国家秘密, 保密制度) are no markings.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LEVEL = "(?:绝密|机密|秘密)"
_STAR = "[★☆✩✭⭐*﹡]"
_TERM = r"(?:长期|(?:\d{1,3}|[一二三四五六七八九十]{1,3})(?:年|个月|月|日|天)|(?:公布|启用|解密)前)"
_MARK = f"{_LEVEL}(?:级)?(?:{_STAR}{_TERM}?|{_TERM})?"
# What an official letter's head may hold beside it (GB/T 9704): copy number, urgency, and the names of these.
_BESIDE = r"(?:(?:密级|保密等级|保密期限|密级和保密期限|紧急程度|份号|№|No\.?)[:：]?|\d{5,7}|特急|加急|平急|急件)"
_LINE = re.compile(
    rf"(?:{_BESIDE}|[,，;；、|/])*[\[【(（《〔]?({_MARK})[\]】)）》〕]?(?:{_BESIDE}|[,，;；、|/]|{_TERM})*",
    re.IGNORECASE,
)
_STARRED = re.compile(f"{_LEVEL}{_STAR}")
_PARTS = re.compile(r"[\s_\-—–·.,，、;；+&()（）\[\]【】《》〔〕{}<>“”\"'‘’#@!！~]+")
LONGEST_LINE = 60  # a marking is short; a longer line is text


def in_lines(lines: Iterable[str]) -> str:
    """Give the first marking that stands on a line of its own, "" when there is none."""
    for line in lines:
        if found := _of_line(line):
            return found
    return ""


def in_name(name: str) -> str:
    """Give the marking that is a part of a file's name, "" when there is none."""
    stem = unicodedata.normalize("NFKC", name).rpartition(".")[0] or name
    if _STARRED.search(re.sub(r"\s", "", stem)):
        return stem
    return next((part for part in _PARTS.split(stem) if re.fullmatch(_MARK, part)), "")


def _of_line(line: str) -> str:
    if len(line) > 4 * LONGEST_LINE:
        return ""
    # Blanks between the characters are how such a line is set in print: 秘　密 ★ 1 年.
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", line))
    found = _LINE.fullmatch(plain) if len(plain) <= LONGEST_LINE else None
    return found[1] if found else ""
