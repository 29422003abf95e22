"""评查活动: a round with its scope, its reviewers, the draw and the files drawn."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models.case_file import CaseFile
from reform.models.review_standard import ReviewStandard


class Stage(models.TextChoices):
    """How far a round has come; `reform.case_review.stages` alone writes it."""

    PREPARING = "preparing", "筹备"
    SEALED = "sealed", "名册已封存"
    DRAWN = "drawn", "已抽取"
    SCORING = "scoring", "评查中"
    FEEDBACK = "feedback", "反馈整改"
    PUBLISHED = "published", "已通报"
    ARCHIVED = "archived", "已归档"


MADE_KNOWN = frozenset({Stage.PUBLISHED, Stage.ARCHIVED})
WITH_RESULTS = frozenset({Stage.FEEDBACK}) | MADE_KNOWN


class ReviewRoundQuerySet(models.QuerySet["ReviewRound"]):
    """Rounds, with the rule of who may see which."""

    def visible_to(self, user: User) -> ReviewRoundQuerySet:
        """Give all to the bureau; to others what they organise, are looked at in or review, and what is made known."""
        if user.may(Permission.READ_ANY_FILING):
            return self
        own = user.unit_ids_with(Permission.READ_OWN)
        rows = self.filter(Q(organiser__in=own) | Q(units__in=own) | Q(reviewers__user=user) | _known_to(user))
        return self.filter(pk__in=rows.values("pk"))


def _known_to(user: User) -> Q:
    if not user.may(Permission.VIEW_WALL):
        return Q(pk__in=[])
    return Q(is_of_bureau=True, stage__in=MADE_KNOWN)


class ReviewRound(models.Model):
    """One round, of the bureau over many units or of a unit over its own files.

    What the draw rests on (`population`, `seed`) is frozen in it, so that anyone can draw the same files again.
    """

    title = models.CharField("名称", max_length=60)
    organiser = models.ForeignKey(Unit, models.PROTECT, related_name="review_rounds", verbose_name="组织单位")
    is_of_bureau = models.BooleanField("县司法局组织", default=True)
    is_practice = models.BooleanField("练习性评查（不计入年度任务）", default=False)
    period_from = models.DateField("案卷决定日期，从")
    period_to = models.DateField("案卷决定日期，到")
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="被评查单位")
    tolerance = models.DecimalField("两人评分允许的差距（分）", max_digits=4, decimal_places=1, default=Decimal(10))
    object_until = models.DateField("异议截止日期", null=True, blank=True)
    stage = models.CharField("阶段", max_length=10, choices=Stage.choices, default=Stage.PREPARING)
    created_at = models.DateTimeField("建立时间")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="建立人")
    population = models.JSONField("封存的名册", default=list, blank=True)
    seed = models.CharField("随机种子", max_length=60, blank=True)
    witnesses = models.CharField("见证人", max_length=120, blank=True)
    algorithm = models.CharField("抽取方法", max_length=20, blank=True)
    sealed_at = models.DateTimeField("封存时间", null=True, blank=True)
    drawn_at = models.DateTimeField("抽取时间", null=True, blank=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="抽取人"
    )
    published_at = models.DateTimeField("通报时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="通报人"
    )
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)

    objects = ReviewRoundQuerySet.as_manager()

    class Meta:
        verbose_name = "评查活动"
        verbose_name_plural = verbose_name
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(period_to__gte=F("period_from")), name="review_period_runs_forward"),
            models.CheckConstraint(
                condition=Q(drawn_at__isnull=True, drawn_by__isnull=True)
                | Q(drawn_at__isnull=False, drawn_by__isnull=False) & ~Q(seed=""),
                name="round_drawn_at_by_and_seed_together",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="round_published_at_and_by_together",
            ),
            # It discharges a duty of the bureau's own: opened by one officer, made known by another.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | Q(is_of_bureau=False) | ~Q(published_by=F("created_by")),
                name="round_of_bureau_opener_is_not_publisher",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_results(self) -> bool:
        """Say whether all sheets are in, so that scores may be seen."""
        return self.stage in WITH_RESULTS

    @property
    def is_known(self) -> bool:
        """Say whether it was made known."""
        return self.stage in MADE_KNOWN


class RoundQuota(models.Model):
    """How many files of one kind are drawn of each unit, and the version of the standard they are measured by."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="quotas", verbose_name="评查活动")
    kind = models.CharField("案卷类别", max_length=8, choices=CaseFile.KINDS)
    per_unit = models.PositiveSmallIntegerField("每单位抽几卷")
    standard = models.ForeignKey(ReviewStandard, models.PROTECT, related_name="quotas", verbose_name="评查标准")

    class Meta:
        verbose_name = "抽取数量"
        verbose_name_plural = verbose_name
        ordering = ["round", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "kind"], name="one_quota_per_kind"),
            models.CheckConstraint(condition=Q(per_unit__gte=1), name="quota_draws_something"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} 每单位 {self.per_unit} 卷"


class RoundReviewer(models.Model):
    """A 评查员 of a round; `declared_at` is when they said which conflicts of interest they have, or none."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="reviewers", verbose_name="评查活动")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="review_seats", verbose_name="评查员"
    )
    declared_at = models.DateTimeField("申明时间", null=True, blank=True)

    class Meta:
        verbose_name = "评查员"
        verbose_name_plural = verbose_name
        ordering = ["round", "pk"]
        constraints = [models.UniqueConstraint(fields=["round", "user"], name="one_seat_per_reviewer")]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def signed(self) -> int:
        """Count the sheets that the reviewer has signed."""
        return sum(sheet.signed_at is not None for sheet in self.sheets.all())


class Conflict(models.Model):
    """A conflict of interest that a reviewer declared: with a unit, or with one file."""

    reviewer = models.ForeignKey(RoundReviewer, models.CASCADE, related_name="conflicts", verbose_name="评查员")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    case_file = models.ForeignKey(
        CaseFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="案卷"
    )
    reason = models.CharField("理由", max_length=120)

    class Meta:
        verbose_name = "回避"
        verbose_name_plural = verbose_name
        ordering = ["reviewer", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, case_file__isnull=False) | Q(unit__isnull=False, case_file__isnull=True),
                name="conflict_with_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer} 回避 {self.what}"

    @property
    def what(self) -> str:
        """Name what the reviewer keeps away from."""
        return self.unit.short_name if self.unit else str(self.case_file)


class DrawnFileQuerySet(models.QuerySet["DrawnFile"]):
    """Files drawn, with the rule of who may open which result."""

    def visible_to(self, user: User) -> DrawnFileQuerySet:
        """Give all to the bureau, its own round's to a unit, and its own files' once the results are fed back."""
        if user.may(Permission.READ_ANY_FILING):
            return self
        own = user.unit_ids_with(Permission.READ_OWN)
        fed_back = Q(case_file__unit__in=own, round__stage__in=WITH_RESULTS)
        return self.filter(Q(round__organiser__in=own) | fed_back)


class DrawnFile(models.Model):
    """One file drawn in a round, with its place in the draw and the standard it is measured by."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="drawn", verbose_name="评查活动")
    case_file = models.ForeignKey(CaseFile, models.PROTECT, related_name="drawn", verbose_name="案卷")
    standard = models.ForeignKey(ReviewStandard, models.PROTECT, related_name="drawn", verbose_name="评查标准")
    number = models.PositiveSmallIntegerField("序号")
    disputed_at = models.DateTimeField("提请复核时间", null=True, blank=True)
    dispute = models.CharField("提请复核的理由", max_length=200, blank=True)

    objects = DrawnFileQuerySet.as_manager()

    class Meta:
        verbose_name = "抽取的案卷"
        verbose_name_plural = verbose_name
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "case_file"], name="file_drawn_once"),
            models.UniqueConstraint(fields=["round", "number"], name="one_drawn_file_a_place"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.case_file}"


class SelfCheck(models.Model):
    """自查表: what a unit found when it looked at its own files before the bureau's round."""

    round = models.ForeignKey(ReviewRound, models.CASCADE, related_name="self_checks", verbose_name="评查活动")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    checked = models.PositiveSmallIntegerField("自查案卷数")
    excellent = models.PositiveSmallIntegerField("自评优秀", default=0)
    failed = models.PositiveSmallIntegerField("自评不合格", default=0)
    problems = models.TextField("发现的问题")
    measures = models.TextField("整改措施")
    filed_at = models.DateTimeField("报送时间")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="报送人")

    class Meta:
        verbose_name = "自查表"
        verbose_name_plural = verbose_name
        ordering = ["round", "unit__position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="one_self_check_per_unit"),
            models.CheckConstraint(condition=Q(checked__gte=F("excellent") + F("failed")), name="self_check_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} 自查 {self.checked} 卷"
