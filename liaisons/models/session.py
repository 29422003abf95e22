"""Sessions that can be listed: whose, since when, from where."""

from __future__ import annotations

import hashlib

from django.conf import settings
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

HANDLE = 20  # hexadecimal digits


class Session(AbstractBaseSession):
    """One browser's session; without a user while nobody has logged in with it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="sessions", verbose_name="账号"
    )
    opened_at = models.DateTimeField("登录时间", null=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    device = models.CharField("设备", max_length=40, blank=True)

    class Meta:
        verbose_name = "会话"
        verbose_name_plural = verbose_name
        ordering = ["-expire_date"]

    def __str__(self) -> str:
        return f"{self.user} {self.device}"

    @property
    def handle(self) -> str:
        """Give what stands for the session on a page: with its key itself anybody could take it over."""
        return hashlib.sha256(self.session_key.encode()).hexdigest()[:HANDLE]
