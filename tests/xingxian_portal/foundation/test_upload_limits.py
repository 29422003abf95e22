"""What is too large never lies on the disk whole, and the page still says why."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.test.client import BOUNDARY
from django.urls import path

from xingxian_portal.foundation import upload_limits, uploads
from xingxian_portal.foundation.upload_limits import CutOff
from xingxian_portal.urls import urlpatterns as portal_urls


def take(request: HttpRequest) -> HttpResponse:
    try:
        kinds = [uploads.check(file) for file in request.FILES.getlist("files")]
    except uploads.Refused as refused:
        return HttpResponse(str(refused))
    return HttpResponse(",".join(kinds))


urlpatterns = [*portal_urls, path("take/", take)]
handler400 = "xingxian_portal.views.errors.bad_request"


@pytest.fixture(autouse=True)
def pages(db):
    with override_settings(ROOT_URLCONF=__name__):
        yield


class Stream(io.RawIOBase):
    """A form with one file of any size, made while it is read."""

    def __init__(self, size: int) -> None:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.mp4"\r\n\r\n'.encode()
        self.parts = [head + b"\x00\x00\x00\x18ftypmp42", f"\r\n--{BOUNDARY}--\r\n".encode()]
        self.zeros = size - 12
        self.length = self.zeros + sum(map(len, self.parts))

    def read(self, size: int = -1) -> bytes:
        if len(self.parts) == 1 and self.zeros:
            now = min(self.zeros, 1 << 20)
            self.zeros -= now
            return b"\x00" * now
        return self.parts.pop(0) if self.parts else b""


def send(client, size: int):
    body = Stream(size)
    given = {"CONTENT_LENGTH": str(body.length), "CONTENT_TYPE": f"multipart/form-data; boundary={BOUNDARY}"}
    return client.generic("POST", "/take/", b"", **given, **{"wsgi.input": body})


def test_the_cut_stands_before_those_that_keep(settings):
    assert settings.FILE_UPLOAD_HANDLERS[0].endswith("CutOff")


def test_a_large_file_is_taken_through_a_temporary_one(client):
    assert send(client, 30 * uploads.MEGABYTE).content.decode() == "mp4"


def test_a_file_that_is_too_large_is_dropped_from_then_on_and_said_so(client, monkeypatch):
    sizes = []
    complete = TemporaryFileUploadHandler.file_complete
    monkeypatch.setattr(
        TemporaryFileUploadHandler,
        "file_complete",
        lambda handler, size: (sizes.append(handler.file.tell()), complete(handler, size))[1],
    )
    assert "超过 100 MB" in send(client, 130 * uploads.MEGABYTE).content.decode()
    assert sizes == [uploads.MEDIA_LIMIT + 1]


def test_a_request_far_too_large_is_refused_before_it_is_read(client):
    answer = send(client, upload_limits.WHOLE_LIMIT + 1)
    assert answer.status_code == 400


def test_a_second_file_is_counted_anew():
    handler = CutOff()
    for _ in range(2):
        handler.new_file("files", "a", "b", 1)
        assert handler.receive_data_chunk(b"x" * 10, 0) == b"x" * 10
    handler.left = 3
    assert [handler.receive_data_chunk(b"x" * 10, 0), handler.receive_data_chunk(b"x", 3)] == [b"xxx", None]
