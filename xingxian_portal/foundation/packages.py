"""Zip packages (Word, Excel, OFD): which kind one is, and what may not be in it, judged before anything is unpacked."""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from xingxian_portal.foundation import classified_marks, package_text

MEGABYTE = 1024 * 1024
# XML packs well, but not like this; small packages may.
MOST_RATIO, SMALL = 200, 4 * MEGABYTE
MAIN_PARTS = {
    "docx": re.compile(r"word/document\d*\.xml"),
    "xlsx": re.compile(r"xl/workbook\d*\.xml"),
    "ofd": re.compile(r"OFD\.xml"),
}
TYPES = "[Content_Types].xml"
MACROS = re.compile(r"vbaProject|vbaData|(?:^|/)macrosheets/|(?:^|/)dialogsheets/|activeX\d*\.bin", re.IGNORECASE)
PROGRAMS = re.compile(
    r"\.(?:exe|dll|com|scr|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|jar|msi|lnk|php|jsp|aspx?|sh|html?|svg|class)$",
    re.IGNORECASE,
)
TEMPLATE = re.compile(
    rb"<[^>]*attachedTemplate[^>]*Target\s*=\s*[\"'](?:https?:|\\\\|//|file://[^/])[^>]*>", re.IGNORECASE
)
# What `zipfile` raises for a package that was cut, patched or made by hand; NotImplementedError is its word for a way of
# packing it does not know.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
)
EXTERNAL = "word/_rels/settings.xml.rels"


class Faulty(Exception):
    """The package cannot be taken; the message says why, to follow the file's name."""


@dataclass(frozen=True)
class Limits:
    """How large a package may be, as it comes and unpacked, and of how many parts."""

    packed: int = 20 * MEGABYTE
    unpacked: int = 150 * MEGABYTE
    members: int = 5000


DOCUMENT = Limits()


@contextmanager
def opened(file: IO[bytes], limits: Limits = DOCUMENT) -> Iterator[zipfile.ZipFile]:
    """Open a package whose directory is sound; raises Faulty."""
    try:
        with zipfile.ZipFile(file) as package:
            _check_directory(package, _size(file), limits)
            yield package
    except BROKEN as error:
        raise Faulty("是损坏的压缩包，无法检查内容") from error


def kind_of(package: zipfile.ZipFile) -> str:
    """Give docx, xlsx or ofd, "" for any other package and for one that would be two of them."""
    names = package.namelist()
    found = [kind for kind, main in MAIN_PARTS.items() if any(main.fullmatch(name) for name in names)]
    if len(found) != 1 or (found[0] != "ofd" and TYPES not in names):
        return ""
    return found[0]


def check(package: zipfile.ZipFile, kind: str) -> None:
    """Raise Faulty for macros, programs, what would be fetched from elsewhere, and 密级 markings in the text."""
    names = package.namelist()
    if any(MACROS.search(name) for name in names) or (TYPES in names and b"macroEnabled" in package.read(TYPES)):
        raise Faulty("带有宏，请另存为不带宏的格式")
    if program := next((name for name in names if PROGRAMS.search(name)), None):
        raise Faulty(f"里面夹带了网页或程序（{program.rpartition('/')[2][:40]}）")
    if EXTERNAL in names and TEMPLATE.search(package.read(EXTERNAL)):
        raise Faulty("打开时会从别处下载模板，请另存后再上传")
    try:
        mark = classified_marks.in_lines(package_text.lines(package, kind))
    except package_text.Unreadable as error:
        raise Faulty(str(error)) from error
    if mark:
        raise Faulty(f"正文有密级标志“{mark}”，涉密文件严禁上传")


def _size(file: IO[bytes]) -> int:
    file.seek(0, 2)
    return file.tell()


def _check_directory(package: zipfile.ZipFile, size: int, limits: Limits) -> None:
    members = package.infolist()
    if len(members) > limits.members:
        raise Faulty(f"里面有 {len(members)} 个文件，超过 {limits.members} 个")
    unpacked, packed = sum(m.file_size for m in members), sum(m.compress_size for m in members)
    if unpacked > limits.unpacked or (unpacked > SMALL and unpacked > MOST_RATIO * max(size, 1)):
        raise Faulty("解压后过大，像是压缩炸弹")
    if packed > size:
        raise Faulty("内部文件互相重叠，像是压缩炸弹")
    if package.comment:
        raise Faulty("末尾附带了别的内容")
    for member in members:
        _check_member(member)
    if len({m.filename for m in members}) != len(members):
        raise Faulty("里面有重名的文件，无法确定哪个是正文")


def _check_member(member: zipfile.ZipInfo) -> None:
    name = member.orig_filename
    if "\x00" in name or "\\" in name or name.startswith("/") or ":" in name or ".." in name.split("/"):
        raise Faulty("里面的文件路径不正常")
    if member.flag_bits & 1:
        raise Faulty("设有密码，无法检查内容，请去掉密码")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Faulty("用了不常见的压缩方式，无法检查内容")
    if member.file_size > SMALL and member.file_size > MOST_RATIO * max(member.compress_size, 1):
        raise Faulty("解压后过大，像是压缩炸弹")
