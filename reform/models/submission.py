"""Submissions: what a unit files for an obligation, with data and evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reform.models.milestone import DataItem
from reform.models.obligation import Obligation
from xingxian_portal.foundation.here_or_elsewhere import ONE_OF_BOTH, HereOrElsewhere


class Submission(models.Model):
    """One filing, or the draft of the next one. `counted_on` is the day that counts for timeliness."""

    DRAFT, COSIGNING, FILED = "draft", "cosigning", "filed"
    WITHDRAWN, RETURNED, VOIDED, ACCEPTED = "withdrawn", "returned", "voided", "accepted"
    STATES = [
        (DRAFT, "草稿"), (COSIGNING, "待会签"), (FILED, "已报送"), (WITHDRAWN, "已撤回"),
        (RETURNED, "退回补正"), (VOIDED, "退回（视同未报）"), (ACCEPTED, "已采纳"),
    ]  # fmt: skip
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="submissions", verbose_name="承办事项")
    number = models.PositiveSmallIntegerField("第几次")
    state = models.CharField("状态", max_length=10, choices=STATES, default=DRAFT)
    text = models.TextField("工作情况", blank=True)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")
    revision = models.PositiveIntegerField("草稿修订号", default=1)
    filed_at = models.DateTimeField("报送时间", null=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="报送人"
    )
    counted_on = models.DateField("计时日", null=True)
    filed_on_behalf = models.BooleanField("代录", default=False)
    received_on = models.DateField("收到日期", null=True)
    cosigned_at = models.DateTimeField("会签时间", null=True)
    cosigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="会签人"
    )
    review_began_at = models.DateTimeField("开始审核时间", null=True)
    reviewed_at = models.DateTimeField("审核时间", null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="审核人"
    )
    review_note = models.TextField("审核意见", blank=True)

    class Meta:
        verbose_name = "报送"
        verbose_name_plural = verbose_name
        ordering = ["obligation", "number"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "number"], name="one_submission_per_number"),
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(state__in=["draft", "cosigning", "filed"]),
                name="one_live_submission",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True, filed_by__isnull=True, counted_on__isnull=True)
                | Q(filed_at__isnull=False, filed_by__isnull=False, counted_on__isnull=False),
                name="submission_filed_at_by_and_on_together",
            ),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False),
                name="submission_reviewed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(cosigned_at__isnull=True, cosigned_by__isnull=True)
                | Q(cosigned_at__isnull=False, cosigned_by__isnull=False),
                name="submission_cosigned_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(filed_on_behalf=False, received_on__isnull=True)
                | Q(filed_on_behalf=True, received_on__isnull=False),
                name="filed_on_behalf_has_a_day_of_receipt",
            ),
            # 县司法局's own duties are filed by one officer and reviewed by another; so is what it enters for a unit.
            models.CheckConstraint(
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("filed_by")), name="filer_is_not_reviewer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.obligation} 第 {self.number} 次"


class SubmissionValue(models.Model):
    """What a filing says for one data item; `number` repeats counts and amounts so that they can be added up."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="values", verbose_name="报送")
    item = models.ForeignKey(DataItem, models.PROTECT, related_name="values", verbose_name="数据项")
    # Text, not a bounded column: a draft keeps what was typed however long it is; `data_values` holds the limit.
    text = models.TextField("值", blank=True)
    number = models.DecimalField("数值", max_digits=16, decimal_places=2, null=True)

    class Meta:
        verbose_name = "数据项的值"
        verbose_name_plural = verbose_name
        constraints = [models.UniqueConstraint(fields=["submission", "item"], name="one_value_per_item")]

    def __str__(self) -> str:
        return f"{self.item.label}：{self.text}"


class Evidence(HereOrElsewhere):
    """One file handed in with a filing, or named in it because it is too large and stays with the unit."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="evidence", verbose_name="报送")

    class Meta:
        verbose_name = "佐证"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["submission", "file"], name="one_evidence_per_file"),
            models.UniqueConstraint(fields=["submission", "elsewhere"], name="one_evidence_per_file_elsewhere"),
            models.CheckConstraint(
                condition=ONE_OF_BOTH,
                name="evidence_is_here_or_elsewhere",
            ),
        ]
