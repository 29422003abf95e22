"""The token of a confirmation: by whoever looked at this very preview, within four hours."""

from __future__ import annotations

from typing import Any

from django.core import signing

from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workbook.imports import ImportBatch

SALT = "workbook-confirmation"
VALID_SECONDS = 4 * 60 * 60


def _words(batch: ImportBatch, by: Any) -> list[Any]:
    return [batch.pk, batch.sha256, by.pk, batch.counts]


def token(batch: ImportBatch, by: Any) -> str:
    """Give the token that the preview's page carries."""
    return signing.dumps(_words(batch, by), salt=SALT)


def require(given: str, batch: ImportBatch, by: Any) -> None:
    """Raise Refused unless the token is that of what `by` was shown, and not older than four hours."""
    try:
        seen = signing.loads(given, salt=SALT, max_age=VALID_SECONDS)
    except signing.BadSignature:
        seen = None
    if seen != _words(batch, by):
        raise Refused("这个预览已过期（4 小时）或不是最新的。请看清现在的预览，再确认一次。")
