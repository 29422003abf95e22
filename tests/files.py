"""Files for tests of uploads, by what is in them."""

from __future__ import annotations

import io
import zipfile
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
EXE = b"MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff\x00\x00"


def pdf(name: str = "情况说明.pdf", mark: str = "") -> UploadedFile:
    """Give a small PDF; another `mark` makes other bytes."""
    return SimpleUploadedFile(name, PDF + mark.encode())


@cache
def package(*members: str) -> bytes:
    """Give the bytes of a zip with empty members of these names."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for member in members:
            made.writestr(member, "")
    return out.getvalue()


class Sparse(UploadedFile):
    """A file of any size that takes no room: zeros after its head."""

    def __init__(self, name: str, head: bytes, size: int) -> None:
        super().__init__(io.BytesIO(head), name, size=size)
