"""Reading a citation as people write it: 《食品安全法》（2021-04-29）第三十四条第十项."""

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
_DIGITS = "零一二三四五六七八九"
LONGEST = {"statute": 80, "version": 20}


@dataclass(frozen=True)
class Citation:
    """One provision as it is kept: numbers in Chinese, without brackets round the title."""

    statute: str
    article: str
    paragraph: str = ""
    clause: str = ""
    version: str = ""


def read(text: str, field: str | None = None) -> Citation:
    """Read one citation; raises Refused with what it should look like."""
    clean = re.sub(r"\s", "", text)
    found = _CITED.fullmatch(clean)
    if re.search(r"[、，,；;]", re.sub(r"《[^》]*》", "", clean)) and clean.count("条") > 1:
        raise Refused(f"一处只写一条依据；“{text[:30]}”里有好几条，请写主要的一条，其余写进备注。", field)
    if found is None or not plain_title(found["statute"]):
        raise Refused(f"看不懂“{text[:30]}”，请写成{EXAMPLE}的样子。", field)
    statute, version = plain_title(found["statute"]), _version(found["version"] or "")
    if len(statute) > LONGEST["statute"] or len(version) > LONGEST["version"]:
        raise Refused("法名最多 80 字，版本最多 20 字。", field)
    article = f"第{chinese(found['article'])}条" + (f"之{chinese(found['sub'])}" if found["sub"] else "")
    paragraph = f"第{chinese(found['paragraph'])}款" if found["paragraph"] else ""
    clause = f"第{chinese(found['clause'])}项" if found["clause"] else ""
    return Citation(statute, article, paragraph, clause, version)


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
