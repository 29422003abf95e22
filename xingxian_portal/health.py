"""GET /healthz: does the portal work, for a machine to ask; no log-in, no personal data.

`status` is `ok`, `degraded` (pages are served, something else is wrong) or `down` (the database does not answer; the
answer is then 503, so that a balancer sends nobody here). Each part says `ok` or what is wrong with it.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from liaisons.letters import watching
from xingxian_portal.celery import app
from xingxian_portal.foundation import clock, pulse
from xingxian_portal.schedule import PULSE_EVERY

LATE_AFTER = 4 * PULSE_EVERY


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> JsonResponse:
    """Answer with the state of each part."""
    try:
        parts = {
            "database": database(), "migrations": migrations(), "timed_jobs": timed_jobs(), "reminders": reminders(),
        }  # fmt: skip
    except Error:
        return JsonResponse({"status": "down", "parts": {"database": {"status": "down"}}}, status=503)
    parts["broker"] = broker()
    fine = all(part["status"] == "ok" for part in parts.values())
    return JsonResponse({"status": "ok" if fine else "degraded", "parts": parts})


def database() -> dict[str, Any]:
    """Ask the database; raise `django.db.Error` when it does not answer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"status": "ok", "kind": connection.vendor}


@cache
def _expected() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def migrations() -> dict[str, Any]:
    """Say how many apps have tables older than the code."""
    pending = len(_expected() - set(MigrationRecorder(connection).applied_migrations()))
    return {"status": "pending" if pending else "ok", "pending": pending}


def timed_jobs() -> dict[str, Any]:
    """Say how long ago a job last came from beat through the queue and a worker into the database."""
    age = pulse.age(pulse.TIMED_JOBS)
    if age is None:
        return {"status": "never"}
    seconds = round(age.total_seconds())
    return {"status": "late" if seconds > LATE_AFTER else "ok", "seconds_ago": seconds}


def reminders() -> dict[str, Any]:
    """Say how old the planner's last run is and whether letters wait, failed or have nowhere to go."""
    now = watching.health(clock.now())
    status = "ok" if now.is_well else "never" if now.planner_age is None else "late"
    return {
        "status": status, "planner_seconds_ago": _seconds(now.planner_age),
        "beat_seconds_ago": _seconds(now.beat_age), "oldest_due_seconds": _seconds(now.oldest_due),
        "failed_today": now.failed_today, "unknown": now.unknown, "broken_contacts": now.broken_contacts,
        "missing": now.missing, "unreadable": list(now.faults),
    }  # fmt: skip


def _seconds(length: dt.timedelta | None) -> int | None:
    return None if length is None else round(length.total_seconds())


def broker() -> dict[str, Any]:
    """Ask the queue for an answer within two seconds."""
    kind = "embedded" if settings.CELERY_BROKER_URL.startswith("redis+socket") else "server"
    try:
        with app.connection_for_write(transport_options={"socket_timeout": 2}) as line:
            line.ensure_connection(max_retries=1, interval_start=0)
    except OperationalError:
        return {"status": "down", "kind": kind}
    return {"status": "ok", "kind": kind}
