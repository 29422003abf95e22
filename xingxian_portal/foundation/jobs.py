"""Jobs of the foundation itself; timed in `xingxian_portal.schedule`."""

from __future__ import annotations

import structlog
from celery import shared_task

from xingxian_portal.foundation import audit_seals, audit_verification, pulse

logger = structlog.get_logger(__name__)


@shared_task
def record_pulse() -> None:
    """Prove that beat, queue, worker and database work together."""
    pulse.record(pulse.TIMED_JOBS)


@shared_task
def seal_audit() -> int:
    """Lay the chain over the audit entries committed since the last time; gives how many."""
    return audit_seals.seal()


# A long trail takes minutes to read; below the queue's visibility time-out, or it would be handed out twice.
@shared_task(time_limit=800)
def verify_audit() -> str:
    """Verify the whole audit trail and note the outcome for the 审计员; gives the trouble, "" when there is none."""
    found = audit_verification.verify_and_note()
    if found.trouble:
        logger.error("audit_trail_broken", trouble=found.trouble)
    return found.trouble
