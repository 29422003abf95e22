"""Units, the groups a plan speaks of, and the other names they go by."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class Unit(models.Model):
    """A township, a department or the bureau itself; `code` is its statistical or own code."""

    TOWNSHIP, DEPARTMENT, BUREAU, OTHER = "township", "department", "bureau", "other"
    code = models.CharField("编码", max_length=20, unique=True)
    name = models.CharField("全称", max_length=60, unique=True)
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField(
        "类别", max_length=12,
        choices=[(TOWNSHIP, "乡镇人民政府"), (DEPARTMENT, "县直部门"), (BUREAU, "县司法局"), (OTHER, "其他")],
    )  # fmt: skip
    position = models.PositiveSmallIntegerField("排序", default=500)
    confirmed = models.BooleanField("已核实", default=False, help_text="没有来源写明的单位先标“待核实”。")
    source = models.CharField("来源", max_length=200, blank=True)
    successor = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name="并入单位"
    )
    closed_on = models.DateField("并入或撤销日期", null=True, blank=True)

    objects = NaturalKeyManager("code")

    class Meta:
        verbose_name = "单位"
        verbose_name_plural = verbose_name
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(successor=F("id")), name="unit_is_not_its_own_successor"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(closed_on__isnull=False), name="merged_unit_has_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Name the unit by its code."""
        return (self.code,)


class EnforcementField(models.Model):
    """One of the county's fields of enforcement (领域) and the department in charge of it."""

    code = models.SlugField("编码", unique=True)
    name = models.CharField("名称", max_length=30, unique=True)
    in_charge = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name="主管部门")
    position = models.PositiveSmallIntegerField("排序", default=500)
    confirmed = models.BooleanField("已核实", default=False)

    objects = NaturalKeyManager("code")

    class Meta:
        verbose_name = "执法领域"
        verbose_name_plural = verbose_name
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Name the field by its code."""
        return (self.code,)


class UnitGroup(models.Model):
    """A group as a plan names it (各乡镇人民政府); `follows` lends it another group's members until it has its own."""

    code = models.SlugField("编码", unique=True)
    name = models.CharField("名称", max_length=40, unique=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="followers", verbose_name="成员与此群组相同"
    )
    note = models.CharField("说明", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("排序", default=500)
    confirmed = models.BooleanField("成员已核实", default=False)

    objects = NaturalKeyManager("code")

    class Meta:
        verbose_name = "单位群组"
        verbose_name_plural = verbose_name
        ordering = ["position", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(follows__isnull=True) | ~Q(follows=F("id")), name="group_does_not_follow_itself"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def natural_key(self) -> tuple[str]:
        """Name the group by its code."""
        return (self.code,)


class GroupMember(models.Model):
    """A unit's membership of a group, with its first and last day."""

    group = models.ForeignKey(UnitGroup, models.CASCADE, related_name="memberships", verbose_name="群组")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="memberships", verbose_name="单位")
    joined_on = models.DateField("加入日期", default=dt.date(2000, 1, 1))
    left_on = models.DateField("退出日期", null=True, blank=True)

    objects = NaturalKeyManager("group__code", "unit__code", "joined_on")

    class Meta:
        verbose_name = "群组成员"
        verbose_name_plural = verbose_name
        ordering = ["group", "unit__position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "unit", "joined_on"], name="one_membership_a_day"),
            models.UniqueConstraint(
                fields=["group", "unit"], condition=Q(left_on__isnull=True), name="one_open_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group}：{self.unit}"

    def natural_key(self) -> tuple[str, str, str]:
        """Name the membership by group, unit and first day."""
        return (self.group.code, self.unit.code, self.joined_on.isoformat())


class UnitAlias(models.Model):
    """Another name for a unit or a group (县市场局 is 县市场监督管理局)."""

    name = models.CharField("别名", max_length=60, unique=True)
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="单位")
    group = models.ForeignKey(
        UnitGroup, models.CASCADE, null=True, blank=True, related_name="aliases", verbose_name="群组"
    )

    objects = NaturalKeyManager("name")

    class Meta:
        verbose_name = "别名"
        verbose_name_plural = verbose_name
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(unit__isnull=True, group__isnull=False) | Q(unit__isnull=False, group__isnull=True),
                name="alias_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} = {self.unit or self.group}"

    def natural_key(self) -> tuple[str]:
        """Name the alias by itself."""
        return (self.name,)
