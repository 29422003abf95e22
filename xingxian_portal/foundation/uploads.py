"""Uploaded files: judged by their content, kept under names of ours, known by their SHA-256.

Documents up to 20 MB, audio and video up to 100 MB. The name a user gave is kept for show only and never
touches the file system.
"""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from xingxian_portal.foundation import clock

MEGABYTE = 1024 * 1024
DOCUMENT_LIMIT, MEDIA_LIMIT = 20 * MEGABYTE, 100 * MEGABYTE
HEAD = 8192
KINDS = {
    "pdf": "PDF", "ofd": "OFD 版式文件", "docx": "Word 文档", "xlsx": "Excel 工作簿", "jpg": "图片", "png": "图片",
    "mp4": "视频", "mp3": "音频", "wav": "音频",
}  # fmt: skip
MEDIA = {"mp4", "mp3", "wav"}
ACCEPTED = "PDF、OFD、Word（.docx）、Excel（.xlsx）、图片（.jpg、.png）、视频（.mp4）、录音（.mp3、.wav）"


class Refused(Exception):
    """The file cannot be taken; the message says why in the user's words."""


class StoredFile(models.Model):
    """One uploaded file; the bytes lie under `path` below the files folder."""

    original_name = models.CharField("原文件名", max_length=255)
    kind = models.CharField("类型", max_length=8)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    path = models.CharField("存放位置", max_length=100, unique=True)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by_id = models.BigIntegerField("上传人编号", null=True)

    class Meta:
        verbose_name = "上传文件"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return self.original_name

    @property
    def location(self) -> Path:
        """Give the file's place on disk."""
        return Path(settings.MEDIA_ROOT) / self.path


def shown_name(name: str) -> str:
    """Give the user's file name without folders, control and direction marks, at most 120 characters long."""
    base = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(
        c for c in base if c.isprintable() and c not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else clean[:120] or "未命名"


def kind_of(file: UploadedFile) -> str:
    """Tell the kind by the content; gives "" when it is none of the accepted ones."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    signatures = {b"%PDF-": "pdf", b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png", b"ID3": "mp3"}
    for start, kind in signatures.items():
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "wav"
    if head[4:8] == b"ftyp":
        return "mp4"
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        return "mp3"
    return _kind_of_package(file) if head.startswith(b"PK\x03\x04") else ""


def _kind_of_package(file: UploadedFile) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(file.read())) as package:
            names = set(package.namelist())
    except zipfile.BadZipFile:
        return ""
    finally:
        file.seek(0)
    marks = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "OFD.xml": "ofd"}
    return next((kind for mark, kind in marks.items() if mark in names), "")


def check(file: UploadedFile) -> str:
    """Give the file's kind, or raise `Refused` with the reason."""
    name = shown_name(file.name or "")
    if not file.size:
        raise Refused(f"《{name}》是空文件，请检查后重新上传。")
    if file.size > MEDIA_LIMIT:
        raise Refused(f"《{name}》超过 100 MB。大文件请留在本单位，登记存放地点和校验值。")
    kind = kind_of(file)
    if not kind:
        raise Refused(f"《{name}》不是可以接收的类型（按内容判断，不看扩展名）。可接收：{ACCEPTED}。")
    if kind not in MEDIA and file.size > DOCUMENT_LIMIT:
        raise Refused(f"《{name}》超过 20 MB，请压缩或拆分后上传。")
    return kind


def store(file: UploadedFile, *, by_id: int | None) -> StoredFile:
    """Check and keep one file; raises `Refused`. A row without bytes can never arise: bytes go first."""
    kind = check(file)
    relative = f"{clock.real_now():%Y/%m}/{uuid.uuid4().hex}.{kind}"
    target = Path(settings.MEDIA_ROOT) / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("xb") as out:
        for chunk in file.chunks():
            digest.update(chunk)
            out.write(chunk)
    return StoredFile.objects.create(
        original_name=shown_name(file.name or ""), kind=kind, size=file.size, sha256=digest.hexdigest(),
        path=relative, uploaded_at=clock.real_now(), uploaded_by_id=by_id,
    )  # fmt: skip
