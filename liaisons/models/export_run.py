"""A big export that a worker writes: what was asked, how far it has come, and the file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from xingxian_portal.foundation.uploads import StoredFile


class ExportRun(models.Model):
    """One big workbook being written. What is due lies here and not in the queue, so that a lost worker loses nothing."""

    WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"
    slug = models.CharField("导出", max_length=60)
    title = models.CharField("名称", max_length=80)
    query = models.JSONField("条件", default=dict)
    in_full = models.BooleanField("完整号码", default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="导出人")
    asked_at = models.DateTimeField("提出时间")
    as_of = models.DateTimeField("数据截至")
    state = models.CharField(
        "状态", max_length=8, default=WAITING,
        choices=[(WAITING, "排队"), (RUNNING, "生成中"), (DONE, "已生成"), (FAILED, "没有生成")],
    )  # fmt: skip
    total = models.PositiveIntegerField("总行数")
    written = models.PositiveIntegerField("已写行数", default=0)
    seen_at = models.DateTimeField("最近进展（真实）")
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    trouble = models.CharField("原因", max_length=200, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="文件")

    class Meta:
        verbose_name = "批量导出"
        verbose_name_plural = verbose_name
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | (~Q(state="done") & Q(file__isnull=True)),
                name="a_written_export_has_its_file",
            )
        ]
        indexes = [models.Index(fields=["state", "seen_at"], name="export_run_by_state")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be written."""
        return self.state in (self.WAITING, self.RUNNING)

    @property
    def per_cent(self) -> int:
        """Give how far it has come."""
        return min(100, self.written * 100 // self.total) if self.total else 100
