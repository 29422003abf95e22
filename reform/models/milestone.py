"""Milestones: the time limits of a task, whom each binds, and the data it asks for."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from reform import deadlines
from reform.models.task import Party, Task, party_constraints
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class Milestone(models.Model):
    """One time limit with the exact words it comes from (`quote`); what it means in dates is in `deadlines`."""

    KINDS = [
        (deadlines.DATED, "一次，有期限"), (deadlines.UNDATED, "一次，未定期限"), (deadlines.MONTHLY, "每月"),
        (deadlines.YEARLY, "每年的若干月份"), (deadlines.CONTINUOUS, "持续"),
    ]  # fmt: skip
    SUBMISSION, LIAISON, EXEMPTION_LIST, CASE_REVIEW = "submission", "liaison", "exemption_list", "case_review"
    ITEM_LIST, DISCRETION = "item_list", "discretion"
    task = models.ForeignKey(Task, models.CASCADE, related_name="milestones", verbose_name="任务")
    code = models.SlugField("编码", max_length=40)
    title = models.CharField("名称", max_length=60)
    short_title = models.CharField("挂图上的名称", max_length=8)
    quote = models.TextField("原文", help_text="逐字摘自方案原文。")
    kind = models.CharField("类别", max_length=12, choices=KINDS)
    due_on = models.DateField("期限", null=True, blank=True)
    day = models.PositiveSmallIntegerField(
        "每月几日前", null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(31)]
    )
    months = models.JSONField("月份", default=list, blank=True)
    deliverable = models.CharField(
        "以什么办结", max_length=16, default=SUBMISSION,
        choices=[
            (SUBMISSION, "报送"), (LIAISON, "确定分管领导和联络员"), (EXEMPTION_LIST, "包容免罚清单备案并公布"),
            (ITEM_LIST, "行政执法事项清单备案并公布"), (DISCRETION, "裁量基准备案并公布"), (CASE_REVIEW, "案卷评查活动"),
        ],
    )  # fmt: skip
    needs_cosign = models.BooleanField("须分管领导会签", default=False)
    confirmed = models.BooleanField("已核实", default=True)
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = NaturalKeyManager("task__plan__code", "code")

    class Meta:
        verbose_name = "时间节点"
        verbose_name_plural = verbose_name
        ordering = ["task__position", "position", "code"]
        constraints = [
            models.UniqueConstraint(fields=["task", "code"], name="one_milestone_per_code"),
            models.CheckConstraint(
                condition=Q(kind="dated", due_on__isnull=False) | (~Q(kind="dated") & Q(due_on__isnull=True)),
                name="only_dated_milestones_have_a_date",
            ),
            models.CheckConstraint(
                condition=Q(kind="monthly", day__isnull=False) | (~Q(kind="monthly") & Q(day__isnull=True)),
                name="only_monthly_milestones_have_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def limit(self) -> deadlines.Limit:
        """Give the time limit as the rules of `deadlines` take it."""
        return deadlines.Limit(self.kind, self.due_on, self.day, self.months)

    @property
    def when(self) -> str:
        """Say the time limit as people do."""
        return deadlines.words(self.limit)

    def natural_key(self) -> tuple[str, str]:
        """Name the milestone by its plan's code and its own."""
        return (self.task.plan.code, self.code)


class MilestoneParty(Party):
    """A unit or group that a milestone binds: nobody else owes it (rules: who is bound to what)."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="parties", verbose_name="时间节点")

    objects = NaturalKeyManager("milestone__task__plan__code", "milestone__code", "position")

    class Meta(Party.Meta):
        verbose_name = "受约束的单位"
        verbose_name_plural = verbose_name
        constraints = [
            *party_constraints("milestone_party"),
            models.UniqueConstraint(fields=["milestone", "position"], name="one_milestone_party_a_place"),
        ]

    def natural_key(self) -> tuple[str, str, int]:
        """Name the party by its milestone and place."""
        return (*self.milestone.natural_key(), self.position)


class DataItem(models.Model):
    """One figure or fact that a filing must or may carry."""

    COUNT, AMOUNT, DATE, CHOICE, YES_NO, TEXT = "count", "amount", "date", "choice", "yes_no", "text"
    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="data_items", verbose_name="时间节点")
    code = models.SlugField("编码", max_length=40)
    label = models.CharField("名称", max_length=40)
    kind = models.CharField(
        "类别", max_length=8,
        choices=[(COUNT, "数量"), (AMOUNT, "金额"), (DATE, "日期"), (CHOICE, "选择"), (YES_NO, "是否"), (TEXT, "文字")],
    )  # fmt: skip
    measure = models.CharField("计量单位", max_length=10, blank=True)
    choices = models.JSONField("可选值", default=list, blank=True)
    required = models.BooleanField("必填", default=False)
    quote = models.CharField("原文", max_length=200, blank=True)
    confirmed = models.BooleanField("已核实", default=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = NaturalKeyManager("milestone__task__plan__code", "milestone__code", "code")

    class Meta:
        verbose_name = "数据项"
        verbose_name_plural = verbose_name
        ordering = ["milestone", "position"]
        constraints = [models.UniqueConstraint(fields=["milestone", "code"], name="one_data_item_per_code")]

    def __str__(self) -> str:
        return f"{self.label}（{self.measure}）" if self.measure else self.label

    def natural_key(self) -> tuple[str, str, str]:
        """Name the item by its milestone and its own code."""
        return (*self.milestone.natural_key(), self.code)
