"""Editions of a list: from the draft over 备案 and publication to the day the next one takes their place."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When

from exemptions import rights
from exemptions.edition_states import COMING_OVER, EDITABLE, PUBLIC, State, Verb
from exemptions.models.exemption_list import ExemptionList
from liaisons.models import User
from liaisons.permissions import Permission
from xingxian_portal.foundation.audit import AppendOnlyModel
from xingxian_portal.foundation.natural_keys import NaturalKeyManager
from xingxian_portal.foundation.uploads import StoredFile


class EditionQuerySet(models.QuerySet["Edition"]):
    """Editions, with the rule of who may read which and of what was in force when."""

    def visible_to(self, user: User) -> EditionQuerySet:
        """Give one's own unit's, those of all units once published, to the bureau all that were filed."""
        own = rights.of_own(user, Permission.READ_OWN, "exemption_list__unit__")
        others = (
            ~Q(state__in=[State.DRAFT, State.DROPPED]) if user.may(Permission.READ_ANY_FILING) else Q(state__in=PUBLIC)
        )
        return self.exclude(exemption_list__kind=ExemptionList.EXAMPLES).filter(own | others)

    def in_force_on(self, day: dt.date) -> EditionQuerySet:
        """Give the editions in force on `day`: of each list one at most."""
        return self.filter(effective_from__lte=day).filter(Q(effective_until__isnull=True) | Q(effective_until__gt=day))

    def in_order(self) -> EditionQuerySet:
        """Put them by kind, 包容免罚清单 first, then in the official order of the units, the newest first."""
        kinds = [When(exemption_list__kind=kind, then=n) for n, (kind, _) in enumerate(ExemptionList.KINDS)]
        unit = "exemption_list__unit"
        return self.order_by(Case(*kinds), f"{unit}__position", f"{unit}__code", "-number")

    def kept_by(self, user: User) -> EditionQuerySet:
        """Give the editions of the units for which `user` files, and of those merged into them."""
        return self.filter(rights.of_own(user, Permission.FILE, "exemption_list__unit__"))


class Edition(models.Model):
    """One edition of a list. `effective_until` is the first day on which it no longer holds.

    Only `edition_moves` writes `state` and the dates that go with it.
    """

    exemption_list = models.ForeignKey(ExemptionList, models.PROTECT, related_name="editions", verbose_name="清单")
    number = models.PositiveSmallIntegerField("版次")
    state = models.CharField("状态", max_length=10, choices=State.choices, default=State.DRAFT)
    based_on = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="在此版次上调整"
    )
    reason = models.CharField("调整原因", max_length=200, blank=True)
    note = models.TextField("说明", blank=True)
    lookback_months = models.PositiveSmallIntegerField("初次违法回溯期（月）", null=True, blank=True)
    lookback_scope = models.CharField("初次违法的范围", max_length=60, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件")
    stated_count = models.PositiveIntegerField("事项数", null=True, blank=True)
    filed_at = models.DateTimeField("报送时间", null=True, blank=True)
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="报送人"
    )
    review_note = models.TextField("审查意见", blank=True)
    mend_by = models.DateField("补正期限", null=True, blank=True)
    record_number = models.CharField("备案号", max_length=40, blank=True)
    recorded_at = models.DateTimeField("备案时间", null=True, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="备案人"
    )
    published_at = models.DateTimeField("公布时间", null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="公布人"
    )
    published_link = models.URLField("公布链接", max_length=300, blank=True)
    effective_from = models.DateField("施行日期", null=True, blank=True)
    effective_until = models.DateField("失效日期", null=True, blank=True)

    objects = NaturalKeyManager.from_queryset(EditionQuerySet)(
        "exemption_list__unit__code", "exemption_list__kind", "number"
    )

    class Meta:
        verbose_name = "清单版次"
        verbose_name_plural = verbose_name
        ordering = ["exemption_list", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["exemption_list", "number"], name="one_edition_per_number"),
            models.UniqueConstraint(
                fields=["exemption_list"],
                condition=Q(effective_from__isnull=False, effective_until__isnull=True),
                name="one_edition_in_force",
            ),
            models.UniqueConstraint(
                fields=["exemption_list"],
                condition=Q(state__in=["draft", "filed", "mending", "recorded"]),
                name="one_edition_in_work",
            ),
            models.UniqueConstraint(
                fields=["record_number"], condition=~Q(record_number=""), name="one_edition_per_record_number"
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True, filed_by__isnull=True)
                | Q(filed_at__isnull=False, filed_by__isnull=False),
                name="edition_filed_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=Q(recorded_at__isnull=True, recorded_by__isnull=True, record_number="")
                | Q(recorded_at__isnull=False, recorded_by__isnull=False) & ~Q(record_number=""),
                name="edition_recorded_at_by_and_number_together",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True, effective_from__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False, effective_from__isnull=False),
                name="edition_published_at_by_and_from_together",
            ),
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("effective_from")),
                name="edition_ends_after_it_began",
            ),
            # Who files does not put on record: the same two people as for any other filing.
            models.CheckConstraint(
                condition=Q(recorded_by__isnull=True) | ~Q(recorded_by=F("filed_by")),
                name="edition_recorder_is_not_filer",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.exemption_list} 第{self.number}版"

    def natural_key(self) -> tuple[str, str, int]:
        """Name the edition by its list and number."""
        return (*self.exemption_list.natural_key(), self.number)

    @property
    def is_editable(self) -> bool:
        """Say whether its unit can still change it."""
        return self.state in EDITABLE

    @property
    def can_come_over(self) -> bool:
        """Say whether it is a merged unit's and may be taken over into the successor's draft."""
        return self.exemption_list.unit.successor_id is not None and self.state in COMING_OVER

    @property
    def last_day(self) -> dt.date | None:
        """Give the last day on which it holds, None while no end is set."""
        return self.effective_until - dt.timedelta(days=1) if self.effective_until else None

    def in_force_on(self, day: dt.date) -> bool:
        """Say whether it holds on `day`."""
        begun = self.effective_from is not None and self.effective_from <= day
        return begun and (self.effective_until is None or day < self.effective_until)


class EditionMove(AppendOnlyModel):
    """One change of an edition: who did what when, and why."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="moves", verbose_name="版次")
    verb = models.CharField("动作", max_length=10, choices=Verb.choices)
    from_state = models.CharField("原状态", max_length=10, blank=True)
    to_state = models.CharField("新状态", max_length=10, choices=State.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="操作人")
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "清单办理经过"
        verbose_name_plural = verbose_name
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} → {self.get_to_state_display()}"
