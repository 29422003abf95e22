"""A kept file on its way out: recorded, unchanged, always a download."""

from __future__ import annotations

import pytest

from tests.files import PDF, pdf
from xingxian_portal.foundation import handing_out, uploads
from xingxian_portal.foundation.audit import AuditEntry


@pytest.fixture
def file(cast, settings, tmp_path) -> uploads.StoredFile:
    settings.MEDIA_ROOT = tmp_path
    return uploads.store(pdf("情况 说明.pdf"), by_id=cast.weifen.pk)


def sent(file, cast):
    return handing_out.hand_out(
        file, "evidence.download", by=cast.sfj, subject=cast.weifen.unit, unit_code="x", after={"obligation": 3}
    )


def test_it_is_a_download_of_the_same_bytes_and_an_entry(file, cast):
    answer = sent(file, cast)
    assert b"".join(answer.streaming_content) == PDF
    answer.file_to_stream.close()
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename*=utf-8''%E6%83%85%E5%86%B5%20%E8%AF%B4%E6%98%8E.pdf"
    )
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == (
        "application/octet-stream",
        "nosniff",
    )
    assert answer.headers["Cache-Control"] == "private, no-store"
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.outcome, entry.after) == ("evidence.download", "ok", {"file": file.pk, "obligation": 3})


def test_nginx_sends_it_where_it_is_asked_to(file, cast, settings):
    settings.X_ACCEL = "/kept-files/"
    answer = sent(file, cast)
    assert (answer.headers["X-Accel-Redirect"], answer.content) == (f"/kept-files/{file.path}", b"")
    assert answer.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    "harm", [lambda at: at.write_bytes(PDF + b" "), lambda at: at.unlink()], ids=["changed", "gone"]
)
def test_a_file_that_is_not_what_was_uploaded_is_not_sent(file, cast, harm):
    harm(file.location)
    answer = sent(file, cast)
    assert answer.status_code == 410
    assert "这个文件没有发出" in answer.content.decode()
    assert PDF not in answer.content
    assert list(AuditEntry.objects.values_list("outcome", "note")) == [("refused", handing_out.UNSOUND)]
