"""包容审慎监管试点 (二（二）2): what a unit tries out where, how it goes on, and what was learnt."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models import EnforcementField, Unit


class Pilot(models.Model):
    """One pilot with its plan; the lessons close it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="pilots", verbose_name="单位")
    site = models.CharField("试点单位（区域、行业）", max_length=60)
    field = models.ForeignKey(EnforcementField, models.PROTECT, null=True, blank=True, verbose_name="执法领域")
    started_on = models.DateField("开始日期")
    plan = models.TextField("试点计划")
    lessons = models.TextField("试点经验", blank=True)
    closed_on = models.DateField("总结日期", null=True)

    class Meta:
        verbose_name = "监管试点"
        verbose_name_plural = verbose_name
        ordering = ["unit__position", "unit__code", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "site"], name="one_pilot_a_site"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(lessons=""), name="closed_pilot_has_its_lessons"
            ),
        ]

    def __str__(self) -> str:
        return self.site

    @property
    def newest(self) -> PilotProgress | None:
        """Give what it came to last; fetch `progress` along where there are many pilots."""
        rows = list(self.progress.all())
        return rows[-1] if rows else None


class PilotProgress(models.Model):
    """What a pilot had come to on a day."""

    pilot = models.ForeignKey(Pilot, models.CASCADE, related_name="progress", verbose_name="试点")
    on = models.DateField("日期")
    text = models.TextField("进展")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    class Meta:
        verbose_name = "试点进展"
        verbose_name_plural = verbose_name
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.pilot} {self.on}"
