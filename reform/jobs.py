"""Timed jobs of the plan; `xingxian_portal.schedule` says how often. Each may run twice or late and does no harm."""

from __future__ import annotations

import datetime as dt

from celery import shared_task

from reform import openings
from reform.bulletin import pdf
from reform.reminders import planning, reconciling
from xingxian_portal.foundation import clock


@shared_task
def open_occurrences(at: str | None = None) -> int:
    """Open what is due to be open at the moment `at` (ISO 8601 with its zone), by default now; gives the rows made."""
    return openings.open_occurrences(dt.datetime.fromisoformat(at) if at else None)


@shared_task
def plan_reminders() -> int:
    """Write into the ledger what is to be reminded of; gives how many lines were new."""
    return planning.plan()


@shared_task
def reconcile_reminders() -> int:
    """Count the lines that should be in the ledger by now and are not; more than none shows on the health page."""
    return reconciling.reconcile(clock.now())


@shared_task(time_limit=300)
def make_bulletin_pdf(pk: int) -> bool:
    """Make the PDF of an issued bulletin, once; says whether there is one."""
    return pdf.make(pk)


@shared_task(time_limit=600)
def make_missing_pdfs() -> int:
    """Make the PDFs that a lost queue or worker left out; gives how many there were."""
    return pdf.make_missing()
