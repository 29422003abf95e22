"""How a person wants to be reached besides the inbox, and which addresses are closed."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from xingxian_portal.foundation.sealed import EmailField, PhoneDigestField

INBOX, MAIL, WEBHOOK, CALL = "inbox", "mail", "webhook", "call"
CHANNELS = [(INBOX, "站内消息"), (MAIL, "电子邮件"), (WEBHOOK, "即时消息"), (CALL, "电话")]
OUTWARD = (MAIL, WEBHOOK)


class ContactPreference(models.Model):
    """An account's e-mail address, which way comes first, and from which hour its reminders are to come."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="contact", verbose_name="账号")
    email = EmailField("邮箱", blank=True, default="")
    email_digest = PhoneDigestField("邮箱摘要", of="email")
    first_channel = models.CharField(
        "优先方式", max_length=8, default=MAIL, choices=[(MAIL, "电子邮件"), (WEBHOOK, "即时消息")]
    )
    digest_time = models.TimeField("提醒时间", default=dt.time(9))

    class Meta:
        verbose_name = "联系方式"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return f"{self.user}的联系方式"


class Suppression(models.Model):
    """An address that nothing is sent to any more, and why; what it was is known by its digest alone."""

    HARD_BOUNCE, REJECTED, MANUAL = "hard_bounce", "rejected", "manual"
    REASONS = [(HARD_BOUNCE, "退信"), (REJECTED, "对方拒收"), (MANUAL, "人工停用")]
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="suppressions", verbose_name="账号")
    channel = models.CharField("方式", max_length=8, choices=CHANNELS)
    address_digest = models.CharField("地址摘要", max_length=64)
    reason = models.CharField("原因", max_length=12, choices=REASONS)
    answer = models.CharField("对方的答复", max_length=300, blank=True)
    at = models.DateTimeField("停用时间")
    lifted_at = models.DateTimeField("恢复时间", null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="恢复人"
    )

    class Meta:
        verbose_name = "停用的地址"
        verbose_name_plural = verbose_name
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "channel", "address_digest"], condition=Q(lifted_at__isnull=True),
                name="an_address_is_closed_once",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.user} {self.get_channel_display()} {self.get_reason_display()}"
