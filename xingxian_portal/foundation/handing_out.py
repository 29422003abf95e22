"""Handing out a kept file: recorded, held to its SHA-256, always as a download that no browser opens as a page of ours."""

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
) -> HttpResponseBase:
    """Record the download and give the answer that sends the file; a file that is not what was uploaded is not sent."""
    sound = is_sound(file)
    with transaction.atomic():
        audit.record(
            action, by=by, subject=subject, unit_code=unit_code, after={"file": file.pk} | (after or {}),
            outcome=AuditEntry.OK if sound else AuditEntry.REFUSED, note="" if sound else UNSOUND,
        )  # fmt: skip
    if sound:
        return _sent(file)
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
