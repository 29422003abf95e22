"""意见: what the bureau, a lead of the task, or the unit itself writes beside a duty; it changes nothing of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from reform.models.obligation import Obligation


class Comment(models.Model):
    """One remark on one duty, by whom and when; it is never edited."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="comments", verbose_name="承办事项")
    text = models.TextField("意见")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    at = models.DateTimeField("提出时间")

    class Meta:
        verbose_name = "意见"
        verbose_name_plural = verbose_name
        ordering = ["obligation", "pk"]

    def __str__(self) -> str:
        return self.text
