"""The record of what came in by workbook: each batch, what each row changed from what to what, and what was wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import models
from django.db.models import Q

from xingxian_portal.foundation.uploads import StoredFile
from xingxian_portal.foundation.workbook.plans import CHANGED, NEW, UNCHANGED


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    """Batches, with the rule of who may see which."""

    def visible_to(self, user: Any) -> ImportBatchQuerySet:
        """Give the batches that `user` made: a workbook is the work of whoever sent it."""
        return self.filter(made_by_id=user.pk)

    def waiting(self, now: dt.datetime) -> ImportBatchQuerySet:
        """Give those that a worker should take up: nobody works on them, or whoever did was lost."""
        return self.filter(state__in=ImportBatch.WORKING).filter(Q(claimed_until=None) | Q(claimed_until__lt=now))


class ImportBatch(models.Model):
    """One workbook sent in: for which sheet and subject, by whom, what it holds, and what became of it."""

    READING, READY, FAULTY, WRITING = "reading", "ready", "faulty", "writing"
    CONFLICT, APPLIED, UNDOING, UNDONE, DROPPED = "conflict", "applied", "undoing", "undone", "dropped"
    STATES = [
        (READING, "正在检查"), (READY, "等待确认"), (FAULTY, "有错误"), (WRITING, "正在导入"),
        (CONFLICT, "有冲突"), (APPLIED, "已导入"), (UNDOING, "正在撤销"), (UNDONE, "已撤销"), (DROPPED, "已放弃"),
    ]  # fmt: skip
    WORKING = (READING, WRITING, UNDOING)
    sheet = models.SlugField("表", max_length=40)
    subject = models.CharField("对象", max_length=80, blank=True)
    subject_label = models.CharField("对象名称", max_length=120, blank=True)
    unit_code = models.CharField("单位编码", max_length=20, blank=True)
    period = models.CharField("期次", max_length=20, blank=True)
    template_version = models.PositiveSmallIntegerField("模板版本", default=1)
    state = models.CharField("状态", max_length=10, choices=STATES, default=READING)
    file = models.ForeignKey(StoredFile, models.SET_NULL, null=True, related_name="+", verbose_name="文件")
    file_name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    made_at = models.DateTimeField("上传时间")
    made_by_id = models.BigIntegerField("上传人编号", db_index=True)
    counts = models.JSONField("计数", default=dict)
    notes = models.JSONField("说明", default=list)
    good_only = models.BooleanField("只导入没有错误的行", default=False)
    confirmed_at = models.DateTimeField("导入时间", null=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    done_rows = models.PositiveIntegerField("已处理行数", default=0)
    all_rows = models.PositiveIntegerField("总行数", default=0)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    # Real time: until then whoever took it up is at work on it.
    claimed_until = models.DateTimeField("占用至", null=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = "表格导入"
        verbose_name_plural = verbose_name
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["sheet", "subject", "sha256"], name="import_of_file"),
            models.Index(fields=["state", "claimed_until"], name="import_to_work_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=False) | ~Q(state__in=["applied", "undone"]),
                name="applied_import_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.file_name}（{self.made_at:%Y-%m-%d}）"

    @property
    def is_working(self) -> bool:
        """Say whether a worker has it or should."""
        return self.state in self.WORKING

    @property
    def per_cent(self) -> int:
        """Give how far the check has come."""
        return min(100, self.done_rows * 100 // self.all_rows) if self.all_rows else 0


class ImportRow(models.Model):
    """What one row of the workbook changes; rows without a change are only counted."""

    ACTIONS = [(NEW, "新增"), (CHANGED, "修改"), (UNCHANGED, "未变")]
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name="导入")
    number = models.PositiveIntegerField("行号")
    label = models.CharField("名称", max_length=200)
    action = models.CharField("动作", max_length=10, choices=ACTIONS)
    key = models.JSONField("主键")
    before = models.JSONField("原值", null=True)
    after = models.JSONField("新值")
    target = models.CharField("对象", max_length=60, blank=True)

    class Meta:
        verbose_name = "导入的行"
        verbose_name_plural = verbose_name
        ordering = ["batch", "number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="one_import_row_a_number")]

    def __str__(self) -> str:
        return f"第 {self.number} 行 {self.get_action_display()}"


class ImportIssue(models.Model):
    """What is wrong, or worth knowing, about one cell, row or the file."""

    LEVELS = [("error", "错误"), ("warning", "提示")]
    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="issues", verbose_name="导入")
    sheet = models.CharField("工作表", max_length=60, blank=True)
    cell = models.CharField("单元格", max_length=12, blank=True)
    row = models.PositiveIntegerField("行号", default=0)
    label = models.CharField("列", max_length=120, blank=True)
    value = models.CharField("值", max_length=120, blank=True)
    code = models.CharField("代码", max_length=20)
    level = models.CharField("级别", max_length=8, choices=LEVELS)
    message = models.CharField("问题", max_length=300)
    accepted = models.JSONField("可以填", default=list)

    class Meta:
        verbose_name = "导入的问题"
        verbose_name_plural = verbose_name
        ordering = ["batch", "pk"]
        indexes = [models.Index(fields=["batch", "level"], name="import_issue_level")]

    def __str__(self) -> str:
        return f"{self.cell or '文件'}：{self.message}"
