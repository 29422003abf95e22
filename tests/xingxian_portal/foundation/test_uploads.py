"""Uploads: judged by content, kept under names of ours, never half."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.files import EXE, PDF, Sparse, package, pdf
from xingxian_portal.foundation import uploads

JPEG, PNG = b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n\x00"
MP4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00"
WAV = b"RIFF\x24\x00\x00\x00WAVEfmt "


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def given(content: bytes, name: str = "材料.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"), (JPEG, "jpg"), (PNG, "png"), (MP4, "mp4"), (WAV, "wav"), (b"ID3\x04\x00", "mp3"), (b"\xff\xfb\x90\x64", "mp3"),
        (package("word/document.xml"), "docx"), (package("xl/workbook.xml"), "xlsx"), (package("OFD.xml"), "ofd"),
    ],
)  # fmt: skip
def test_the_content_says_what_a_file_is(content, kind):
    assert uploads.check(given(content, "材料.exe")) == kind


@pytest.mark.parametrize(
    "content",
    [
        EXE, b"hello", b"\xff\xfe" + "报告".encode("utf-16-le"), b"\x00\x00\x00\x18ftypheic", b"PK\x03\x04broken", package("a.txt"),
        package("word/document.xml", "word/vbaProject.bin"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff", b"<html><script>",
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_whatever_it_is_called(content):
    with pytest.raises(uploads.Refused, match="不是可以接收的类型"):
        uploads.check(given(content, "报告.pdf"))


def test_an_empty_file_is_refused():
    with pytest.raises(uploads.Refused, match="是空文件"):
        uploads.check(given(b"", "空.pdf"))


@pytest.mark.parametrize(
    ("head", "size", "words"),
    [
        (MP4, 101 * uploads.MEGABYTE, "超过 100 MB"),
        (PDF, 101 * uploads.MEGABYTE, "超过 100 MB"),
        (PDF, 20 * uploads.MEGABYTE + 1, "超过 20 MB"),
    ],
)
def test_what_is_too_big_is_refused(head, size, words):
    with pytest.raises(uploads.Refused, match=words):
        uploads.check(Sparse("大.pdf", head, size))


@pytest.mark.parametrize(("head", "size"), [(MP4, uploads.MEDIA_LIMIT), (PDF, uploads.DOCUMENT_LIMIT)])
def test_what_is_just_small_enough_is_taken(head, size):
    assert uploads.check(Sparse("大.pdf", head, size))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"), ("C:\\资料\\说明.pdf", "说明.pdf"), ("a\u202efdp.exe", "afdp.exe"),
        ("断\n行.pdf", "断行.pdf"), ("", "未命名"), ("长" * 300 + ".pdf", "长" * 110 + ".pdf"),
    ],
)  # fmt: skip
def test_a_name_is_shown_without_what_could_mislead(name, shown):
    assert uploads.shown_name(name) == shown


@pytest.mark.parametrize(
    ("name", "kind", "handed_out"),
    [
        ("图.exe", "png", "图.exe.png"),
        ("说明.PDF", "pdf", "说明.PDF"),
        ("照片.jpeg", "jpg", "照片.jpeg"),
        ("说明", "pdf", "说明.pdf"),
    ],
)
def test_a_file_is_handed_out_with_the_ending_of_its_content(name, kind, handed_out):
    assert uploads.StoredFile(original_name=name, kind=kind).download_name == handed_out


@pytest.mark.django_db
def test_a_stored_file_has_its_bytes_and_their_digest(folder):
    row = uploads.store(pdf(), by_id=7)

    assert row.location.read_bytes() == PDF
    assert row.location.is_relative_to(folder)
    assert (row.original_name, row.kind, row.size, row.uploaded_by_id) == ("情况说明.pdf", "pdf", len(PDF), 7)
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()


def test_one_bad_file_leaves_nothing_of_the_good_ones(folder):
    with pytest.raises(uploads.Refused), uploads.kept([pdf(), given(EXE)], by_id=None):
        raise AssertionError("the block must not be entered")
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_bytes_go_when_what_was_to_keep_them_fails(folder):
    def fails() -> None:
        with uploads.kept([pdf()], by_id=None) as rows:
            assert rows[0].location.exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert [path for path in folder.rglob("*") if path.is_file()] == []
