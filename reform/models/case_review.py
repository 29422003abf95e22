"""评查表: one reviewer's sheet of one file, the deductions it took, and what follows: objections and 整改."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import Q

from reform.models.obligation import Obligation
from reform.models.review_round import DrawnFile, RoundReviewer
from reform.models.review_standard import ReviewItem, ReviewVeto


class CaseReview(models.Model):
    """One sheet. Until signed it is what was typed, right or wrong; signing turns that into deductions for good.

    Seats 1 and 2 score blind to each other; seat 3 is who decides where they differ too much.
    """

    FIRST, SECOND, THIRD = 1, 2, 3
    drawn = models.ForeignKey(DrawnFile, models.CASCADE, related_name="sheets", verbose_name="抽取的案卷")
    reviewer = models.ForeignKey(RoundReviewer, models.PROTECT, related_name="sheets", verbose_name="评查员")
    seat = models.PositiveSmallIntegerField("席位", choices=[(FIRST, "评查一"), (SECOND, "评查二"), (THIRD, "复核")])
    typed = models.JSONField("填写的内容", default=dict, blank=True)
    revision = models.PositiveIntegerField("修订号", default=0)
    saved_at = models.DateTimeField("保存时间", null=True, blank=True)
    absent = models.JSONField("不适用的项目", default=list, blank=True)
    remark = models.TextField("总体意见", blank=True)
    signed_at = models.DateTimeField("签署时间", null=True, blank=True)
    # As at the signing: a signature goes on saying whose it is when its account has become nobody's (liaisons.leavers).
    signed_name = models.CharField("签署人", max_length=30, blank=True)
    signed_unit = models.CharField("签署人单位", max_length=20, blank=True)
    joined_at = models.DateTimeField("联合署名时间", null=True, blank=True)

    class Meta:
        verbose_name = "评查表"
        verbose_name_plural = verbose_name
        ordering = ["drawn", "seat"]
        constraints = [
            models.UniqueConstraint(fields=["drawn", "seat"], name="one_sheet_per_seat"),
            models.UniqueConstraint(fields=["drawn", "reviewer"], name="one_sheet_per_reviewer"),
            models.CheckConstraint(
                condition=Q(joined_at__isnull=True) | Q(signed_at__isnull=False), name="sheet_joined_after_signed"
            ),
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_name="") | (Q(signed_at__isnull=False) & ~Q(signed_name="")),
                name="sheet_signed_by_a_name",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.drawn} {self.get_seat_display()}"

    @property
    def by_name(self) -> str:
        """Give who signed; before the signature, whose sheet it is."""
        return self.signed_name or self.reviewer.user.name

    @property
    def by_unit(self) -> str:
        """Give the short name of the unit of who signed, as it was then; before the signature, of whose sheet it is."""
        unit = self.reviewer.user.unit
        return self.signed_unit if self.signed_at else unit.short_name if unit else ""


class Deduction(models.Model):
    """Points taken from one item, or a veto found: the problem, the page of the file, the rule it breaks."""

    sheet = models.ForeignKey(CaseReview, models.CASCADE, related_name="deductions", verbose_name="评查表")
    item = models.ForeignKey(
        ReviewItem, models.PROTECT, null=True, blank=True, related_name="deductions", verbose_name="评查项目"
    )
    veto = models.ForeignKey(
        ReviewVeto, models.PROTECT, null=True, blank=True, related_name="found", verbose_name="否决项"
    )
    points = models.DecimalField("扣分", max_digits=5, decimal_places=2, default=Decimal(0))
    problem = models.CharField("问题", max_length=300)
    page = models.CharField("卷内页码", max_length=30)
    rule = models.CharField("依据", max_length=200)
    lifted_by = models.ForeignKey(
        "Objection", models.PROTECT, null=True, blank=True, related_name="lifted", verbose_name="因异议撤销"
    )

    class Meta:
        verbose_name = "扣分"
        verbose_name_plural = verbose_name
        ordering = ["sheet", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, veto__isnull=True, points__gt=0)
                | Q(item__isnull=True, veto__isnull=False, points=0),
                name="deduction_of_an_item_or_a_veto",
            ),
        ]

    def __str__(self) -> str:
        return self.problem[:40]


class Objection(models.Model):
    """异议: what a unit holds against the deductions of one item or veto, and the answer after the recheck."""

    drawn = models.ForeignKey(DrawnFile, models.CASCADE, related_name="objections", verbose_name="抽取的案卷")
    item = models.ForeignKey(
        ReviewItem, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="评查项目"
    )
    veto = models.ForeignKey(ReviewVeto, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="否决项")
    text = models.TextField("异议理由")
    raised_at = models.DateTimeField("提出时间")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="提出人")
    upheld = models.BooleanField("异议成立", null=True, blank=True)
    answer = models.TextField("复核意见", blank=True)
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="答复人"
    )

    class Meta:
        verbose_name = "异议"
        verbose_name_plural = verbose_name
        ordering = ["drawn", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["drawn", "item"], condition=Q(item__isnull=False), name="one_objection_per_item"),
            models.UniqueConstraint(fields=["drawn", "veto"], condition=Q(veto__isnull=False), name="one_objection_per_veto"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, veto__isnull=True) | Q(item__isnull=True, veto__isnull=False),
                name="objection_to_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, upheld__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False, upheld__isnull=False),
                name="objection_answered_at_by_and_how_together",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.text[:40]


class Rectification(models.Model):
    """整改 of one file: what is to be mended, who answers for it; the duty itself is an obligation like any other."""

    drawn = models.OneToOneField(DrawnFile, models.CASCADE, related_name="rectification", verbose_name="抽取的案卷")
    problems = models.TextField("要整改的问题")
    owner = models.CharField("责任人", max_length=30)
    obligation = models.OneToOneField(Obligation, models.PROTECT, related_name="+", verbose_name="承办事项")
    asked_at = models.DateTimeField("通知时间")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="通知人")

    class Meta:
        verbose_name = "整改"
        verbose_name_plural = verbose_name
        ordering = ["drawn"]

    def __str__(self) -> str:
        return f"整改：{self.drawn.case_file}"
