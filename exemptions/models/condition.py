"""Conditions of an item, each of a kind with its value and in plain words; all of them must hold."""

from __future__ import annotations

from decimal import Decimal

from django.db import models

from exemptions.models.item import Item
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class Condition(models.Model):
    """One condition: its kind, its value where the kind has one, and the words a citizen understands."""

    LOOKBACK, VALUE, AREA, DAYS = "lookback", "value", "area", "days"
    CONSEQUENCE, INTENT, OTHER = "consequence", "intent", "other"
    KINDS = [
        (LOOKBACK, "初次违法（回溯期）"), (VALUE, "货值上限"), (AREA, "面积上限"), (DAYS, "期限"),
        (CONSEQUENCE, "危害后果"), (INTENT, "主观"), (OTHER, "其他"),
    ]  # fmt: skip
    MEASURES = {LOOKBACK: "个月", VALUE: "元", AREA: "平方米", DAYS: "天"}
    item = models.ForeignKey(Item, models.CASCADE, related_name="conditions", verbose_name="事项")
    position = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("类型", max_length=12, choices=KINDS, default=OTHER)
    value = models.DecimalField("数值", max_digits=12, decimal_places=2, null=True, blank=True)
    text = models.CharField("条件", max_length=300)

    objects = NaturalKeyManager(
        "item__edition__exemption_list__unit__code", "item__edition__exemption_list__kind", "item__edition__number",
        "item__code", "position",
    )  # fmt: skip

    class Meta:
        verbose_name = "适用条件"
        verbose_name_plural = verbose_name
        ordering = ["item", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="one_condition_per_position"),
            models.CheckConstraint(
                condition=models.Q(value__isnull=True) | models.Q(value__gte=0), name="condition_value_is_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def natural_key(self) -> tuple[str, str, int, str, int]:
        """Name the condition by its item and place."""
        return (*self.item.natural_key(), self.position)

    @property
    def measure(self) -> str:
        """Give the unit of the value, "" for kinds without one."""
        return self.MEASURES.get(self.kind, "")

    @property
    def amount(self) -> Decimal | None:
        """Give the value without zeros behind the point."""
        return self.value.normalize() if self.value is not None else None
