"""The ledger of reminders: each line is told at most once, and what is told of a day goes out as one letter."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models.contact import CHANNELS, INBOX
from liaisons.models.person import Person
from liaisons.models.unit import Unit
from liaisons.models.user import User
from liaisons.permissions import Permission


class Letter(models.Model):
    """One message to one person by one channel on one day: the database holds that there is no second.

    A `slot` of its own lets a returned filing add one. `lease_until` is real time, all else business time.
    """

    DAY, RETURN = "day", "return"
    PLANNED, CLAIMED, SENT, BOUNCED = "planned", "claimed", "sent", "bounced"
    FAILED, UNKNOWN, CANCELLED, EXPIRED = "failed", "unknown", "cancelled", "expired"
    STATUSES = [
        (PLANNED, "待发"), (CLAIMED, "发送中"), (SENT, "已发出"), (BOUNCED, "被退回"), (FAILED, "发送失败"),
        (UNKNOWN, "结果不明"), (CANCELLED, "已取消"), (EXPIRED, "已过期"),
    ]  # fmt: skip
    GONE = (CANCELLED, EXPIRED)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="letters", verbose_name="收件人"
    )
    channel = models.CharField("方式", max_length=8, choices=CHANNELS)
    day = models.DateField("日期")
    slot = models.CharField("类别", max_length=8, default=DAY)
    status = models.CharField("状态", max_length=10, choices=STATUSES, default=PLANNED)
    not_after = models.DateTimeField("最晚")
    open_until = models.DateTimeField("可延长至", null=True)
    claimed_by = models.CharField("发送者", max_length=40, blank=True)
    lease_until = models.DateTimeField("占用至（真实）", null=True)
    under_way = models.BooleanField("正在交给对方", default=False)
    attempts = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_attempt_at = models.DateTimeField("下次发送")
    title = models.CharField("标题", max_length=120, blank=True)
    body_hash = models.CharField("内容摘要", max_length=64, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True)
    answer = models.CharField("对方的答复", max_length=300, blank=True)
    error_code = models.CharField("错误", max_length=20, blank=True)

    class Meta:
        verbose_name = "发送"
        verbose_name_plural = verbose_name
        ordering = ["-day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "channel", "day", "slot"], condition=~Q(status__in=["cancelled", "expired"]),
                name="one_letter_a_day",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["status", "channel", "next_attempt_at"], name="letter_to_send")]

    def __str__(self) -> str:
        return f"{self.day} {self.get_channel_display()} {self.get_status_display()}"


class Attempt(models.Model):
    """One sending that did not simply succeed."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="tries", verbose_name="发送")
    number = models.PositiveSmallIntegerField("第几次")
    at = models.DateTimeField("时间")
    outcome = models.CharField("结果", max_length=10)
    answer = models.CharField("对方的答复", max_length=300, blank=True)

    class Meta:
        verbose_name = "发送尝试"
        verbose_name_plural = verbose_name
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class LedgerQuerySet(models.QuerySet["LedgerEntry"]):
    """Lines of the ledger, with the rule of who reads which."""

    def visible_to(self, user: User) -> LedgerQuerySet:
        """Give the lines that `user` may read: the bureau all, a unit those about its own duties."""
        if user.may(Permission.URGE):
            return self
        return self.filter(unit_id__in=user.unit_ids_with(Permission.READ_OWN))

    def written_out(self) -> LedgerQuerySet:
        """Bring along what a line of the page says."""
        return self.select_related("unit", "recipient", "person", "letter", "letter__notice", "called_by")


class LedgerEntry(models.Model):
    """One step about one subject, for one person by one channel; `dedupe_key` keeps it from existing twice.

    Once it is `merged` what became of it is what became of its letter.
    """

    PLANNED, MERGED, CALLED = "planned", "merged", "called"
    SUPPRESSED, CANCELLED, EXPIRED = "suppressed", "cancelled", "expired"
    STATUSES = [
        (PLANNED, "待发"), (MERGED, "已并入消息"), (CALLED, "已电话联系"), (SUPPRESSED, "未发"), (CANCELLED, "已取消"),
        (EXPIRED, "已过期"),
    ]  # fmt: skip
    dedupe_key = models.CharField("去重键", max_length=64, unique=True)
    subject_kind = models.CharField("对象类别", max_length=60)
    subject_key = models.CharField("对象", max_length=100)
    cycle_no = models.PositiveSmallIntegerField("轮次", default=1)
    about = models.CharField("事项", max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="ledger", verbose_name="单位")
    rule = models.CharField("规则", max_length=20)
    rule_version = models.PositiveIntegerField("规则版本", default=1)
    step = models.CharField("步骤", max_length=30)
    step_title = models.CharField("步骤名称", max_length=30)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+", verbose_name="收件人"
    )
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+", verbose_name="联系人")
    addressee = models.CharField("收件人姓名", max_length=40)
    post = models.CharField("岗位", max_length=20)
    channel = models.CharField("方式", max_length=8, choices=CHANNELS, default=INBOX)
    slot = models.CharField("类别", max_length=8, default=Letter.DAY)
    planned_for = models.DateTimeField("计划时间")
    not_after = models.DateTimeField("最晚")
    open_until = models.DateTimeField("可延长至", null=True)
    status = models.CharField("状态", max_length=10, choices=STATUSES, default=PLANNED)
    reason = models.CharField("说明", max_length=200, blank=True)
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, related_name="entries", verbose_name="发送")
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="通话人"
    )
    called_at = models.DateTimeField("通话时间", null=True)
    created_at = models.DateTimeField("登记时间")

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = "提醒台账"
        verbose_name_plural = verbose_name
        ordering = ["-planned_for", "-id"]
        indexes = [
            models.Index(fields=["status", "planned_for"], name="ledger_to_send"),
            models.Index(fields=["planned_for"], name="ledger_by_time"),
            models.Index(fields=["unit", "-planned_for"], name="ledger_of_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(called_at__isnull=True, called_by__isnull=True) | Q(called_at__isnull=False),
                name="called_by_and_at_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee} {self.step_title} {self.about}"


class PlannerState(models.Model):
    """The one row that says when the planner and the sender last ran, and that they take as their lock."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    first_at = models.DateTimeField("首次安排（业务）", null=True)
    planned_at = models.DateTimeField("最近安排（业务）", null=True)
    planner_ran_at = models.DateTimeField("最近安排（真实）", null=True)
    sender_ran_at = models.DateTimeField("最近发送（真实）", null=True)
    rows = models.PositiveIntegerField("最近安排的行数", default=0)
    missing = models.PositiveIntegerField("核对缺少的行数", default=0)
    faults = models.JSONField("读不出的规则", default=list)
    reconciled_at = models.DateTimeField("最近核对（业务）", null=True)

    class Meta:
        verbose_name = "提醒运行状态"
        verbose_name_plural = verbose_name
        constraints = [models.CheckConstraint(condition=Q(id=1), name="only_one_planner_state")]

    def __str__(self) -> str:
        return f"{self.planned_at}"
