"""评查标准: what a case file is measured by, in versions; a round keeps the version it began with."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from reform.models.case_file import CaseFile
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class ReviewStandard(models.Model):
    """One version of one score sheet: vetoes, items and the cut-offs of its grades. Once issued it never changes."""

    code = models.SlugField("编码", max_length=40)
    version = models.PositiveSmallIntegerField("版本", default=1)
    name = models.CharField("名称", max_length=60)
    case_kind = models.CharField("适用案卷", max_length=8, choices=CaseFile.KINDS, default=CaseFile.PUNISHMENT)
    excellent_from = models.DecimalField("优秀，不低于", max_digits=5, decimal_places=2, default=Decimal(90))
    good_from = models.DecimalField("良好，不低于", max_digits=5, decimal_places=2, default=Decimal(80))
    pass_from = models.DecimalField("合格，不低于", max_digits=5, decimal_places=2, default=Decimal(60))
    source = models.CharField("来源", max_length=200, blank=True)
    confirmed = models.BooleanField("已核实", default=False)
    issued_at = models.DateTimeField("启用时间", null=True, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="启用人"
    )

    objects = NaturalKeyManager("code", "version")

    class Meta:
        verbose_name = "评查标准"
        verbose_name_plural = verbose_name
        ordering = ["code", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="one_standard_per_version"),
            models.CheckConstraint(
                condition=Q(
                    pass_from__gte=0,
                    good_from__gte=F("pass_from"),
                    excellent_from__gte=F("good_from"),
                    excellent_from__lte=100,
                ),
                name="grades_of_a_standard_rise",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第 {self.version} 版）"

    def natural_key(self) -> tuple[str, int]:
        """Name the standard by its code and version."""
        return (self.code, self.version)

    @property
    def is_draft(self) -> bool:
        """Say whether it can still be edited."""
        return self.issued_at is None


class ReviewVeto(models.Model):
    """否决项: found in a file it fails the file, or bars it from 优秀."""

    FAIL, BAR = "fail", "bar"
    EFFECTS = [(FAIL, "0 分，不合格"), (BAR, "不得评为优秀")]
    standard = models.ForeignKey(ReviewStandard, models.CASCADE, related_name="vetoes", verbose_name="评查标准")
    code = models.CharField("编码", max_length=10)
    text = models.CharField("否决情形", max_length=200)
    effect = models.CharField("后果", max_length=4, choices=EFFECTS, default=FAIL)
    source = models.CharField("来源", max_length=200, blank=True)
    confirmed = models.BooleanField("已核实", default=False)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = NaturalKeyManager("standard__code", "standard__version", "code")

    class Meta:
        verbose_name = "否决项"
        verbose_name_plural = verbose_name
        ordering = ["standard", "position"]
        constraints = [models.UniqueConstraint(fields=["standard", "code"], name="one_veto_per_code")]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"

    def natural_key(self) -> tuple[str, int, str]:
        """Name the veto by its standard and its own code."""
        return (*self.standard.natural_key(), self.code)


class ReviewItem(models.Model):
    """One line of the sheet: what is looked at, for how many points, how points are lost."""

    SUBJECT, FACTS, PROCEDURE, BASIS, PAPERS = "subject", "facts", "procedure", "basis", "papers"
    CLASSES = [
        (SUBJECT, "主体"), (FACTS, "事实证据"), (PROCEDURE, "程序"), (BASIS, "法律适用"), (PAPERS, "文书和归档"),
    ]  # fmt: skip
    standard = models.ForeignKey(ReviewStandard, models.CASCADE, related_name="items", verbose_name="评查标准")
    code = models.CharField("编码", max_length=10)
    section = models.CharField("部分", max_length=30)
    title = models.CharField("评查项目", max_length=120)
    points = models.DecimalField("分值", max_digits=5, decimal_places=2)
    rule = models.CharField("扣分规则", max_length=200, blank=True)
    problem_class = models.CharField("问题类别", max_length=10, choices=CLASSES, default=PAPERS)
    source = models.CharField("来源", max_length=200, blank=True)
    confirmed = models.BooleanField("已核实", default=False)
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = NaturalKeyManager("standard__code", "standard__version", "code")

    class Meta:
        verbose_name = "评查项目"
        verbose_name_plural = verbose_name
        ordering = ["standard", "position"]
        constraints = [
            models.UniqueConstraint(fields=["standard", "code"], name="one_review_item_per_code"),
            models.CheckConstraint(condition=Q(points__gt=0), name="review_item_has_points"),
        ]

    def __str__(self) -> str:
        return f"{self.section}：{self.title}"

    def natural_key(self) -> tuple[str, int, str]:
        """Name the item by its standard and its own code."""
        return (*self.standard.natural_key(), self.code)
