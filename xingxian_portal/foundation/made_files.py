"""Files that the portal itself makes: kept beside the uploaded ones, known by their SHA-256, handed out the same way."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import IO

from django.conf import settings

from xingxian_portal.foundation import clock
from xingxian_portal.foundation.uploads import StoredFile, shown_name

UNFINISHED = ".part"  # at the end of a file's name while it is being written


def keep(name: str, write: Callable[[IO[bytes]], object], *, by_id: int | None) -> StoredFile:
    """Have `write` fill a new file and give its saved row; the name's ending says what it is. Failing, nothing is left."""
    now, kind = clock.real_now(), name.rpartition(".")[2]
    row = StoredFile(
        original_name=shown_name(name), kind=kind, path=f"{now:%Y/%m}/{uuid.uuid4().hex}.{kind}", uploaded_at=now,
        uploaded_by_id=by_id,
    )  # fmt: skip
    row.location.parent.mkdir(parents=True, exist_ok=True)
    part = row.location.with_name(row.location.name + UNFINISHED)
    try:
        with part.open("xb") as out:
            write(out)
        with part.open("rb") as made:
            row.sha256, row.size = hashlib.file_digest(made, "sha256").hexdigest(), made.seek(0, 2)
        part.rename(row.location)
        row.save()
    except BaseException:
        part.unlink(missing_ok=True)
        row.location.unlink(missing_ok=True)
        raise
    return row


def sweep(before: dt.datetime) -> int:
    """Take away what writers that were killed left unfinished before the moment; gives how many files."""
    left = [
        part for part in Path(settings.MEDIA_ROOT).rglob(f"*{UNFINISHED}") if part.stat().st_mtime < before.timestamp()
    ]
    for part in left:
        part.unlink(missing_ok=True)
    return len(left)


def keep_bytes(name: str, data: bytes, *, by_id: int | None) -> StoredFile:
    """Keep these bytes."""
    return keep(name, lambda out: out.write(data), by_id=by_id)


def forget(row: StoredFile) -> None:
    """Take away a file that was only kept for a while, its row first."""
    row.delete()
    row.location.unlink(missing_ok=True)
