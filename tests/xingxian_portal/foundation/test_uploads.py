"""Uploads: judged by content, kept under names of ours, never half."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given as given_bytes
from hypothesis import strategies as st

from tests.files import EXE, JPEG, MP3, MP4, PDF, WAV, Sparse, docx, ofd, pdf, png, text_pdf, xlsx
from tests.hostile_files import HOSTILE
from xingxian_portal.foundation import upload_contents, uploads

ORDINARY = ("关于加强商业秘密保护的通知", "不得泄露国家秘密。", "标注“秘密★1年”的文件一律不得上传", "1年")


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def given(content: bytes, name: str = "材料.bin") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def left_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("一.pdf", PDF, "pdf"), ("一.PDF", text_pdf(*ORDINARY), "pdf"), ("扫描.pdf", PDF + b"\r\n\x00", "pdf"), ("一.jpg", JPEG, "jpg"),
        ("一.JPEG", JPEG, "jpg"), ("一.png", png(), "png"), ("一.mp4", MP4, "mp4"), ("一.m4a", MP4, "mp4"), ("一.mp3", MP3, "mp3"),
        ("一.mp3", b"ID3\x04\x00\x00" + MP3, "mp3"), ("一.wav", WAV, "wav"), ("一.docx", docx(*ORDINARY), "docx"), ("一.xlsx", xlsx(*ORDINARY), "xlsx"),
        ("一.ofd", ofd(*((line, 20.0 * place) for place, line in enumerate(ORDINARY))), "ofd"), ("商业秘密保护.docx", docx("正文"), "docx"),
        ("图.jpg", JPEG + JPEG, "jpg"), ("表.docx", docx("正文", more={"word/embeddings/a.xlsx": xlsx("一")}), "docx"),
    ],
)  # fmt: skip
def test_an_ordinary_file_passes_and_its_content_says_what_it_is(name, content, kind):
    assert uploads.check(given(content, name)) == kind


def test_hostile_files_are_refused_each_with_its_reason_and_leave_nothing(db, folder, record_property):
    for what, (name, content, reason) in HOSTILE.items():
        file = given(content)
        file._name = name  # Django takes folders off a name before we see it: here it comes as it was sent
        with pytest.raises(uploads.Refused, match=reason):
            raise AssertionError(f"{what} was kept as {uploads.store(file, by_id=None)}")
    assert left_in(folder) == []
    assert uploads.StoredFile.objects.count() == 0
    assert len(HOSTILE) >= 60
    record_property("hostile uploads tried, none stored", len(HOSTILE))


@given_bytes(st.binary(max_size=300), st.sampled_from(["", "%PDF-1.7", "PK\x03\x04", "\x89PNG\r\n\x1a\n"]))
def test_no_bytes_whatever_make_it_stumble(content, head):
    with suppress(uploads.Refused):
        uploads.check(given(head.encode("latin-1") + content, "材料.pdf"))


@given_bytes(st.data())
def test_no_package_whatever_makes_it_stumble(data):
    content = bytearray(docx("正文" * 20))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(4, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(uploads.Refused):
        uploads.check(given(bytes(content), "材料.docx"))


def test_a_page_cut_in_two_by_the_reading_is_found():
    content = JPEG[:-2] + b"\x00" * (upload_contents.CHUNK - len(JPEG) - 1) + b"<script >" + b"\xff\xd9"
    with pytest.raises(uploads.Refused, match="夹带"):
        uploads.check(given(content, "图.jpg"))


def test_a_file_can_be_read_again_after_it_was_checked():
    file = given(docx("正文"), "一.docx")
    uploads.check(file)
    assert file.read() == docx("正文")


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


@pytest.mark.parametrize(
    ("name", "head", "size"), [("大.mp4", MP4, uploads.MEDIA_LIMIT), ("大.pdf", PDF, uploads.DOCUMENT_LIMIT)]
)
def test_what_is_just_small_enough_is_taken(name, head, size):
    assert uploads.check(Sparse(name, head, size))


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
    assert re.fullmatch(r"\d{4}/\d\d/[0-9a-f]{32}\.pdf", row.path)
    assert (row.original_name, row.kind, row.size, row.uploaded_by_id) == ("情况说明.pdf", "pdf", len(PDF), 7)
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()


def test_one_bad_file_leaves_nothing_of_the_good_ones(folder):
    with pytest.raises(uploads.Refused), uploads.kept([pdf(), given(EXE)], by_id=None):
        raise AssertionError("the block must not be entered")
    assert left_in(folder) == []


def test_bytes_go_when_what_was_to_keep_them_fails(folder):
    def fails() -> None:
        with uploads.kept([pdf()], by_id=None) as rows:
            assert rows[0].location.exists()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert left_in(folder) == []
