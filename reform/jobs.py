"""Timed jobs of the plan; `xingxian_portal.schedule` says how often. Each may run twice or late and does no harm."""

from __future__ import annotations

import datetime as dt

from celery import shared_task

from reform import openings


@shared_task
def open_occurrences(at: str | None = None) -> int:
    """Open what is due to be open at the moment `at` (ISO 8601 with its zone), by default now; gives the rows made."""
    return openings.open_occurrences(dt.datetime.fromisoformat(at) if at else None)
