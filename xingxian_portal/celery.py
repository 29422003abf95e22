"""The Celery application: worker, beat and every page that hands work over use this one.

Run as `celery -A xingxian_portal worker` and `celery -A xingxian_portal beat`. Jobs live in each app's `jobs.py`
(a *task* is a 任务 here) and are timed in `schedule`.
"""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_ready

from xingxian_portal.processes import leash
from xingxian_portal.schedule import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xingxian_portal.settings.base")

app = Celery("xingxian_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = SCHEDULE
app.autodiscover_tasks(related_name="jobs")


@setup_logging.connect
def keep_djangos_logging(**_kwargs: Any) -> None:
    """Leave logging as Django set it up: Celery configures its own wherever nobody answers this call."""


@worker_process_init.connect
def die_with_the_worker(**_kwargs: Any) -> None:
    """End a pool's child with its worker even when that is killed outright, in the middle of a job."""
    leash.bind(os.getppid())


@worker_ready.connect
def show_that_jobs_run(**_kwargs: Any) -> None:
    """Have the first pulse recorded and reminders planned at once instead of at the schedule's next line."""
    app.send_task("xingxian_portal.foundation.jobs.record_pulse", expires=60)
    app.send_task("reform.jobs.plan_reminders", expires=60)
