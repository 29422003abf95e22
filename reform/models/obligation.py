"""Obligations (milestone × occurrence × unit), the append-only record of their moves, and decisions asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models.milestone import Milestone
from reform.models.plan import Plan
from reform.models.task import Party
from reform.states import State, Verb
from xingxian_portal.foundation.audit import AppendOnlyModel


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Obligations, with the rule of who may open which."""

    def visible_to(self, user: User) -> ObligationQuerySet:
        """Give the obligations whose cell `user` may at least see as light and sentence."""
        return self if user.may(Permission.VIEW_WALL) else self.none()

    def owed_by_units_of(self, user: User, permission: Permission = Permission.READ_OWN) -> ObligationQuerySet:
        """Give the obligations of the units for which `user` holds `permission`."""
        return self.filter(unit_id__in=user.unit_ids_with(permission))


class Obligation(models.Model):
    """One unit's share of one occurrence of a milestone; made when the plan is issued or the period opens.

    `series` is the first version of the plan and `milestone_code` the code that all versions share, so that
    the same duty is one row however often the plan is amended. Only `moves` writes `state` and the dates.
    """

    series = models.ForeignKey(Plan, models.PROTECT, related_name="obligations", verbose_name="方案")
    milestone = models.ForeignKey(Milestone, models.PROTECT, related_name="obligations", verbose_name="时间节点")
    milestone_code = models.SlugField("节点编码", max_length=40)
    occurrence = models.CharField("期次", max_length=12)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="obligations", verbose_name="承办单位")
    original_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原承办单位"
    )
    role = models.CharField("身份", max_length=12, choices=Party.ROLES)
    state = models.CharField("状态", max_length=10, choices=State.choices)
    opened_at = models.DateTimeField("下达时间")
    due_on = models.DateField("期限", null=True)
    first_due_on = models.DateField("原期限", null=True)
    mend_by = models.DateField("补正期限", null=True)
    cycle_no = models.PositiveSmallIntegerField("轮次", default=1)
    signed_at = models.DateTimeField("签收时间", null=True)
    first_filed_on = models.DateField("首次报送日（计时用）", null=True)
    first_filed_at = models.DateTimeField("首次报送时间", null=True)
    last_filed_at = models.DateTimeField("最近报送时间", null=True)
    accepted_at = models.DateTimeField("销号时间", null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = "承办事项"
        verbose_name_plural = verbose_name
        ordering = ["due_on", "milestone_id", "unit_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "milestone_code", "occurrence", "unit"], name="one_obligation_each"
            ),
            models.CheckConstraint(
                condition=Q(first_filed_at__isnull=True, first_filed_on__isnull=True)
                | Q(first_filed_at__isnull=False, first_filed_on__isnull=False),
                name="first_filing_at_and_on_together",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", accepted_at__isnull=False)
                | (~Q(state="closed") & Q(accepted_at__isnull=True)),
                name="closed_means_accepted",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "state", "due_on"], name="obligation_of_unit"),
            models.Index(fields=["state", "due_on"], name="obligation_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.unit.short_name} {self.milestone.title}"

    @property
    def name(self) -> str:
        """Name the duty as the unit speaks of it, with the month where there is one: 信息备案（2022年6月）."""
        year, _, month = self.occurrence.partition("-")
        return f"{self.milestone.title}（{year}年{int(month)}月）" if month else self.milestone.title


class Opening(AppendOnlyModel):
    """An occurrence was opened: its list of units is frozen from then on, however often the job runs."""

    series = models.ForeignKey(Plan, models.PROTECT, related_name="openings", verbose_name="方案")
    milestone_code = models.SlugField("节点编码", max_length=40)
    occurrence = models.CharField("期次", max_length=12)
    opened_at = models.DateTimeField("下达时间")

    class Meta:
        verbose_name = "期次下达"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["series", "milestone_code", "occurrence"], name="one_opening_each")
        ]

    def __str__(self) -> str:
        return f"{self.milestone_code} {self.occurrence}"


class Move(AppendOnlyModel):
    """One change of an obligation, with the dates as they stood after it: the wall of a past day reads these."""

    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="moves", verbose_name="承办事项")
    verb = models.CharField("动作", max_length=20, choices=Verb.choices)
    from_state = models.CharField("原状态", max_length=10, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=State.choices)
    at = models.DateTimeField("时间")
    recorded_at = models.DateTimeField("记录时间（真实）")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="承办单位")
    due_on = models.DateField("期限", null=True)
    mend_by = models.DateField("补正期限", null=True)
    first_filed_on = models.DateField("首次报送日", null=True)
    reason = models.TextField("理由", blank=True)

    class Meta:
        verbose_name = "办理经过"
        verbose_name_plural = verbose_name
        ordering = ["id"]
        indexes = [models.Index(fields=["obligation", "at"], name="move_of_obligation")]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} → {self.get_to_state_display()}"


class Proposal(models.Model):
    """A change that one person asks for and another decides: 延期, 免报, 中止, 恢复, 撤销, 重新办理."""

    EXTENSION, EXEMPTION, SUSPENSION = "extension", "exemption", "suspension"
    RESUMPTION, REVOCATION, REOPENING = "resumption", "revocation", "reopening"
    KINDS = [
        (EXTENSION, "延期"), (EXEMPTION, "免报"), (SUSPENSION, "中止"),
        (RESUMPTION, "恢复"), (REVOCATION, "撤销"), (REOPENING, "重新办理"),
    ]  # fmt: skip
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="proposals", verbose_name="承办事项")
    kind = models.CharField("事由", max_length=12, choices=KINDS)
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    asked_at = models.DateTimeField("提出时间")
    asked_until = models.DateField("申请的期限", null=True)
    granted = models.BooleanField("同意", null=True)
    granted_until = models.DateField("批准的期限", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定人"
    )
    decided_at = models.DateTimeField("决定时间", null=True)
    decision = models.TextField("决定意见", blank=True)

    class Meta:
        verbose_name = "申请与决定"
        verbose_name_plural = verbose_name
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "kind"], condition=Q(granted__isnull=True), name="one_open_proposal_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="proposal_decided_by_and_at_together",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="proposal_needs_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}：{self.obligation}"
