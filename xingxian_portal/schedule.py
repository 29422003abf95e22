"""Every timed job of the portal, a line each; times are Asia/Shanghai.

A line only says "look now": the job finds out from the database what is due, so a line that fires twice or not at
all for a while changes nothing. `expires` keeps a stopped worker from coming back to a pile of old calls.
"""

from __future__ import annotations

from typing import Any

from celery.schedules import crontab

PULSE_EVERY = 30.0


def every(seconds: float, job: str) -> dict[str, Any]:
    """Give a line that runs `job` (its dotted name) every so many seconds."""
    return {"task": job, "schedule": seconds, "options": {"expires": seconds}}


def daily(hour: int, minute: int, job: str) -> dict[str, Any]:
    """Give a line that runs `job` once a day at this time."""
    return {"task": job, "schedule": crontab(hour=hour, minute=minute), "options": {"expires": 3600}}


SCHEDULE = {
    "record-pulse": every(PULSE_EVERY, "xingxian_portal.foundation.jobs.record_pulse"),
    "seal-audit": every(60.0, "xingxian_portal.foundation.jobs.seal_audit"),
    "verify-audit": daily(3, 30, "xingxian_portal.foundation.jobs.verify_audit"),
    "take-up-exports": every(60.0, "liaisons.jobs.take_up_exports"),
    "take-up-imports": every(60.0, "liaisons.jobs.take_up_imports"),
    "make-missing-pdfs": every(300.0, "reform.jobs.make_missing_pdfs"),
    "clear-exports": daily(3, 10, "liaisons.jobs.clear_exports"),
    "clear-imports": daily(3, 15, "liaisons.jobs.clear_imports"),
    "clear-log-ins": daily(3, 20, "liaisons.jobs.clear_log_ins"),
    "anonymise-leavers": daily(3, 40, "liaisons.jobs.anonymise_leavers"),
    "open-occurrences": every(600.0, "reform.jobs.open_occurrences"),
    "plan-reminders": every(300.0, "reform.jobs.plan_reminders"),
    "send-letters": every(60.0, "liaisons.jobs.send_letters"),
    "reconcile-reminders": daily(7, 30, "reform.jobs.reconcile_reminders"),
    "ping-outside": daily(9, 30, "liaisons.jobs.ping_outside"),
}
