"""A workbook that comes in: past the guard of all uploads, or refused with what to do about it."""

from __future__ import annotations

import codecs
from typing import IO, cast

from django.core.files.uploadedfile import UploadedFile

from xingxian_portal.foundation import uploads
from xingxian_portal.foundation.packages import Limits
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.upload_contents import OLE
from xingxian_portal.foundation.workbook import contents

LIMITS = Limits(packed=30 * uploads.MEGABYTE, unpacked=600 * uploads.MEGABYTE, members=1000)
HEAD = 8
ENDINGS = ".xlsx,.xls"
OLD_MACROS = "_VBA_PROJECT_CUR".encode("utf-16-le")
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_ONE = "不是 Excel 工作簿。请上传 .xlsx 文件（.xls 也可以）。"
TEXT = "是文本（CSV）文件。请用 WPS 或 Excel 打开，另存为 .xlsx 后再上传，以免汉字、日期和长编码出错。"


def check(file: UploadedFile) -> str:
    """Give xlsx or xls, by the content; raises Refused."""
    name = uploads.shown_name(file.name or "")
    if not file.size:
        raise Refused(f"《{name}》是空文件，请检查后重新上传。")
    if file.size > LIMITS.packed:
        raise Refused(f"《{name}》超过 30 MB，请拆分后上传。")
    content = cast(IO[bytes], file.file)
    head = _head(content)
    if head == OLE:
        _check_old(content, name)
        return "xls"
    if head[:4] != b"PK\x03\x04":
        raise Refused(f"《{name}》{TEXT if _is_text(content) else NOT_ONE}")
    if uploads.check(file, LIMITS) != "xlsx":
        raise Refused(f"《{name}》{NOT_ONE}")
    return "xlsx"


def _head(content: IO[bytes]) -> bytes:
    content.seek(0)
    head = content.read(HEAD)
    content.seek(0)
    return head


def _check_old(content: IO[bytes], name: str) -> None:
    whole = content.read()
    content.seek(0)
    if name.lower().endswith(".et") or ENCRYPTED in whole:
        raise Refused(contents.LOCKED)
    if OLD_MACROS in whole:
        raise Refused(f"《{name}》带有宏，请另存为不带宏的 .xlsx 后再上传。")
    try:
        contents.require_unclassified(contents.read(content))
    except Refused as refusal:
        raise Refused(contents.LOCKED if str(refusal) == contents.BROKEN else f"《{name}》{refusal}") from refusal
    content.seek(0)


def _is_text(content: IO[bytes]) -> bool:
    content.seek(0)
    start = content.read(4096)
    content.seek(0)
    if b"\x00" in start:
        return start[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-8", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(start)  # a character cut in two at the end is no fault
        except UnicodeDecodeError:
            continue
        return b"," in start or b"\t" in start
    return False
