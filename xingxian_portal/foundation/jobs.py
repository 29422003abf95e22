"""Jobs of the foundation itself."""

from __future__ import annotations

from celery import shared_task

from xingxian_portal.foundation import pulse


@shared_task
def record_pulse() -> None:
    """Prove that beat, queue, worker and database work together; timed in `xingxian_portal.schedule`."""
    pulse.record(pulse.TIMED_JOBS)
