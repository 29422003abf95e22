"""案卷: the register that units keep of their case files, and the documents of a file."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models import EnforcementField, Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.here_or_elsewhere import ONE_OF_BOTH, HereOrElsewhere


class CaseFileQuerySet(models.QuerySet["CaseFile"]):
    """Case files, with the rule of who may read which."""

    def visible_to(self, user: User) -> CaseFileQuerySet:
        """Give all to the bureau, its own to a unit; a reviewer meets files only through the sheets given to them."""
        if user.may(Permission.READ_ANY_FILING):
            return self
        return self.filter(unit__in=user.unit_ids_with(Permission.READ_OWN))


class CaseFile(models.Model):
    """One file (一案一卷) as its unit registers it. `officers` holds the names of those who handled the case."""

    PUNISHMENT, LICENCE, COERCION, INSPECTION, OTHER = "punish", "licence", "coerce", "inspect", "other"
    KINDS = [
        (PUNISHMENT, "行政处罚"), (LICENCE, "行政许可"), (COERCION, "行政强制"), (INSPECTION, "行政检查"), (OTHER, "其他"),
    ]  # fmt: skip
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="case_files", verbose_name="单位")
    number = models.CharField("案卷编号", max_length=60)
    kind = models.CharField("类别", max_length=8, choices=KINDS, default=PUNISHMENT)
    field = models.ForeignKey(EnforcementField, models.PROTECT, null=True, blank=True, verbose_name="执法领域")
    title = models.CharField("案由", max_length=120)
    party = models.CharField("当事人", max_length=80)
    opened_on = models.DateField("立案日期", null=True, blank=True)
    decided_on = models.DateField("决定日期")
    closed_on = models.DateField("结案日期", null=True, blank=True)
    officers = models.JSONField("承办人", default=list)
    is_major = models.BooleanField("涉企重大处罚", default=False)
    audited_on = models.DateField("法制审核日期", null=True, blank=True)
    audited_by = models.CharField("法制审核人", max_length=30, blank=True)
    discussed_on = models.DateField("集体讨论日期", null=True, blank=True)
    discussion = models.CharField("集体讨论结论", max_length=200, blank=True)
    pages = models.PositiveSmallIntegerField("卷内页数", null=True, blank=True)
    registered_at = models.DateTimeField("登记时间")
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = "案卷"
        verbose_name_plural = verbose_name
        ordering = ["unit__position", "unit__code", "-decided_on", "number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_case_file_per_number"),
            models.CheckConstraint(
                condition=Q(opened_on__isnull=True) | Q(opened_on__lte=models.F("decided_on")),
                name="case_opened_before_decided",
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("decided_on")),
                name="case_decided_before_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CaseDocument(HereOrElsewhere):
    """One document of a case file, in the order of the file: a scan, or a film or recording that the unit keeps."""

    case_file = models.ForeignKey(CaseFile, models.CASCADE, related_name="documents", verbose_name="案卷")
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = "卷内文件"
        verbose_name_plural = verbose_name
        ordering = ["case_file", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["case_file", "elsewhere"], name="one_document_a_file_elsewhere"),
            models.CheckConstraint(
                condition=ONE_OF_BOTH,
                name="document_is_here_or_elsewhere",
            ),
        ]
