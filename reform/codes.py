"""Codes of plans, tasks, milestones and data items, made from what the document says: people never type one."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from pypinyin import Style, lazy_pinyin

DIGITS = "零一二三四五六七八九"
LEADING = re.compile(r"\s*[（(]?([一二三四五六七八九十]{1,3}|\d{1,2})[）)、．.]?")
LONGEST = 30  # leaves room for a number or a version behind it


def number_of(words: str) -> str:
    """Give the number that a heading begins with (二、 → 2, （十一） → 11), "" when it has none."""
    found = LEADING.match(words)
    if not found:
        return ""
    written = found[1]
    if "十" in written:
        tens, _, ones = written.partition("十")
        return str((DIGITS.index(tens) if tens else 1) * 10 + (DIGITS.index(ones) if ones else 0))
    return str(DIGITS.index(written)) if written in DIGITS else written


def letters(words: str) -> str:
    """Give the first letters of the pinyin, digits kept: 兴司发〔2022〕10号 → xsf-2022-10."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", words.removesuffix("号"))
    stems = ["".join(lazy_pinyin(part, style=Style.FIRST_LETTER, errors="default")).lower() for part in parts]
    return "-".join(stem for part in stems if (stem := re.sub(r"[^a-z0-9]", "", part)))[:LONGEST].strip("-")


def free(stem: str, taken: Container[str]) -> str:
    """Give the stem, numbered on when it is taken."""
    number, code = 1, stem
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def plan_code(document_number: str, title: str, taken: Container[str]) -> str:
    """Give a plan's code from its document number, else from its title."""
    return free(letters(document_number) or letters(title) or "plan", taken)


def task_code(heading_path: Sequence[str], number: str, taken: Container[str]) -> str:
    """Give a task's code from its place in the document: 二、（一）4. → 214."""
    place = "".join(number_of(words) for words in [*heading_path, number] if words)
    return free(place or "t", taken)


def milestone_code(task: str, taken: Container[str]) -> str:
    """Give the code of a task's next milestone: 214-1, 214-2, and no code that any version of the plan ever used."""
    number = 1
    while f"{task}-{number}" in taken:
        number += 1
    return f"{task}-{number}"


def item_code(label: str, taken: Container[str]) -> str:
    """Give a data item's code from its label."""
    return free(letters(label) or "item", taken)
