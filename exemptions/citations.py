"""Reading citations as people write them: 《食品安全法》（2021-04-29）第三十四条第十项、第一百二十四条第一款第五项."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exemptions.models.legal_basis import plain_title
from xingxian_portal.foundation.refusal import Refused

EXAMPLE = "《食品安全法》第一百二十四条第一款第五项"
_NUMBER = r"[零〇一二三四五六七八九十百千\d]+"
_CITED = re.compile(
    rf"(?P<statute>(?!第).{{2,}}?)(?:[（(](?P<version>[^（）()]*)[）)])?"
    rf"第?(?P<article>{_NUMBER})条(?:之(?P<sub>{_NUMBER}))?"
    rf"(?:第?(?P<paragraph>{_NUMBER})款)?"
    rf"(?:第?[（(]?(?P<clause>{_NUMBER})[）)]?项?)?"
)
# A provision after another one need not name the statute, nor the article, again.
_FOLLOWING = re.compile(
    rf"(?=.*[条款项）)])(?:第?(?P<article>{_NUMBER})条(?:之(?P<sub>{_NUMBER}))?)?"
    rf"(?:第?(?P<paragraph>{_NUMBER})款)?"
    rf"(?:第?[（(]?(?P<clause>{_NUMBER})[）)]?项?)?"
)
# Where one provision ends and another begins; within the brackets of a statute's name nothing does.
_PARTED = re.compile(r"(?:[；;\n]|(?<=[条款项）)])(?:[、，,]|以及|和|及))(?![^《]*》)")
MOST, LONGEST_TEXT = 10, 1000
_DIGITS = "零一二三四五六七八九"
LONGEST = {"statute": 80, "version": 20, "article": 20, "paragraph": 20, "clause": 20}
MOST_DIGITS = 4


@dataclass(frozen=True)
class Citation:
    """One provision as it is kept: numbers in Chinese, without brackets round the title."""

    statute: str
    article: str
    paragraph: str = ""
    clause: str = ""
    version: str = ""

    @property
    def words(self) -> str:
        """Give it as it is typed; what is read from the words is the same again."""
        version = f"（{self.version}）" if self.version else ""
        return f"《{self.statute}》{version}{self.article}{self.paragraph}{self.clause}"


def read_all(text: str, field: str | None = None) -> list[Citation]:
    """Read every provision that a text cites, each once; raises Refused with what it should look like."""
    if len(text) > LONGEST_TEXT:
        raise Refused(f"依据最多 {LONGEST_TEXT} 字，现在有 {len(text)} 字。", field)
    read: list[Citation] = []
    for part in _PARTED.split(text):
        if words := re.sub(r"[\s。]", "", part):
            read.append(_one(words, read[-1] if read else None, field))
    if len(read) > MOST:
        raise Refused(f"一处最多写 {MOST} 条依据，这里有 {len(read)} 条。", field)
    return list(dict.fromkeys(read))


def _one(text: str, before: Citation | None, field: str | None) -> Citation:
    if before and (following := _FOLLOWING.fullmatch(text)):
        found, citation = following, _following(following, before)
    elif (named := _CITED.fullmatch(text)) and plain_title(named["statute"]):
        found, citation = named, _named(named)
    else:
        raise Refused(f"看不懂“{text[:30]}”，请写成{EXAMPLE}的样子；有几条的用顿号或分号隔开。", field)
    if any(len(getattr(citation, part)) > most for part, most in LONGEST.items()) or _is_counted_too_high(found):
        raise Refused("法名最多 80 字，版本最多 20 字，条、款、项的序号应在一万以下。", field)
    return citation


def _named(found: re.Match[str]) -> Citation:
    paragraph, clause = _part(found["paragraph"], "款"), _part(found["clause"], "项")
    return Citation(plain_title(found["statute"]), _article(found), paragraph, clause, _version(found["version"] or ""))


def _is_counted_too_high(found: re.Match[str]) -> bool:
    numbers = (found[name] or "" for name in ("article", "sub", "paragraph", "clause"))
    return any(number.isdecimal() and len(number) > MOST_DIGITS for number in numbers)


def _following(found: re.Match[str], before: Citation) -> Citation:
    """Give the provision that stands after another one and leaves out what both have in common."""
    paragraph, clause = _part(found["paragraph"], "款"), _part(found["clause"], "项")
    if found["article"]:
        return Citation(before.statute, _article(found), paragraph, clause, before.version)
    return Citation(before.statute, before.article, paragraph or before.paragraph, clause, before.version)


def _article(found: re.Match[str]) -> str:
    return f"第{chinese(found['article'])}条" + (f"之{chinese(found['sub'])}" if found["sub"] else "")


def _part(number: str | None, what: str) -> str:
    return f"第{chinese(number)}{what}" if number else ""


def _version(words: str) -> str:
    return re.sub(r"(?:年?(?:修订|修正|施行|起施行))+$", "", words)


def chinese(number: str) -> str:
    """Give a number below ten thousand in Chinese figures; what is Chinese already stays."""
    if not number.isdecimal():
        return number.replace("〇", "零")
    value, words = int(number), ""
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, value = divmod(value, size)
        if digit:
            words += _DIGITS[min(digit, 9)] + name
        elif words and value and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if words.startswith("一十") else words or "零"
