"""Workbooks with the traits of those that WPS (Windows, UOS, Android), Excel and LibreOffice save, made by hand."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msoffcrypto  # type: ignore[import-untyped] # ships no types
import openpyxl
from openpyxl.workbook import Workbook

Row = Sequence[Any]
SHEET = "xl/worksheets/sheet1.xml"


def saved(book: Workbook) -> bytes:
    """Give the bytes of the workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(rows: Iterable[Row], dress: Callable[[Any], None] | None = None) -> bytes:
    """Give a workbook with these rows on its first sheet; `dress` does to the sheet what the trait asks for."""
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.title = "Sheet1"
    for row in rows:
        page.append(list(row))
    if dress:
        dress(page)
    return saved(book)


def patched(content: bytes, change: Callable[[bytes], bytes], part: str = SHEET) -> bytes:
    """Give the workbook with the XML of a part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)) if name == part else old.read(name))
    return out.getvalue()


def with_parts(content: bytes, parts: dict[str, bytes]) -> bytes:
    """Give the workbook with more parts in its package."""
    out = io.BytesIO(content)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return out.getvalue()


def dimension(content: bytes, area: str) -> bytes:
    """Give the workbook with a sheet that says of itself to be of another size, as WPS leaves it: A1."""
    return patched(content, lambda xml: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%s"' % area.encode(), xml))


def cell(content: bytes, address: str, inside: str, kind: str = "") -> bytes:
    """Give the workbook with the XML of one cell replaced."""
    what = re.compile(rb'<c r="%s"[^>]*?(?:/>|>.*?</c>)' % address.encode())
    made = f'<c r="{address}"{kind}>{inside}</c>'.encode()
    return patched(content, lambda xml: what.sub(lambda _: made, xml))


def encrypted(content: bytes, password: str = "secret") -> bytes:
    """Give the workbook under a password."""
    out = io.BytesIO()
    locked: Any = msoffcrypto.OfficeFile(io.BytesIO(content))
    locked.encrypt(password, out)
    return out.getvalue()


def _record(number: int, body: bytes) -> bytes:
    return struct.pack("<HH", number, len(body)) + body


def _label(row: int, column: int, text: str) -> bytes:
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _number(row: int, column: int, value: float) -> bytes:
    return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))


def old_book(rows: Sequence[Row]) -> bytes:
    """Give an .xls (BIFF8 in a compound file) with these rows, as offices still keep them."""
    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0x07CC, 0, 6)
    cells = b"".join(
        _label(row, column, value) if isinstance(value, str) else _number(row, column, float(value))
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    name = "名册"
    bound = struct.pack("<BBBB", 0, 0, len(name), 1) + name.encode("utf-16-le")
    head = _record(0x0809, begin)
    start = len(head) + 4 + 4 + len(bound) + 4
    book = head + _record(0x0085, struct.pack("<I", start) + bound) + _record(0x000A, b"")
    book += _record(0x0809, begin[:2] + b"\x10\x00" + begin[4:])
    book += _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    return compound({"Workbook": book + cells + _record(0x000A, b"")})


def compound(streams: dict[str, bytes]) -> bytes:
    """Give a compound file (OLE) with these streams, each padded so that it lies in sectors of its own."""
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    fat = [table, end]
    entries = [_entry("Root Entry", 5, 1, end, 0)]
    data = b""
    for number, (name, content) in enumerate(streams.items(), 1):
        padded = content.ljust(4096, b"\0")
        padded += b"\0" * (-len(padded) % 512)
        first, count = len(fat), len(padded) // 512
        fat += [*range(first + 1, first + count), end]
        right = number + 1 if number < len(streams) else free
        entries.append(_entry(name, 2, free, first, len(padded), right))
        data += padded
    while len(entries) % 4:
        entries.append(b"\0" * 68 + struct.pack("<III", free, free, free) + b"\0" * 48)
    assert len(fat) <= 128, "one sector of the table holds no more"
    assert len(entries) == 4, "one sector of the directory holds no more"
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    return header + struct.pack("<128I", *fat, *[free] * (128 - len(fat))) + b"".join(entries) + data


def _entry(name: str, kind: int, child: int, first: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    said = (name + "\0").encode("utf-16-le")
    head = said.ljust(64, b"\0") + struct.pack("<HBB", len(said), kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, right, child) + b"\0" * 36 + struct.pack("<IQ", first, size)
