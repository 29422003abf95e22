"""The fonts of official documents, named as the county's offices have them, and what stands in where they are missing.

方正小标宋, 仿宋_GB2312 and 楷体_GB2312 hold the 6,763 characters of GB 2312 and no more: 垯 (圪垯上乡) is not among
them. So a character outside that set is written in a font that holds it, and the document's table of fonts names for
each the free ones to fall back on, of which Noto holds every character of a place or a person.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from docx.document import Document as Docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.run import Run


@dataclass(frozen=True)
class Font:
    """One font: its name, the one that holds the rarer characters, and the free ones in their place."""

    name: str
    rare: str
    instead: str


TITLE = Font("方正小标宋简体", "宋体", "小标宋体;思源宋体;Noto Serif CJK SC")
BODY = Font("仿宋_GB2312", "仿宋", "仿宋;FandolFang R;Noto Serif CJK SC")
KAI = Font("楷体_GB2312", "楷体", "楷体;FandolKai;Noto Serif CJK SC")
HEI = Font("黑体", "黑体", "FandolHei;思源黑体;Noto Sans CJK SC")
SONG = Font("宋体", "宋体", "FandolSong;思源宋体;Noto Serif CJK SC")
INSTEAD = {font.name: font.instead for font in (TITLE, BODY, KAI, HEI, SONG)} | {
    "仿宋": "FandolFang R;Noto Serif CJK SC", "楷体": "FandolKai;Noto Serif CJK SC",
}  # fmt: skip


def pieces(text: str, font: Font) -> Iterator[tuple[str, str]]:
    """Give the text in pieces, each with the name of the font that holds it."""
    for is_common, part in groupby(text, _is_common):
        yield "".join(part), font.name if is_common else font.rare


def _is_common(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def use(run: Run, name: str) -> None:
    """Set the run in the font, Latin letters and digits included."""
    properties = run._element.get_or_add_rPr()
    fonts = properties.get_or_add_rFonts()
    for kind in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        fonts.set(qn(kind), name)
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and the like full-width


def declare(docx: Docx) -> None:
    """Name the fonts and their stand-ins in the document's table of fonts, which comes empty of ours."""
    part = docx.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    rows = "".join(_row(name, instead) for name, instead in INSTEAD.items())
    table = parse_xml(f"<w:fonts {nsdecls('w')}>{rows}</w:fonts>")
    part._blob = serialize_part_xml(table)


def _row(name: str, instead: str) -> str:
    return f'<w:font w:name="{name}"><w:altName w:val="{instead}"/><w:charset w:val="86"/></w:font>'


def width(text: str) -> float:
    """Give how many full-width characters the text takes on a line."""
    return sum(1.0 if unicodedata.east_asian_width(character) in "WFA" else 0.5 for character in text)
