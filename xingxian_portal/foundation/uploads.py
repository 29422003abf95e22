"""Uploaded files: judged by their content, kept under names of ours, known by their SHA-256.

Documents up to 20 MB, audio and video up to 100 MB. The name a user gave is kept for show only and never
touches the file system.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import models

from xingxian_portal.foundation import classified_marks, clock, refusal, upload_contents
from xingxian_portal.foundation.packages import DOCUMENT, Faulty, Limits

MEGABYTE = 1024 * 1024
DOCUMENT_LIMIT, MEDIA_LIMIT = DOCUMENT.packed, 100 * MEGABYTE
KINDS = {
    "pdf": "PDF", "ofd": "OFD 版式文件", "docx": "Word 文档", "xlsx": "Excel 工作簿", "jpg": "图片", "png": "图片",
    "mp4": "视频", "mp3": "音频", "wav": "音频",
}  # fmt: skip
MEDIA = {"mp4", "mp3", "wav"}
ACCEPTED = "PDF、OFD、Word（.docx）、Excel（.xlsx）、图片（.jpg、.png）、视频（.mp4）、录音（.mp3、.wav）"
# For the browser's file chooser alone; what is taken is decided by the content.
ENDINGS = ".pdf,.ofd,.docx,.xlsx,.jpg,.jpeg,.png,.mp4,.mp3,.wav"
# An old workbook is read when it is imported (`workbook.incoming`); as evidence it is not taken.
ENDINGS_OF = {kind: {kind} for kind in (*KINDS, "xls")} | {
    "jpg": {"jpg", "jpeg", "jpe"},
    "mp4": {"mp4", "m4v", "m4a", "3gp"},
}
DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Refused(refusal.Refused):
    """The file cannot be taken; the message says why in the user's words."""


class TooLarge(Refused):
    """The file is larger than the portal keeps; where it may stay with its unit, `kept_elsewhere` says so."""


class _TooMuch(Faulty):
    """Tells a size that is refused from what is wrong with a file."""


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

    @property
    def download_name(self) -> str:
        """Give the name to hand the file out under: the user's, with the ending that belongs to its content.

        A picture named photo.exe must not arrive as a program on the reader's desk.
        """
        stem, _, ending = self.original_name.rpartition(".")
        return (
            self.original_name
            if stem and ending.lower() in ENDINGS_OF[self.kind]
            else f"{self.original_name}.{self.kind}"
        )


def shown_name(name: str) -> str:
    """Give the user's file name without folders, control and direction marks, at most 120 characters long."""
    base = PurePosixPath(name.replace("\\", "/")).name
    clean = "".join(c for c in base if c.isprintable() and c not in DIRECTION_MARKS)
    stem, dot, ending = clean.rpartition(".")
    return f"{stem[:110]}{dot}{ending[:9]}" if dot else clean[:120] or "未命名"


def check(file: UploadedFile, limits: Limits = DOCUMENT) -> str:
    """Give the file's kind, or raise `Refused` with the reason; `limits` are those of a document."""
    name = shown_name(file.name or "")
    try:
        _check_name_and_size(file, name)
        content = cast(IO[bytes], file.file)
        kind = upload_contents.kind_of(content, limits)
        _check_kind(file, name, kind, limits)
        upload_contents.check(content, kind, limits)
    except _TooMuch as much:
        raise TooLarge(f"《{name}》{much}。") from much
    except Faulty as fault:
        raise Refused(f"《{name}》{fault}。") from fault
    finally:
        file.seek(0)
    return kind


def _check_name_and_size(file: UploadedFile, name: str) -> None:
    if any(mark in (file.name or "") for mark in DIRECTION_MARKS):
        raise Faulty("的文件名里有看不见的控制字符，可以冒充别的类型，请改名后上传")
    if mark := classified_marks.in_name(file.name or ""):
        raise Faulty(f"的文件名带有密级标志“{mark}”，涉密文件严禁上传")
    if not file.size:
        raise Faulty("是空文件，请检查后重新上传")
    if file.size > MEDIA_LIMIT:
        raise _TooMuch("超过 100 MB，没有上传")


def _check_kind(file: UploadedFile, name: str, kind: str, limits: Limits) -> None:
    if not kind:
        raise Faulty(f"不是可以接收的类型（按内容判断，不看扩展名）。可接收：{ACCEPTED}")
    if kind not in MEDIA and (file.size or 0) > limits.packed:
        raise _TooMuch(f"超过 {limits.packed // MEGABYTE} MB，请压缩或拆分后上传")
    if name.rpartition(".")[2].lower() not in ENDINGS_OF[kind]:
        raise Faulty(f"的内容是{KINDS[kind]}（.{kind}），和扩展名不符，请确认是不是选错了文件，或改正扩展名")


@contextmanager
def kept(files: Iterable[UploadedFile], *, by_id: int | None) -> Iterator[list[StoredFile]]:
    """Check all files, write their bytes, and give unsaved rows for the block to save; raises `Refused`.

    Bytes go first, so that no row is ever without them, and outside of a transaction, so that a slow upload holds up
    nobody else. When the block fails, the bytes go away again.
    """
    checked = [(file, check(file)) for file in files]
    rows = [_row(file, kind, by_id) for file, kind in checked]
    try:
        for row, (file, _) in zip(rows, checked, strict=True):
            _write(row, file)
        yield rows
    except BaseException:
        for row in rows:
            row.location.unlink(missing_ok=True)
        raise


@contextmanager
def written(file: UploadedFile, kind: str, *, by_id: int | None) -> Iterator[StoredFile]:
    """Write one file whose kind was checked elsewhere, and give its unsaved row; when the block fails, it goes again."""
    row = _row(file, kind, by_id)
    try:
        _write(row, file)
        yield row
    except BaseException:
        row.location.unlink(missing_ok=True)
        raise


def _row(file: UploadedFile, kind: str, by_id: int | None) -> StoredFile:
    now = clock.real_now()
    return StoredFile(
        original_name=shown_name(file.name or ""), kind=kind, size=file.size or 0,
        path=f"{now:%Y/%m}/{uuid.uuid4().hex}.{kind}", uploaded_at=now, uploaded_by_id=by_id,
    )  # fmt: skip


def _write(row: StoredFile, file: UploadedFile) -> None:
    row.location.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with row.location.open("xb") as out:
        for chunk in file.chunks():
            digest.update(chunk)
            out.write(chunk)
    row.sha256 = digest.hexdigest()


def store(file: UploadedFile, *, by_id: int | None) -> StoredFile:
    """Check and keep one file; raises `Refused`."""
    with kept([file], by_id=by_id) as rows:
        rows[0].save()
    return rows[0]
