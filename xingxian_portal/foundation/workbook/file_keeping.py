"""How long a workbook that was sent in is kept; what it changed, and its SHA-256, stay on record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from xingxian_portal.foundation.workbook.imports import ImportBatch

KEPT_FOR, KEPT_PERSONAL = dt.timedelta(days=180), dt.timedelta(days=7)


def forget(batch: ImportBatch) -> None:
    """Take the workbook away, its SHA-256 stays; the bytes go when the transaction has ended well."""
    if (file := batch.file) is not None:
        batch.file = None
        batch.save(update_fields=["file"])
        file.delete()
        transaction.on_commit(lambda: file.location.unlink(missing_ok=True))


def forget_old(now: dt.datetime, personal: Sequence[str]) -> int:
    """Take away the workbooks kept for 180 days, after a week those that hold personal data (`personal` names their sheets)."""
    kept = ImportBatch.objects.filter(file__isnull=False).exclude(state__in=ImportBatch.WORKING).select_related("file")
    old = Q(file__uploaded_at__lt=now - KEPT_FOR) | Q(sheet__in=personal, file__uploaded_at__lt=now - KEPT_PERSONAL)
    found = list(kept.filter(old))
    for batch in found:
        with transaction.atomic():
            forget(batch)
    return len(found)
