"""Plans: the documents that say who must do what by when, and single orders outside of one."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class PlanQuerySet(models.QuerySet["Plan"]):
    """Plans, with the rule of who may read which."""

    def visible_to(self, user: User) -> PlanQuerySet:
        """Give what is issued to all who see the wall, drafts to who writes them alone."""
        if user.may(Permission.EDIT_PLANS):
            return self
        return self.exclude(state=Plan.DRAFT) if user.may(Permission.VIEW_WALL) else self.none()


class Plan(models.Model):
    """One document in one version. Versions of a plan share `first_version`; a 交办 is a plan of kind `order`."""

    DRAFT, ISSUED, SUPERSEDED = "draft", "issued", "superseded"
    PLAN, ORDER = "plan", "order"
    code = models.SlugField("编码", max_length=40, unique=True)
    kind = models.CharField("类别", max_length=8, choices=[(PLAN, "实施方案"), (ORDER, "交办事项")], default=PLAN)
    document_number = models.CharField("发文字号", max_length=60, blank=True)
    title = models.CharField("标题", max_length=200)
    issuer = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="发文单位")
    dated_on = models.DateField("成文日期")
    term_ends_on = models.DateField("期限至")
    text = models.TextField("全文", blank=True)
    dates_that_bind_nobody = models.JSONField("不构成时限的日期", default=list, blank=True)
    state = models.CharField(
        "状态", max_length=12, default=DRAFT,
        choices=[(DRAFT, "草稿"), (ISSUED, "已印发"), (SUPERSEDED, "已被修订")],
    )  # fmt: skip
    version = models.PositiveSmallIntegerField("版本", default=1)
    amends = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="amendments", verbose_name="修订的版本"
    )
    first_version = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_versions", verbose_name="第一版"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="录入人"
    )
    issued_at = models.DateTimeField("下达时间", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="下达人"
    )

    objects = NaturalKeyManager.from_queryset(PlanQuerySet)("code")

    class Meta:
        verbose_name = "实施方案"
        verbose_name_plural = verbose_name
        ordering = ["-dated_on", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["document_number"], condition=~Q(document_number=""), name="one_plan_per_document_number"
            ),
            models.UniqueConstraint(
                fields=["first_version", "version"],
                condition=Q(first_version__isnull=False),
                name="one_plan_per_version",
            ),
            models.CheckConstraint(
                condition=Q(issued_at__isnull=True, issued_by__isnull=True, state="draft")
                | Q(issued_at__isnull=False, issued_by__isnull=False) & ~Q(state="draft"),
                name="plan_issued_at_and_by_together",
            ),
            models.CheckConstraint(condition=Q(term_ends_on__gte=models.F("dated_on")), name="plan_term_after_date"),
        ]

    def __str__(self) -> str:
        return self.document_number or self.title

    def natural_key(self) -> tuple[str]:
        """Name the plan's version by its code."""
        return (self.code,)

    @property
    def series_id(self) -> int:
        """Give the id that all versions of this plan share: the first version's."""
        return self.first_version_id or self.pk

    @property
    def is_draft(self) -> bool:
        """Say whether the plan can still be edited."""
        return self.state == self.DRAFT
