"""Timed jobs of lists and cases; `xingxian_portal.schedule` says how often. Each may run twice or late and does no harm."""

from __future__ import annotations

import datetime as dt

from celery import shared_task

from exemptions.cases import at_hand


@shared_task
def tell_of_corrections(at: str | None = None) -> int:
    """Tell of corrections that fall due at the moment `at` (ISO 8601 with its zone), by default now; gives how many."""
    return at_hand.tell_of_corrections(dt.datetime.fromisoformat(at) if at else None)
