"""Lists: what a unit keeps in editions, 包容免罚清单 first of all; other kinds of list live the same life."""

from __future__ import annotations

from django.db import models

from liaisons.models import Unit
from reform.models import Milestone
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class ExemptionList(models.Model):
    """One unit's list of one kind. The kinds are the deliverables of the plan that a list discharges.

    The one list of kind `examples` belongs to 县司法局: it is never filed and lends its items to who drafts.
    """

    EXEMPTION, ITEM_LIST, DISCRETION = Milestone.EXEMPTION_LIST, Milestone.ITEM_LIST, Milestone.DISCRETION
    EXAMPLES = "examples"
    FILED_KINDS = [(EXEMPTION, "包容免罚清单"), (ITEM_LIST, "行政执法事项清单"), (DISCRETION, "裁量基准")]
    KINDS = [*FILED_KINDS, (EXAMPLES, "示例")]
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exemption_lists", verbose_name="单位")
    kind = models.CharField("类别", max_length=16, choices=KINDS, default=EXEMPTION)

    objects = NaturalKeyManager("unit__code", "kind")

    class Meta:
        verbose_name = "清单"
        verbose_name_plural = verbose_name
        ordering = ["kind", "unit__position", "unit__code"]
        constraints = [models.UniqueConstraint(fields=["unit", "kind"], name="one_list_of_a_kind_per_unit")]

    def __str__(self) -> str:
        return f"{self.unit.short_name}{self.get_kind_display()}"

    def natural_key(self) -> tuple[str, str]:
        """Name the list by its unit and kind."""
        return (self.unit.code, self.kind)

    @property
    def has_items(self) -> bool:
        """Say whether the list is kept item by item; the other kinds are a file with a count."""
        return self.kind in (self.EXEMPTION, self.EXAMPLES)
