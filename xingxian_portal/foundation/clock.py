"""The two clocks of the portal: business time and real time.

Business time decides dates, lights and reminders. In a demo it started at a chosen moment and runs on from
there, standing still while the portal is down; without a demo both clocks are one. Sessions, lock-outs, Celery
and the audit's recording time use real time. All moments are aware; dates are those of Asia/Shanghai.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import models
from django.utils import timezone

_held: ContextVar[dt.datetime | None] = ContextVar("held_business_time", default=None)


class ClockAnchor(models.Model):
    """The one row that ties a demo's business time to real time; no row means there is one clock only.

    `business_at` was the business time at the real moment `real_at`; `seen_at` is the last real moment at
    which the portal was known to run, so that the time while it was down does not count.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    business_at = models.DateTimeField("业务时间")
    real_at = models.DateTimeField("对应的真实时间")
    seen_at = models.DateTimeField("最近一次运行的真实时间")

    class Meta:
        verbose_name = "演示时钟"
        verbose_name_plural = verbose_name
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="only_one_clock")]

    def __str__(self) -> str:
        return f"演示时钟 {timezone.localtime(self.business_at):%Y-%m-%d %H:%M}"

    def at(self, real: dt.datetime) -> dt.datetime:
        """Give the business time at the real moment `real`."""
        return self.business_at + (real - self.real_at)


def real_now() -> dt.datetime:
    """Give the real moment (aware, UTC)."""
    return timezone.now()


def now() -> dt.datetime:
    """Give the business moment (aware, Asia/Shanghai)."""
    if held := _held.get():
        return timezone.localtime(held)
    return read()[0]


def read() -> tuple[dt.datetime, bool]:
    """Give the running business moment (aware, Asia/Shanghai) and whether this is a demo, in one query."""
    anchor = ClockAnchor.objects.first()
    return timezone.localtime(anchor.at(real_now()) if anchor else real_now()), anchor is not None


def today() -> dt.date:
    """Give the business day in Asia/Shanghai."""
    return now().date()


def is_demo() -> bool:
    """Say whether business time runs apart from real time."""
    return ClockAnchor.objects.exists()


@contextmanager
def held_at(moment: dt.datetime) -> Iterator[None]:
    """Hold business time at `moment` for the block: a request, a job, a test reads one and the same time."""
    token = _held.set(moment)
    try:
        yield
    finally:
        _held.reset(token)


def start_demo(moment: dt.datetime) -> ClockAnchor:
    """Set business time to `moment` (aware); it runs on from there."""
    real = real_now()
    anchor, _ = ClockAnchor.objects.update_or_create(
        id=1, defaults={"business_at": moment, "real_at": real, "seen_at": real}
    )
    return anchor


def resume() -> None:
    """Take up business time where the portal last ran; call when the portal starts."""
    for anchor in ClockAnchor.objects.all():
        start_demo(anchor.at(anchor.seen_at))


def heartbeat() -> None:
    """Note that the portal runs, so that a stop from now on does not count; call every few seconds."""
    ClockAnchor.objects.update(seen_at=real_now())


def day_start(day: dt.date) -> dt.datetime:
    """Give the first moment of `day` in Asia/Shanghai."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))


def day_end(day: dt.date) -> dt.datetime:
    """Give 24:00 of `day` in Asia/Shanghai: the first moment that no longer belongs to it."""
    return day_start(day + dt.timedelta(days=1))


def local_date(moment: dt.datetime) -> dt.date:
    """Give the day in Asia/Shanghai on which `moment` lies."""
    return timezone.localtime(moment).date()
