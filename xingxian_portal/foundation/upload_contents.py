"""What a file is by its content, and whether that is all it is: nothing that starts as one thing and goes on as another."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import IO

from xingxian_portal.foundation import classified_marks, packages, pdf_text
from xingxian_portal.foundation.packages import DOCUMENT, Faulty, Limits

HEAD = 1024
CHUNK = 1024 * 1024
SIGNATURES = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"ID3": "mp3"}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Photos of some phones (HEIC, AVIF) lie in the same kind of container as videos.
VIDEO_BRANDS = (
    b"isom",
    b"iso2",
    b"iso4",
    b"iso5",
    b"iso6",
    b"mp41",
    b"mp42",
    b"avc1",
    b"M4V ",
    b"M4A ",
    b"MSNV",
    b"3gp",
)
OVERLAP = 16
# Pages, scripts and archives that hide in a picture or recording; browsers and servers find them anywhere.
HIDDEN = re.compile(
    rb"<\?php[\s(]|<script[\s>]|<html[\s>]|<!doctype html|<svg[\s>]|<%@ ?page|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c", re.IGNORECASE
)  # fmt: skip
# A PDF may speak of a page in its text; what a browser or server acts on stands at either end.
PDF_END = b"%%EOF"
PDF_ACTIONS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)\b")
# Without fonts nothing is written in it: a scan needs no reader. Compressed objects, encryption and names spelt with
# codes may hide a font or an action.
PDF_TEXT = re.compile(rb"/Font\b|/ObjStm\b|/Encrypt\b|/Names\b|/OpenAction\b|/\w*#[0-9A-Fa-f]{2}")


def kind_of(file: IO[bytes], limits: Limits = DOCUMENT) -> str:
    """Tell the kind by the content; gives "" when it is none of the accepted ones. Raises Faulty."""
    head = _head(file)
    for start, kind in SIGNATURES.items():
        if head.startswith(start):
            return kind
    if head.startswith(OLE):
        raise Faulty("是旧格式（.doc、.xls）或加了密码的文档，请去掉密码，另存为 .docx、.xlsx")
    if head.startswith(b"PK\x03\x04"):
        with packages.opened(file, limits) as package:
            return packages.kind_of(package)
    return _kind_of_recording(head)


def check(file: IO[bytes], kind: str, limits: Limits = DOCUMENT) -> None:
    """Raise Faulty when the content is more than a file of `kind`, cannot be examined, or carries a 密级 marking."""
    if kind in packages.MAIN_PARTS:
        _check_package(file, kind, limits)
        return
    if zipfile.is_zipfile(file):
        raise Faulty("末尾附带了压缩包")
    if kind == "pdf":
        _check_pdf(file)
        return
    if kind == "png":
        _check_png(file)
    if _hides(file):
        raise Faulty("里面夹带了网页、脚本或压缩包")
    if kind == "jpg" and not _has(file, b"\xff\xd9"):
        raise Faulty("是不完整的图片")


def _head(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(HEAD)


def _kind_of_recording(head: bytes) -> str:
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4" if head[8:12].startswith(VIDEO_BRANDS) else ""
    # The sync word with the mark of layer III: a text in UTF-16 begins much like it.
    return "mp3" if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 == 0xE2 else ""


def _check_package(file: IO[bytes], kind: str, limits: Limits) -> None:
    if b"%PDF-" in _head(file):
        raise Faulty("既像压缩包又像 PDF")
    with packages.opened(file, limits) as package:
        packages.check(package, kind)


def _check_pdf(file: IO[bytes]) -> None:
    file.seek(0)
    content = file.read()  # documents are at most 20 MB
    end = content.rfind(PDF_END)
    if end < 0:
        raise Faulty(pdf_text.BROKEN)
    after = content[end + len(PDF_END) :]
    if after.strip(b"\r\n\t \x00\x1a") or HIDDEN.search(content[:HEAD]):
        raise Faulty("既是 PDF 又夹带了别的内容")
    if PDF_ACTIONS.search(content):
        raise Faulty("含有脚本、可以执行的动作或内嵌的文件")
    if PDF_TEXT.search(content):
        _check_pdf_text(content)


def _check_pdf_text(content: bytes) -> None:
    lines, fault = pdf_text.read(content)
    if fault:
        raise Faulty(fault)
    if mark := classified_marks.in_lines(lines):
        raise Faulty(f"正文有密级标志“{mark}”，涉密文件严禁上传")


def _check_png(file: IO[bytes]) -> None:
    """Walk the chunks: the last one must be the end of the file."""
    file.seek(8)
    while len(head := file.read(8)) == 8:
        length, name = struct.unpack(">I4s", head)
        file.seek(length + 4, 1)
        if name == b"IEND":
            if file.read(HEAD).strip(b"\x00\r\n"):
                raise Faulty("图片末尾附带了别的内容")
            return
    raise Faulty("是不完整的图片")


def _hides(file: IO[bytes]) -> bool:
    return any(HIDDEN.search(piece) for piece in _pieces(file))


def _has(file: IO[bytes], mark: bytes) -> bool:
    return any(mark in piece for piece in _pieces(file))


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Give the file piece by piece, each with the end of the one before, so that nothing is cut in two."""
    file.seek(0)
    before = b""
    while chunk := file.read(CHUNK):
        yield before + chunk
        before = chunk[-OVERLAP:]
