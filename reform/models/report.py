"""The monthly report: a submission with one line per task, problems raised in it, and steps of a unit's own."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models import Unit
from reform.models.obligation import Obligation
from reform.models.submission import Submission
from reform.models.task import Task


class MonthlyReport(models.Model):
    """What makes a submission a monthly report. `figures` are the portal's own numbers as of filing."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, primary_key=True, related_name="report", verbose_name="报送"
    )
    is_zero = models.BooleanField("零报告", default=False)
    # Text, not a bounded column: a draft keeps what was typed however long it is; `reports.check` holds the limit.
    zero_reason = models.TextField("零报告理由", blank=True)
    zero_confirmed = models.BooleanField("零报告已确认", default=False)
    figures = models.JSONField("系统带入的数据", default=list, blank=True)

    class Meta:
        verbose_name = "月度报告"
        verbose_name_plural = verbose_name

    def __str__(self) -> str:
        return str(self.submission)


def line_key(task_code: str, kind: str) -> str:
    """Give the key of the line of a task and kind; it stands in the names of the form's fields."""
    return task_code if kind == ReportLine.PROGRESS else f"{task_code}.{kind}"


class ReportLine(models.Model):
    """One task's line of a monthly report, or a lead's summary (牵头小结) of the others' lines."""

    PROGRESS, SUMMARY = "progress", "summary"
    report = models.ForeignKey(MonthlyReport, models.CASCADE, related_name="lines", verbose_name="月度报告")
    task = models.ForeignKey(Task, models.PROTECT, related_name="report_lines", verbose_name="任务")
    kind = models.CharField("类别", max_length=8, choices=[(PROGRESS, "进展"), (SUMMARY, "牵头小结")], default=PROGRESS)
    text = models.TextField("本月进展", blank=True)
    unchanged = models.BooleanField("本月无变化", default=False)
    problem = models.TextField("问题和需要协调的事项", blank=True)
    closes = models.ManyToManyField(Obligation, related_name="+", blank=True, verbose_name="随本次月报申请销号")
    returned = models.BooleanField("退回本行", default=False)
    review_note = models.TextField("审核意见", blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = "月报行"
        verbose_name_plural = verbose_name
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["report", "task", "kind"], name="one_line_per_task_and_kind")]

    def __str__(self) -> str:
        return f"{self.task}：{self.text[:20]}"

    @property
    def key(self) -> str:
        """Name the line within a unit's report, the same in every month: the task's code, a summary marked."""
        return line_key(self.task.code, self.kind)


class Problem(models.Model):
    """A problem that a unit asks the bureau to have coordinated: who answers it by when, and the answer."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="problems", verbose_name="提出于")
    task = models.ForeignKey(Task, models.PROTECT, related_name="problems", verbose_name="任务")
    text = models.TextField("问题")
    raised_at = models.DateTimeField("提出时间")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    answerer = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="problems_to_answer", verbose_name="答复单位"
    )
    answer_by = models.DateField("答复期限", null=True, blank=True)
    answer = models.TextField("答复", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="答复人"
    )

    class Meta:
        verbose_name = "需协调的问题"
        verbose_name_plural = verbose_name
        ordering = ["answered_at", "answer_by", "raised_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="problem_answered_at_and_by_together",
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]


class Step(models.Model):
    """A step a unit lays under an obligation for itself (倒排工期)."""

    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="steps", verbose_name="承办事项")
    title = models.CharField("步骤", max_length=80)
    planned_on = models.DateField("计划日期")
    done_on = models.DateField("完成日期", null=True, blank=True)

    class Meta:
        verbose_name = "自定步骤"
        verbose_name_plural = verbose_name
        ordering = ["planned_on", "id"]

    def __str__(self) -> str:
        return self.title


class Urging(models.Model):
    """One 催办 by a person to one unit about one obligation; the next may follow after the cool-down."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="urgings", verbose_name="承办事项")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="催办人")
    at = models.DateTimeField("催办时间")
    note = models.CharField("附言", max_length=200, blank=True)

    class Meta:
        verbose_name = "催办"
        verbose_name_plural = verbose_name
        ordering = ["-at"]
        indexes = [models.Index(fields=["obligation", "-at"], name="urging_of_obligation")]

    def __str__(self) -> str:
        return f"{self.obligation} {self.at:%m-%d %H:%M}"
