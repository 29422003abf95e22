"""The lines of text in a Word, Excel or OFD file: its XML read as a stream, paragraph by paragraph, cell by cell."""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from xingxian_portal.foundation import cell_lines

# Which parts hold text that is shown; styles, themes and settings do not.
TEXT_PARTS = {"docx": ("word/",), "xlsx": ("xl/",), "ofd": ("",)}
WITHOUT_TEXT = ("word/styles", "word/theme", "word/settings", "word/fontTable", "xl/styles", "xl/theme", "xl/calcChain")
# The parts of a workbook that grow with its rows.
CELLS = ("xl/worksheets/", "xl/sharedStrings")
# A paragraph of Word or of a drawing, a cell's string, the heads and feet of a printed sheet.
LINES = {"p", "si", "is", "oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"}


class Unreadable(Exception):
    """The XML cannot be read; the message says why."""


def lines(package: zipfile.ZipFile, kind: str) -> Iterator[str]:
    """Give every line of the package's text in which a 密级 marking could stand; raises Unreadable."""
    for name in package.namelist():
        if name.endswith(".xml") and name.startswith(TEXT_PARTS[kind]) and not name.startswith(WITHOUT_TEXT):
            if kind == "xlsx" and name.startswith(CELLS) and (found := _of_cells(package, name)) is not None:
                yield from found
                continue
            with package.open(name) as part:
                yield from _safely(_ofd_lines(part) if kind == "ofd" else _office_lines(part))


def _of_cells(package: zipfile.ZipFile, name: str) -> list[str] | None:
    """Give those strings of a sheet in which a marking could stand; None where only a parser can tell."""
    try:
        with package.open(name) as part:
            return cell_lines.of(part)
    except cell_lines.Unsure:
        return None


def _safely(found: Iterator[str]) -> Iterator[str]:
    try:
        yield from found
    except DefusedXmlException as error:
        raise Unreadable("含有会无限展开的 XML 定义") from error
    except (ParseError, LookupError, ValueError, OverflowError) as error:  # a place written as infinity too
        raise Unreadable("内部的 XML 已损坏，无法检查内容") from error


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _parsed(part: IO[bytes]) -> Iterator[tuple[str, Any]]:
    return iter(iterparse(part, events=("start", "end"), forbid_dtd=True))


def _office_lines(part: IO[bytes]) -> Iterator[str]:
    open_lines: list[list[str]] = []  # a paragraph may hold a text box with paragraphs of its own
    for event, element in _parsed(part):
        name = _local(element)
        if event == "start":
            if name in LINES:
                open_lines.append([])
            continue
        if open_lines and (name == "t" or name.endswith(("Header", "Footer"))):
            open_lines[-1].append(element.text or "")
        elif open_lines and name in {"tab", "br"}:
            open_lines[-1].append(" ")
        if name in LINES:
            yield "".join(open_lines.pop())
        element.clear()


def _ofd_lines(part: IO[bytes]) -> Iterator[str]:
    """Give each text object, and those at one height of the page together, from left to right."""
    rows: dict[int, list[tuple[float, str]]] = defaultdict(list)
    text: list[str] = []
    for event, element in _parsed(part):
        name = _local(element)
        if event == "start" or name not in {"TextCode", "TextObject"}:
            continue
        if name == "TextCode":
            text.append(element.text or "")
            continue
        x, y = _place(element.get("Boundary", ""))
        rows[round(y)].append((x, "".join(text)))
        yield "".join(text)
        text.clear()
        element.clear()
    for row in rows.values():
        yield "".join(words for _, words in sorted(row))


def _place(boundary: str) -> tuple[float, float]:
    numbers = [*boundary.split(), "0", "0"]
    return float(numbers[0]), float(numbers[1])
