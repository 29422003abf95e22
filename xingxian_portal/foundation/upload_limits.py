"""Sizes while a file is still coming in: what is too large is read to its end and dropped, never written to the disk."""

from __future__ import annotations

from typing import IO, Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from xingxian_portal.foundation.uploads import MEDIA_LIMIT

# Twenty documents and a film; a form that sends more was not made by the portal.
WHOLE_LIMIT = 6 * MEDIA_LIMIT


class CutOff(FileUploadHandler):
    """Stands before Django's own handlers and passes on no more than one byte too many of each file.

    The rest is read and dropped, so that the browser gets to see the page that says what was wrong.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.left = 0

    def handle_raw_input(self, _data: IO[bytes], _headers: dict, content_length: int, *_args: Any) -> None:
        """Refuse a request that is too large as a whole before anything of it is read."""
        if content_length > WHOLE_LIMIT:
            raise RequestDataTooBig(f"a request of {content_length} bytes")

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to count for the next file."""
        super().new_file(*args, **kwargs)
        self.left = MEDIA_LIMIT + 1

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Give what still fits, None when nothing does."""
        kept = raw_data[: self.left]
        self.left -= len(kept)
        return kept or None

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Leave the file to the handlers that kept it."""
        return None
