"""Items of an edition: one kind of conduct that may be forgiven, on which legal basis, and how."""

from __future__ import annotations

import datetime as dt

from django.db import models

from exemptions.models.edition import Edition
from exemptions.models.legal_basis import LegalBasis, Provisions
from liaisons.models import EnforcementField
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class ItemQuerySet(models.QuerySet["Item"]):
    """Items, with the rule of what held when and with all that belongs to them."""

    def in_full(self) -> ItemQuerySet:
        """Bring along field, provisions and conditions: two queries more, however many items there are."""
        return self.select_related("field").with_bases().prefetch_related("conditions")

    def with_bases(self) -> ItemQuerySet:
        """Bring along the provisions: one query more."""
        return self.prefetch_related(models.Prefetch("cited", ItemBasis.objects.select_related("basis")))

    def in_force_on(self, day: dt.date) -> ItemQuerySet:
        """Give the items of the editions in force on `day` that hold that day themselves."""
        rows = self.filter(edition__in=Edition.objects.in_force_on(day).values("pk"))
        return rows.exclude(valid_from__gt=day).exclude(valid_until__lt=day)


class Item(models.Model):
    """One item. Its conditions must all hold; a look-back of its own goes before the edition's."""

    MINOR, FIRST, NO_FAULT = "minor", "first", "no_fault"
    KINDS = [(MINOR, "轻微不罚"), (FIRST, "首违不罚"), (NO_FAULT, "无过错不罚")]
    MAY, SHALL, AFTER_ORDER, WARNING = "may", "shall", "after_order", "warning"
    PENALTY_RULES = [
        (MAY, "可以罚"), (SHALL, "应当罚"), (AFTER_ORDER, "先责令改正，拒不改正才罚"), (WARNING, "仅警告"),
    ]  # fmt: skip
    BROKEN, PENALTY = "broken", "penalty"
    MEASURES = [("order", "责令改正"), ("promise", "承诺"), ("talk", "约谈"), ("education", "批评教育")]
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items", verbose_name="版次")
    position = models.PositiveSmallIntegerField("序号")
    code = models.CharField("事项编码", max_length=30)
    field = models.ForeignKey(
        EnforcementField, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="领域"
    )
    conduct = models.CharField("违法行为", max_length=300)
    kind = models.CharField("免罚情形", max_length=10, choices=KINDS)
    penalty_rule = models.CharField("罚则类型", max_length=12, choices=PENALTY_RULES, blank=True)
    lookback_months = models.PositiveSmallIntegerField("回溯期（月）", null=True, blank=True)
    lookback_scope = models.CharField("初次违法的范围", max_length=60, blank=True)
    correction_days = models.PositiveSmallIntegerField("改正期限（天）", null=True, blank=True)
    measures = models.JSONField("配套措施", default=list, blank=True)
    exclusions = models.TextField("排除情形", blank=True)
    authority = models.CharField("实施机关", max_length=60, blank=True)
    valid_from = models.DateField("有效期自", null=True, blank=True)
    valid_until = models.DateField("有效期至", null=True, blank=True)
    note = models.CharField("备注", max_length=300, blank=True)
    review_note = models.TextField("审查意见", blank=True)

    objects = NaturalKeyManager.from_queryset(ItemQuerySet)(
        "edition__exemption_list__unit__code", "edition__exemption_list__kind", "edition__number", "code"
    )

    class Meta:
        verbose_name = "免罚事项"
        verbose_name_plural = verbose_name
        ordering = ["edition", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="one_item_per_code"),
            models.CheckConstraint(
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_from__isnull=True)
                | models.Q(valid_until__gte=models.F("valid_from")),
                name="item_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.conduct}"

    def natural_key(self) -> tuple[str, str, int, str]:
        """Name the item by its edition and code."""
        return (*self.edition.natural_key(), self.code)

    @property
    def measure_words(self) -> str:
        """Say what goes along with the pardon."""
        return "、".join(label for value, label in self.MEASURES if value in self.measures)

    @property
    def months_back(self) -> int | None:
        """Give the look-back for a first offence: the item's own, else its edition's, None where neither says."""
        return self.lookback_months or (self.edition.lookback_months if self.kind == self.FIRST else None)

    @property
    def bases(self) -> Provisions:
        """Give the provisions the item cites, what is broken first."""
        return Provisions((*self.broken, *self.penalty))

    @property
    def broken(self) -> Provisions:
        """Give the provisions that the conduct breaks."""
        return self._cited(self.BROKEN)

    @property
    def penalty(self) -> Provisions:
        """Give the provisions on which the penalty rests."""
        return self._cited(self.PENALTY)

    def _cited(self, role: str) -> Provisions:
        # Picked out here and not by the database, so that what `in_full` has fetched is used.
        return Provisions(row.basis for row in self.cited.all() if row.role == role)


class ItemBasis(models.Model):
    """One provision that an item cites, as what is broken or as the ground of the penalty."""

    ROLES = [(Item.BROKEN, "违反条款"), (Item.PENALTY, "处罚依据")]
    item = models.ForeignKey(Item, models.CASCADE, related_name="cited", verbose_name="事项")
    role = models.CharField("用途", max_length=10, choices=ROLES)
    position = models.PositiveSmallIntegerField("序号")
    basis = models.ForeignKey(LegalBasis, models.PROTECT, related_name="cited_in", verbose_name="法律依据")

    objects = NaturalKeyManager(
        "item__edition__exemption_list__unit__code", "item__edition__exemption_list__kind", "item__edition__number",
        "item__code", "role", "position",
    )  # fmt: skip

    class Meta:
        verbose_name = "引用的依据"
        verbose_name_plural = verbose_name
        ordering = ["item", "role", "position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "role", "position"], name="one_basis_per_place"),
            models.UniqueConstraint(fields=["item", "role", "basis"], name="one_basis_once_per_role"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.basis}"

    def natural_key(self) -> tuple[str, str, int, str, str, int]:
        """Name the citation by its item, role and place."""
        return (*self.item.natural_key(), self.role, self.position)
