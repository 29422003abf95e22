"""People and the posts they hold or held in a unit: the five columns of the plan's annex, with their history."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from liaisons.models.unit import Unit
from xingxian_portal.foundation.sealed import PhoneDigestField, PhoneField


class Person(models.Model):
    """Somebody whom the county can call; has an account of the portal or none."""

    name = models.CharField("姓名", max_length=30)
    phone = PhoneField("联系方式")
    phone_digest = PhoneDigestField("联系方式摘要", of="phone")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="person", verbose_name="账号"
    )
    anonymised_at = models.DateTimeField("匿名化时间", null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "人员"
        verbose_name_plural = verbose_name
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(anonymised_at__isnull=True) | Q(phone_digest=""), name="who_is_anonymous_has_no_number"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """A post that a person holds in a unit, from its first to its last day; open while there is no last day."""

    LEADER, LIAISON, FILER = "leader", "liaison", "filer"
    POSTS = [(LEADER, "分管领导"), (LIAISON, "联络员"), (FILER, "填报员")]
    SINGLE = (LEADER, LIAISON)  # one holder at a time: the annex has one line for each unit
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="appointments", verbose_name="单位")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name="人员")
    post = models.CharField("岗位", max_length=8, choices=POSTS)
    from_on = models.DateField("任职日期")
    until_on = models.DateField("离任日期", null=True, blank=True)
    confirmed_on = models.DateField("最近核对日期")
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="登记人"
    )

    class Meta:
        verbose_name = "任职"
        verbose_name_plural = verbose_name
        ordering = ["-from_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "post"], condition=Q(until_on__isnull=True, post__in=("leader", "liaison")),
                name="one_holder_of_a_post",
            ),
            models.UniqueConstraint(
                fields=["unit", "person", "post"], condition=Q(until_on__isnull=True), name="nobody_holds_a_post_twice"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("from_on")), name="a_post_ends_after_it_began"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["unit", "until_on"], name="appointment_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit.short_name}{self.get_post_display()}{self.person}"
