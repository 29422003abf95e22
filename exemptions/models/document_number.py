"""Numbers of documents, drawn without gaps for each unit, kind of document and year."""

from __future__ import annotations

from django.db import models

from liaisons.models import Unit


class DocumentNumber(models.Model):
    """One number that was drawn for a document; a void one stays."""

    ORDER, DECISION, LIGHTER = "order", "decision", "lighter"
    KINDS = [(ORDER, "责令改正通知书"), (DECISION, "决定书"), (LIGHTER, "从轻、减轻处罚决定书")]
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("文书", max_length=10, choices=KINDS)
    year = models.PositiveSmallIntegerField("年份")
    sequence = models.PositiveIntegerField("序号")
    text = models.CharField("文号", max_length=60)
    drawn_at = models.DateTimeField("取号时间")
    void = models.BooleanField("作废", default=False)

    class Meta:
        verbose_name = "文书编号"
        verbose_name_plural = verbose_name
        ordering = ["unit", "kind", "year", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "kind", "year", "sequence"], name="one_document_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.text}（作废）" if self.void else self.text


class NumberSeries(models.Model):
    """How far the numbers of a unit, document and year have been drawn: the row that whoever draws must lock."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    kind = models.CharField("文书", max_length=10)
    year = models.PositiveSmallIntegerField("年份")
    last = models.PositiveIntegerField("最后的序号", default=0)

    class Meta:
        verbose_name = "文书编号序列"
        verbose_name_plural = verbose_name
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "year"], name="one_series_a_unit_kind_and_year")]

    def __str__(self) -> str:
        return f"{self.unit} {self.kind} {self.year}：{self.last}"
