"""The last sign of life of what works unseen, so that its silence can be seen.

A timed job that runs from beat through the queue and a worker into the database records a pulse; `/healthz` reads
its age. Real time throughout: a demo's clock says nothing about the machine.
"""

from __future__ import annotations

import datetime as dt

from django.db import models

from xingxian_portal.foundation import clock

TIMED_JOBS = "timed-jobs"


class Pulse(models.Model):
    """When something last showed that it works; one row for each name."""

    name = models.CharField("名称", max_length=40, primary_key=True)
    at = models.DateTimeField("最近一次")

    class Meta:
        verbose_name = "运行信号"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"


def record(name: str) -> None:
    """Note that `name` works now."""
    Pulse.objects.update_or_create(name=name, defaults={"at": clock.real_now()})


def age(name: str) -> dt.timedelta | None:
    """Give how long ago `name` last showed that it works; None when it never did."""
    last = Pulse.objects.filter(name=name).values_list("at", flat=True).first()
    return clock.real_now() - last if last else None
