"""What the public search looks through: one row for each item that is or will be in force, and nothing of drafts."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q

from exemptions.models.item import Item
from liaisons.models import EnforcementField, Unit


class PublicEntryQuerySet(models.QuerySet["PublicEntry"]):
    """Entries, with the rule of what the public sees."""

    def on(self, day: dt.date) -> PublicEntryQuerySet:
        """Give what holds on `day`."""
        rows = self.filter(holds_from__lte=day)
        return rows.filter(Q(holds_until__isnull=True) | Q(holds_until__gt=day))


class PublicEntry(models.Model):
    """One published item in words. `tokens` carries the index of words of the database (see the migration)."""

    item = models.OneToOneField(Item, models.CASCADE, primary_key=True, related_name="public_entry")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="单位")
    field = models.ForeignKey(EnforcementField, models.PROTECT, null=True, related_name="+", verbose_name="领域")
    kind = models.CharField("免罚情形", max_length=10, choices=Item.KINDS)
    holds_from = models.DateField("施行日期")
    holds_until = models.DateField("失效日期", null=True)
    words = models.TextField("文字")
    tokens = models.TextField("检索词")

    objects = PublicEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "公开检索"
        verbose_name_plural = verbose_name
        ordering = ["item_id"]

    def __str__(self) -> str:
        return self.words[:40]
