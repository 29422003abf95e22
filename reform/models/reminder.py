"""When who is reminded of what: rules and their steps as data, and what of it waits for a person's go."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from reform.models.obligation import Obligation
from xingxian_portal.foundation.natural_keys import NaturalKeyManager
from xingxian_portal.foundation.uploads import StoredFile


class ReminderRule(models.Model):
    """What a set of steps is about. `version` grows with each change and stands in every line of the ledger."""

    MONTHLY, DATED, RETURNED, QUIET = "monthly", "dated", "returned", "quiet"
    DECIDING, REVIEWING, CONTACTS, CALENDAR = "deciding", "reviewing", "contacts", "calendar"
    CORRECTION = "correction"
    SUBJECTS = [
        (MONTHLY, "月度报告"), (DATED, "有期限的事项"), (RETURNED, "退回补正"), (QUIET, "久未更新的事项"),
        (DECIDING, "待决定的申请"), (REVIEWING, "待审核的报送"), (CONTACTS, "待核对的联系人"), (CALENDAR, "缺少的日历"),
        (CORRECTION, "责令改正的复查"),
    ]  # fmt: skip
    PREVIOUS, NEXT = "previous", "next"
    code = models.SlugField("编码", max_length=20, unique=True)
    name = models.CharField("名称", max_length=30)
    applies_to = models.CharField("适用于", max_length=12, choices=SUBJECTS)
    roll = models.CharField(
        "期限落在休息日时", max_length=8, default=PREVIOUS,
        choices=[(PREVIOUS, "提醒提前到前一个工作日"), (NEXT, "提醒推后到下一个工作日")],
        help_text="期限本身不动，动的只是提醒的日子。",
    )  # fmt: skip
    enabled = models.BooleanField("启用", default=True)
    version = models.PositiveIntegerField("版本", default=1)
    position = models.PositiveSmallIntegerField("排序", default=100)

    objects = NaturalKeyManager("code")

    class Meta:
        verbose_name = "提醒规则"
        verbose_name_plural = verbose_name
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Name the rule by its code."""
        return (self.code,)


class ReminderStep(models.Model):
    """One step: so many days from an anchor, to whom, by which ways, for how long it is still worth sending."""

    DUE, OPENS, RETURNED, UPDATED, ASKED = "due_at", "opens_at", "returned_at", "last_update", "asked_at"
    ANCHORS = [(DUE, "期限"), (OPENS, "开启"), (RETURNED, "退回"), (UPDATED, "最近更新"), (ASKED, "提出")]
    WORKDAYS, DAYS = "workdays", "days"
    FILER, LIAISON, LEADER = "filer", "liaison", "unit_leader"
    DESK, BUREAU_LEADER, ADMIN = "bureau_desk", "bureau_leader", "system_admin"
    AUDIENCES = [
        (FILER, "填报员"), (LIAISON, "联络员"), (LEADER, "分管领导"), (DESK, "司法局工作人员"), (BUREAU_LEADER, "局领导"),
        (ADMIN, "系统管理员"),
    ]  # fmt: skip
    NOTHING, URGING_LETTER, BULLETIN = "", "letter", "bulletin"
    rule = models.ForeignKey(ReminderRule, models.CASCADE, related_name="steps", verbose_name="规则")
    code = models.SlugField("编码", max_length=20)
    title = models.CharField("名称", max_length=20)
    order = models.PositiveSmallIntegerField("顺序")
    anchor = models.CharField("从何时算", max_length=12, choices=ANCHORS, default=DUE)
    offset = models.SmallIntegerField(
        "前后几天", default=0, validators=[MinValueValidator(-90), MaxValueValidator(366)], help_text="负数为之前。"
    )
    counted_in = models.CharField(
        "按", max_length=8, choices=[(WORKDAYS, "工作日"), (DAYS, "自然日")], default=WORKDAYS
    )
    repeat_days = models.PositiveSmallIntegerField("每隔几天重复", default=0, help_text="0 为不重复。")
    at_time = models.TimeField("时间", default=dt.time(9))
    until_time = models.TimeField("当天可延至", null=True, blank=True)
    audience = models.JSONField("发给", default=list)
    inbox = models.BooleanField("站内消息", default=True)
    outward = models.BooleanField("邮件或即时消息", default=True)
    calls = models.BooleanField("没有邮件和即时消息的列入电话催办单", default=False)
    valid_workdays = models.PositiveSmallIntegerField("几个工作日内仍有用", default=1)
    document = models.CharField(
        "附带", max_length=10, blank=True, default=NOTHING,
        choices=[(NOTHING, "无"), (URGING_LETTER, "催办函"), (BULLETIN, "通报名单")],
    )  # fmt: skip
    needs_approval = models.BooleanField("须经人同意", default=False)
    enabled = models.BooleanField("启用", default=True)

    objects = NaturalKeyManager("rule__code", "code")

    class Meta:
        verbose_name = "提醒步骤"
        verbose_name_plural = verbose_name
        ordering = ["rule", "order"]
        constraints = [models.UniqueConstraint(fields=["rule", "code"], name="one_reminder_step_per_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def days(self) -> int:
        """Give how many days lie between anchor and step, before or after."""
        return abs(self.offset)

    def natural_key(self) -> tuple[str, str]:
        """Name the step by its rule and its own code."""
        return (self.rule.code, self.code)


class Escalation(models.Model):
    """A step about one obligation that waits for a person's go: the 催办函, a place on the list of the 通报."""

    KINDS = [(ReminderStep.URGING_LETTER, "催办函"), (ReminderStep.BULLETIN, "列入通报名单")]
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="escalations", verbose_name="承办事项")
    cycle_no = models.PositiveSmallIntegerField("轮次")
    kind = models.CharField("事由", max_length=10, choices=KINDS)
    proposed_at = models.DateTimeField("提出时间")
    granted = models.BooleanField("同意", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    note = models.CharField("说明", max_length=200, blank=True)
    number = models.CharField("文号", max_length=40, blank=True)
    file = models.OneToOneField(StoredFile, models.PROTECT, null=True, related_name="+", verbose_name="催办函")

    class Meta:
        verbose_name = "催办升级"
        verbose_name_plural = verbose_name
        ordering = ["proposed_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "cycle_no", "kind"], name="one_escalation_each"),
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="one_urging_letter_a_number"),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="escalation_decided_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.obligation}"
