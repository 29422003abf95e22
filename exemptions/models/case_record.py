"""What is kept of a case beside itself: files, conditions with their evidence, orders to correct, first-offence checks."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from exemptions.cases.decisions import Correction
from exemptions.models.case import ExemptionCase
from exemptions.models.document_number import DocumentNumber
from liaisons.models import Unit
from xingxian_portal.foundation.here_or_elsewhere import ONE_OF_BOTH, HereOrElsewhere


class CaseFile(HereOrElsewhere):
    """One piece of the full-process record (全过程记录): text, picture, sound or film, here or kept by the unit."""

    STAGES = [
        ("inspection", "现场检查"), ("order", "责令改正"), ("promise", "告知承诺"), ("recheck", "复查"),
        ("education", "教育"), ("service", "送达"), ("other", "其他"),
    ]  # fmt: skip
    case = models.ForeignKey(ExemptionCase, models.CASCADE, related_name="files", verbose_name="案件")
    stage = models.CharField("环节", max_length=12, choices=STAGES)
    added_at = models.DateTimeField("添加时间")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="添加人")

    class Meta:
        verbose_name = "案件材料"
        verbose_name_plural = verbose_name
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "file"], name="one_case_file_a_file"),
            models.UniqueConstraint(fields=["case", "elsewhere"], name="one_case_file_a_file_elsewhere"),
            models.CheckConstraint(
                condition=ONE_OF_BOTH,
                name="case_material_is_here_or_elsewhere",
            ),
        ]


class CaseCondition(models.Model):
    """One condition as it stood in the item (or in the law) when the case was recorded, and whether it holds."""

    case = models.ForeignKey(ExemptionCase, models.CASCADE, related_name="conditions", verbose_name="案件")
    text = models.TextField("条件")
    met = models.BooleanField("满足", null=True)
    proof = models.CharField("证据", max_length=300, blank=True)
    file = models.ForeignKey(
        CaseFile, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="证据材料"
    )
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = "案件条件"
        verbose_name_plural = verbose_name
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "position"], name="one_case_condition_a_place")]

    def __str__(self) -> str:
        return self.text


class CorrectionOrder(models.Model):
    """责令改正: by when, what was promised, and what the recheck found. A case may have a second one."""

    RESULTS = [
        (Correction.IN_TIME.value, "已按期改正"), (Correction.LATE.value, "逾期后才改正"), (Correction.NOT.value, "未改正"),
    ]  # fmt: skip
    case = models.ForeignKey(ExemptionCase, models.CASCADE, related_name="orders", verbose_name="案件")
    number = models.OneToOneField(DocumentNumber, models.PROTECT, related_name="order", verbose_name="文号")
    ordered_on = models.DateField("责令日期")
    correct_by = models.DateField("改正期限")
    demands = models.TextField("改正要求")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")
    promised_on = models.DateField("承诺日期", null=True)
    promise = models.TextField("承诺内容", blank=True)
    rechecked_on = models.DateField("复查日期", null=True)
    result = models.CharField("复查结果", max_length=12, choices=RESULTS, blank=True)
    findings = models.TextField("复查情况", blank=True)
    rechecked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="复查登记人"
    )

    class Meta:
        verbose_name = "责令改正"
        verbose_name_plural = verbose_name
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(correct_by__gte=models.F("ordered_on")), name="corrected_after_the_order"),
            models.CheckConstraint(
                condition=Q(result="", rechecked_on__isnull=True, rechecked_by__isnull=True)
                | (~Q(result="") & Q(rechecked_on__isnull=False, rechecked_by__isnull=False)),
                name="order_rechecked_on_by_and_with_a_result",
            ),
            models.UniqueConstraint(fields=["case"], condition=Q(result=""), name="one_open_order_a_case"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return str(self.number)


class FirstOffenceCheck(models.Model):
    """One look whether the party was dealt with before (首违查询): what was asked, answered and confirmed."""

    NOTHING, PERHAPS, UNCHECKABLE = "nothing", "perhaps", "uncheckable"
    ANSWERS = [(NOTHING, "平台内未见记录"), (PERHAPS, "有疑似记录"), (UNCHECKABLE, "无法核验")]
    case = models.ForeignKey(ExemptionCase, models.CASCADE, related_name="checks", verbose_name="案件")
    at = models.DateTimeField("查询时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="查询人")
    credit_code = models.CharField("查询的代码", max_length=18, blank=True)
    months = models.PositiveSmallIntegerField("回溯期（月）")
    since = models.DateField("从")
    until = models.DateField("到")
    answer = models.CharField("结果", max_length=12, choices=ANSWERS)
    units = models.ManyToManyField(Unit, related_name="+", verbose_name="请询单位")
    is_first = models.BooleanField("确认为初次", null=True)
    confirmed_at = models.DateTimeField("确认时间", null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="确认人"
    )
    note = models.TextField("核实情况", blank=True)

    class Meta:
        verbose_name = "首违查询"
        verbose_name_plural = verbose_name
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_first__isnull=True, confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(is_first__isnull=False, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="check_confirmed_at_and_by_together",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_answer_display()}"
