"""Tasks of a plan: one numbered sentence each, with its parties."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from liaisons.models import Unit, UnitGroup
from reform.models.plan import Plan
from xingxian_portal.foundation.natural_keys import NaturalKeyManager


class Task(models.Model):
    """One passage of the plan that asks for something; `quote` is its full text, line breaks removed."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="tasks", verbose_name="方案")
    code = models.SlugField("编码", max_length=40)
    number = models.CharField("序号", max_length=12, blank=True)
    heading_path = models.JSONField("所在标题", default=list, blank=True)
    title = models.CharField("名称", max_length=60)
    quote = models.TextField("原文")
    position = models.PositiveSmallIntegerField("排序", default=0)

    objects = NaturalKeyManager("plan__code", "code")

    class Meta:
        verbose_name = "任务"
        verbose_name_plural = verbose_name
        ordering = ["plan", "position", "code"]
        constraints = [models.UniqueConstraint(fields=["plan", "code"], name="one_task_per_code")]

    def __str__(self) -> str:
        return f"{self.place} {self.title}".strip()

    def natural_key(self) -> tuple[str, str]:
        """Name the task by its plan's code and its own."""
        return (self.plan.code, self.code)

    @property
    def place(self) -> str:
        """Give the place in the document as people cite it: 二、（一）4."""
        labels = [
            heading.split("、")[0] + "、" if "、" in heading[:4] else heading[:3] for heading in self.heading_path
        ]
        return "".join(labels) + (f"{self.number}." if self.number else "")


class Party(models.Model):
    """A unit or a group in a role, either by the plan's words or by a decision of the bureau."""

    LEAD, RESPONSIBLE, SUPPORTING = "lead", "responsible", "supporting"
    ROLES = [(LEAD, "牵头单位"), (RESPONSIBLE, "责任单位"), (SUPPORTING, "配合单位")]
    BY_PLAN, BY_BUREAU = "plan", "bureau"
    role = models.CharField("身份", max_length=12, choices=ROLES)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    group = models.ForeignKey(UnitGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="群组")
    source = models.CharField(
        "依据", max_length=8, choices=[(BY_PLAN, "方案原文"), (BY_BUREAU, "县司法局确定")], default=BY_PLAN
    )
    quote = models.CharField("原文称谓", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_on = models.DateField("确定日期", null=True, blank=True)
    confirmed = models.BooleanField("已核实", default=True)
    position = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        abstract = True
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.get_role_display()}：{self.unit or self.group}"


def party_constraints(name: str) -> list[models.BaseConstraint]:
    """Give the rules every kind of party keeps: one unit or one group; the bureau's own carry reason and date."""
    one = Q(unit__isnull=True, group__isnull=False) | Q(unit__isnull=False, group__isnull=True)
    reasoned = Q(source="plan") | (Q(source="bureau") & ~Q(reason="") & Q(decided_on__isnull=False))
    return [
        models.CheckConstraint(condition=one, name=f"{name}_is_one_unit_or_group"),
        models.CheckConstraint(condition=reasoned, name=f"{name}_by_bureau_has_reason_and_day"),
    ]


class TaskParty(Party):
    """Who leads, answers for or supports a task, as the plan names them behind its sentence."""

    task = models.ForeignKey(Task, models.CASCADE, related_name="parties", verbose_name="任务")

    objects = NaturalKeyManager("task__plan__code", "task__code", "role", "position")

    class Meta(Party.Meta):
        verbose_name = "任务的单位"
        verbose_name_plural = verbose_name
        constraints = [
            *party_constraints("task_party"),
            models.UniqueConstraint(fields=["task", "role", "position"], name="one_task_party_a_place"),
        ]

    def natural_key(self) -> tuple[str, str, str, int]:
        """Name the party by its task, role and place."""
        return (*self.task.natural_key(), self.role, self.position)
