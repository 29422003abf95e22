"""Scanned pages for the demo: a small PDF whose Chinese text any reader shows with a font of its own."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.files.uploadedfile import SimpleUploadedFile

FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [ << /Type /Font"
    b" /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >>"
    b" /DW 1000 >> ] >>"
)


def scan(name: str, pages: Sequence[Sequence[str]]) -> SimpleUploadedFile:
    """Give a PDF with these pages of lines; the first line of a page is its heading."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", FONT]
    kids = []
    for lines in pages:
        text = _text(lines)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [ %s ] /Count %d >>" % (b" ".join(kids), len(kids))
    return SimpleUploadedFile(name, _file(objects), content_type="application/pdf")


def _text(lines: Sequence[str]) -> bytes:
    heading, *rest = lines
    parts = [b"BT /F1 20 Tf 1 0 0 1 %d 760 Tm <%s> Tj ET" % ((595 - 20 * len(heading)) // 2, _hex(heading))]
    parts += [
        b"BT /F1 13 Tf 1 0 0 1 72 %d Tm <%s> Tj ET" % (710 - 26 * place, _hex(line)) for place, line in enumerate(rest)
    ]
    return b"\n".join(parts)


def _hex(line: str) -> bytes:
    return line.encode("utf-16-be").hex().encode()


def _file(objects: Sequence[bytes]) -> bytes:
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
