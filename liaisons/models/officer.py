"""执法人员与证件: who enforces the law with which certificate. No identity numbers."""

from __future__ import annotations

from django.db import models

from liaisons.models.unit import EnforcementField, Unit


class Officer(models.Model):
    """One certificate of one person; a certificate that was given back stays in the register."""

    SERVING, SUSPENDED, LEFT = "serving", "suspended", "left"
    STATES = [(SERVING, "在岗"), (SUSPENDED, "暂扣"), (LEFT, "离岗（证件收回）")]
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="officers", verbose_name="单位")
    name = models.CharField("姓名", max_length=30)
    field = models.ForeignKey(EnforcementField, models.PROTECT, null=True, blank=True, verbose_name="执法领域")
    certificate = models.CharField("执法证号", max_length=30, unique=True)
    valid_until = models.DateField("有效期至")
    standing = models.CharField("状态", max_length=10, choices=STATES, default=SERVING)

    class Meta:
        verbose_name = "执法人员"
        verbose_name_plural = verbose_name
        ordering = ["unit__position", "unit__code", "pk"]

    def __str__(self) -> str:
        return f"{self.name}（{self.certificate}）"
