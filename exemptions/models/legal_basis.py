"""Legal bases: provisions of statutes as records of their own, so that a statute's change finds the items that cite it."""

from __future__ import annotations

import re
from itertools import groupby

from django.conf import settings
from django.db import models
from django.db.models import Q

from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class LegalBasis(models.Model):
    """One provision of one version of a statute: 法名, 条, 款, 项, 施行日."""

    IN_FORCE, AMENDED, REPEALED = "in_force", "amended", "repealed"
    STATUSES = [(IN_FORCE, "有效"), (AMENDED, "已修改"), (REPEALED, "已废止")]
    statute = models.CharField("法名", max_length=80)
    article = models.CharField("条", max_length=20, help_text="例如：第三十三条。")
    paragraph = models.CharField("款", max_length=20, blank=True)
    clause = models.CharField("项", max_length=20, blank=True)
    version = models.CharField("版本", max_length=20, blank=True, help_text="施行日期，例如 2021-07-15；不清楚时留空。")
    status = models.CharField("状态", max_length=10, choices=STATUSES, default=IN_FORCE)
    status_note = models.CharField("状态说明", max_length=200, blank=True)
    changed_on = models.DateField("修改或废止日期", null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="登记人"
    )
    confirmed = models.BooleanField("已核实", default=False)

    objects = NaturalKeyManager("statute", "article", "paragraph", "clause", "version")

    class Meta:
        verbose_name = "法律依据"
        verbose_name_plural = verbose_name
        ordering = ["statute", "version", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["statute", "article", "paragraph", "clause", "version"], name="one_basis_per_provision"
            ),
            models.CheckConstraint(
                condition=Q(status="in_force", changed_on__isnull=True)
                | (~Q(status="in_force") & Q(changed_on__isnull=False)),
                name="a_lapsed_basis_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}{self.provision}"

    def natural_key(self) -> tuple[str, str, str, str, str]:
        """Name the basis by its provision and version."""
        return (self.statute, self.article, self.paragraph, self.clause, self.version)

    @property
    def title(self) -> str:
        """Give the statute's name in its brackets."""
        return f"《{self.statute}》"

    @property
    def provision(self) -> str:
        """Give article, paragraph and item as people cite them."""
        return f"{self.article}{self.paragraph}{self.clause}"

    @property
    def source(self) -> tuple[str, str]:
        """Give the statute and its version."""
        return self.statute, self.version

    @property
    def is_in_force(self) -> bool:
        """Say whether the provision still holds as it stands here."""
        return self.status == self.IN_FORCE


class Provisions(tuple[LegalBasis, ...]):
    """Several provisions as people cite them: 《食品安全法》第三十四条第十项、第一百二十四条第一款第五项."""

    __slots__ = ()

    def __str__(self) -> str:
        runs = groupby(self, key=lambda basis: basis.source)
        return "、".join(f"《{source[0]}》" + "、".join(basis.provision for basis in run) for source, run in runs)


def plain_title(name: str) -> str:
    """Give a statute's name without brackets and blanks, as it is kept."""
    return re.sub(r"[《》\s]", "", name)
