"""Handing out a kept file: recorded, held to its SHA-256, as a download that no browser opens as a page of ours.

A picture or a PDF may also be shown in a frame of our own pages, in a policy of its own that lets it do nothing.
"""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import structlog
from django.conf import settings
from django.db import models, transaction
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.http import content_disposition_header

from xingxian_portal.foundation import audit
from xingxian_portal.foundation.audit import AuditEntry
from xingxian_portal.foundation.uploads import StoredFile

# What a browser may show by itself, by kind; everything else is downloaded.
SHOWN = {"pdf": "application/pdf", "jpg": "image/jpeg", "png": "image/png"}
SHOWN_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
UNSOUND = "文件不在了，或与上传时的 SHA-256 不符，没有发出"
logger = structlog.get_logger(__name__)


def hand_out(
    file: StoredFile,
    action: str,
    *,
    by: Any,
    subject: models.Model,
    unit_code: str = "",
    after: dict[str, Any] | None = None,
    shown: bool = False,
) -> HttpResponseBase:
    """Record the download and give the answer that sends the file; a file that is not what was uploaded is not sent.

    `shown` asks for it to be shown in a frame where its kind allows.
    """
    sound = is_sound(file)
    with transaction.atomic():
        audit.record(
            action, by=by, subject=subject, unit_code=unit_code, after={"file": file.pk} | (after or {}),
            outcome=AuditEntry.OK if sound else AuditEntry.REFUSED, note="" if sound else UNSOUND,
        )  # fmt: skip
    if sound:
        return _shown(_sent(file), file) if shown and file.kind in SHOWN else _sent(file)
    return _unsound(file)


def hand_to_anyone(file: StoredFile) -> HttpResponseBase:
    """Give the answer that sends a published file: nobody is recorded, and the caller says how long caches may keep it."""
    if not is_sound(file):
        return _unsound(file)
    response = _sent(file)
    del response.headers["Cache-Control"]
    return response


def _unsound(file: StoredFile) -> HttpResponseBase:
    logger.error("file_unsound", file=file.pk, path=file.path)
    return HttpResponse(render_to_string("damaged.html", {"name": file.download_name}), status=HTTPStatus.GONE)


def is_sound(file: StoredFile) -> bool:
    """Say whether the bytes are there and the same as on the day of the upload."""
    try:
        with file.location.open("rb") as kept:
            return hashlib.file_digest(kept, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def _sent(file: StoredFile) -> HttpResponseBase:
    response: HttpResponseBase
    if settings.X_ACCEL:  # nginx sends it from its own location, which no visitor can ask for
        response = HttpResponse(headers={"X-Accel-Redirect": settings.X_ACCEL + quote(file.path)})
    else:
        response = FileResponse(file.location.open("rb"))
    response.headers["Content-Type"] = "application/octet-stream"
    response.headers["Content-Disposition"] = content_disposition_header(True, file.download_name) or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _shown(response: HttpResponseBase, file: StoredFile) -> HttpResponseBase:
    response.headers["Content-Type"] = SHOWN[file.kind]
    response.headers["Content-Disposition"] = content_disposition_header(False, file.download_name) or "inline"
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Content-Security-Policy"] = SHOWN_POLICY
    return response
