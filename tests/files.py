"""Files for tests of uploads, by what is in them: small, but what they say they are."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from functools import cache
from xml.sax.saxutils import escape

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom\x00\x00\x00\x08mdat"
MP3 = b"\xff\xfb\x90\x64" + b"\x00" * 400
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00\x40\x1f\x00\x00\x40\x1f\x00\x00\x01\x00\x08\x00data\x00\x00\x00\x00"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LAYOUT = "http://www.ofdspec.org/2016"


def pdf(name: str = "情况说明.pdf", mark: str = "") -> UploadedFile:
    """Give a small PDF; another `mark` makes other bytes."""
    return SimpleUploadedFile(name, PDF.replace(b"\n", f"\n%{mark}\n".encode(), 1) if mark else PDF)


def zipped(members: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Give the bytes of a zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def docx(*lines: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Give a Word file with these paragraphs, and more members where asked for."""
    paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
    document = f'<w:document xmlns:w="{WORD}"><w:body>{paragraphs}</w:body></w:document>'
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document} | dict(more or {}))


def xlsx(*cells: str, more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Give an Excel file with these strings in its cells, and more members where asked for."""
    strings = "".join(f"<si><t>{escape(cell)}</t></si>" for cell in cells)
    shared = f'<sst xmlns="{SHEET}">{strings}</sst>'
    members = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": shared}
    return zipped(members | dict(more or {}))


def ofd(*texts: tuple[str, float], more: Mapping[str, str | bytes] | None = None) -> bytes:
    """Give an OFD file with these texts at their heights of the page, each character run an object of its own."""
    objects = "".join(
        f'<ofd:TextObject Boundary="{10 + place * 5} {y} 5 5"><ofd:TextCode>{escape(text)}</ofd:TextCode></ofd:TextObject>'
        for place, (text, y) in enumerate(texts)
    )
    page = f'<ofd:Page xmlns:ofd="{LAYOUT}"><ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content></ofd:Page>'
    return zipped({"OFD.xml": "<OFD/>", "Doc_0/Pages/Page_0/Content.xml": page} | dict(more or {}))


@cache
def png() -> bytes:
    """Give a picture of one pixel."""
    pieces = [
        (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\x00\xff\xff\xff")),
        (b"IEND", b""),
    ]
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in pieces
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


@cache
def text_pdf(*lines: str) -> bytes:
    """Give a PDF in which these lines can be read."""
    codes = {char: code for code, char in enumerate(sorted(set("".join(lines))), 1)}
    shown = (
        f"1 0 0 1 72 {700 - 20 * row} Tm <{''.join(f'{codes[c]:04x}' for c in line)}> Tj"
        for row, line in enumerate(lines)
    )
    content = f"BT /F1 12 Tf {' '.join(shown)} ET".encode()
    pairs = "\n".join(f"<{code:04x}> <{char.encode('utf-16-be').hex()}>" for char, code in codes.items())
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange "
        f"{len(codes)} beginbfchar\n{pairs}\nendbfchar endcmap end end"
    ).encode()
    return pdf_of([
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts[7 0 R]>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(cmap), cmap),
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
    ])  # fmt: skip


def pdf_of(objects: list[bytes]) -> bytes:
    """Give a PDF of these objects, the first being its catalogue, with its table of places."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))


class Sparse(UploadedFile):
    """A file of any size that takes no room: nothing after its head."""

    def __init__(self, name: str, head: bytes, size: int) -> None:
        super().__init__(io.BytesIO(head), name, size=size)
