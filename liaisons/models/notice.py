"""Notices: what people were told, in the in-app inbox that cannot bounce."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from liaisons.models.letter import Letter


class Notice(models.Model):
    """One message to one person about one thing; `dedupe_key` keeps it from being told twice."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    dedupe_key = models.CharField("去重键", max_length=64, unique=True)
    kind = models.CharField("类别", max_length=30)
    subject_kind = models.CharField("对象类别", max_length=60, blank=True)
    subject_key = models.CharField("对象", max_length=100, blank=True)
    title = models.CharField("标题", max_length=120)
    body = models.TextField("内容", blank=True)
    link = models.CharField("链接", max_length=200, blank=True)
    sent_at = models.DateTimeField("发出时间（业务）")
    opened_at = models.DateTimeField("打开时间", null=True, blank=True)
    acknowledged_at = models.DateTimeField("签收时间", null=True, blank=True)
    letter = models.OneToOneField(
        Letter, models.SET_NULL, null=True, blank=True, related_name="notice", verbose_name="提醒"
    )

    class Meta:
        verbose_name = "消息"
        verbose_name_plural = verbose_name
        ordering = ["-sent_at", "-id"]
        indexes = [models.Index(fields=["recipient", "opened_at"], name="notice_unread")]

    def __str__(self) -> str:
        return self.title
