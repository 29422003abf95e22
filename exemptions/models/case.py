"""Cases (免罚案件): one party, one conduct, from its recording to the decision."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q

from exemptions import rights
from exemptions.cases.decisions import Correction
from exemptions.cases.kinds import Decision, Publicity
from exemptions.cases.parties import PartyKind
from exemptions.cases.states import OPEN, SETTLED, State, Verb
from exemptions.models.document_number import DocumentNumber
from exemptions.models.item import Item
from liaisons.models import EnforcementField, Officer, Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.audit import AppendOnlyModel


class CaseQuerySet(models.QuerySet["ExemptionCase"]):
    """Which cases a person sees."""

    def visible_to(self, user: User) -> CaseQuerySet:
        """Give the cases `user` may read: of own units all, of others what is no draft, for whom may read any filing."""
        own = rights.of_own(user, Permission.READ_OWN)
        if user.may(Permission.READ_ANY_FILING):
            return self.filter(own | ~Q(state=State.DRAFT))
        return self.filter(own)

    def worked_on_by(self, user: User) -> CaseQuerySet:
        """Give the cases of the units for which `user` files, and of those merged into them."""
        return self.filter(rights.of_own(user, Permission.FILE))

    def with_names(self) -> CaseQuerySet:
        """Bring along what a page says of a case."""
        return self.select_related(
            "unit", "original_unit", "field", "item", "decision_number", "recorded_by", "decided_by"
        )

    def overdue(self, today: dt.date) -> CaseQuerySet:
        """Give the cases whose ordered correction is past its deadline and not rechecked."""
        return self.filter(state=State.CORRECTING, correct_by__lt=today)


class ExemptionCase(models.Model):
    """One case. `item` is that of the edition in force on the day of discovery; without one `direct_reason` says why."""

    HOW = [("", "未登记"), (Correction.BEFORE.value, "检查前已主动改正"), (Correction.ON_THE_SPOT.value, "当场改正")]
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="exemption_cases", verbose_name="单位")
    original_unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原单位"
    )
    number = models.CharField("案件编号", max_length=40)
    state = models.CharField("状态", max_length=12, choices=State.choices, default=State.DRAFT)
    party_kind = models.CharField("当事人类型", max_length=12, choices=PartyKind.choices)
    party_name = models.CharField("当事人", max_length=80)
    credit_code = models.CharField("统一社会信用代码", max_length=18, blank=True, db_index=True)
    party_address = models.CharField("住所（经营场所）", max_length=120, blank=True)
    field = models.ForeignKey(EnforcementField, models.PROTECT, null=True, blank=True, verbose_name="执法领域")
    discovered_on = models.DateField("检查（发现）日期")
    conduct = models.TextField("违法行为")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name="清单事项")
    direct_reason = models.TextField("未列入清单、直接适用第三十三条的理由", blank=True)
    kind = models.CharField("免罚情形", max_length=12, choices=Item.KINDS)
    officers = models.ManyToManyField(Officer, through="CaseOfficer", related_name="+", verbose_name="执法人员")
    how_corrected = models.CharField("改正情况", max_length=12, choices=HOW, blank=True)
    # Repeats the deadline of the newest order, so that what is overdue is one look at one table.
    correct_by = models.DateField("改正期限", null=True)
    fine_from = models.DecimalField("罚款下限（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    fine_to = models.DecimalField("罚款上限（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    education = models.TextField("教育情况", blank=True)
    decision = models.CharField("决定", max_length=12, choices=Decision.choices, blank=True)
    decision_reason = models.TextField("理由", blank=True)
    decided_on = models.DateField("决定日期", null=True)
    decided_at = models.DateTimeField("决定登记时间", null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="决定登记人"
    )
    decision_number = models.OneToOneField(
        DocumentNumber, models.PROTECT, null=True, related_name="decided_case", verbose_name="决定书文号"
    )
    spared = models.DecimalField("估算免罚金额（元）", max_digits=12, decimal_places=2, null=True, blank=True)
    served_on = models.DateField("送达日期", null=True)
    served_how = models.CharField("送达方式", max_length=40, blank=True)
    publicity = models.CharField("公示状态", max_length=10, choices=Publicity.choices, blank=True)
    publicised_on = models.DateField("公示日期", null=True)
    publicity_link = models.URLField("公示链接", max_length=300, blank=True)
    publicity_note = models.CharField("公示说明", max_length=300, blank=True)
    void_reason = models.TextField("作废理由", blank=True)
    recorded_at = models.DateTimeField("登记时间")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="登记人")

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "免罚案件"
        verbose_name_plural = verbose_name
        ordering = ["-discovered_on", "-pk"]
        indexes = [
            models.Index(fields=["unit", "-discovered_on"], name="cases_of_a_unit"),
            models.Index(fields=["state", "correct_by"], name="cases_by_deadline"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="one_case_a_number"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, direct_reason="") | (Q(item__isnull=True) & ~Q(direct_reason="")),
                name="case_has_an_item_or_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(party_kind="person", credit_code="") | (~Q(party_kind="person") & ~Q(credit_code="")),
                name="case_party_has_a_code_or_is_a_person",
            ),
            models.CheckConstraint(
                condition=Q(decision="", decided_on__isnull=True, decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(decision="") & Q(decided_on__isnull=False, decided_at__isnull=False, decided_by__isnull=False)),
                name="case_decided_on_at_and_by_together",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=SETTLED) | ~Q(decision=""), name="settled_case_has_a_decision"
            ),
            models.CheckConstraint(condition=~Q(state__in=OPEN) | Q(decision=""), name="open_case_has_no_decision"),
            models.CheckConstraint(
                condition=Q(decision__in=["", Decision.TRANSFER], decision_number__isnull=True)
                | (~Q(decision__in=["", Decision.TRANSFER]) & Q(decision_number__isnull=False)),
                name="case_decision_has_its_number",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | Q(decided_on__gte=models.F("discovered_on")),
                name="case_decided_after_discovery",
            ),
            models.CheckConstraint(
                condition=Q(publicity="", publicised_on__isnull=True) | (~Q(publicity="") & Q(publicised_on__isnull=False)),
                name="case_publicity_has_its_day",
            ),
            models.CheckConstraint(condition=~Q(state="void") | ~Q(void_reason=""), name="void_case_has_a_reason"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.number} {self.party_name}"

    @property
    def link(self) -> str:
        """Give the address of its page."""
        return f"/exemptions/cases/{self.pk}/"


class CaseOfficer(models.Model):
    """One of the officers who handle a case, in their order on the papers."""

    case = models.ForeignKey(ExemptionCase, models.CASCADE, related_name="handlers", verbose_name="案件")
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="+", verbose_name="执法人员")
    position = models.PositiveSmallIntegerField("顺序")

    class Meta:
        verbose_name = "承办人"
        verbose_name_plural = verbose_name
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["case", "officer"], name="one_handler_a_case")]

    def __str__(self) -> str:
        return str(self.officer)


class CaseMove(AppendOnlyModel):
    """What was done to a case: from where to where, by whom and when."""

    case = models.ForeignKey(ExemptionCase, models.PROTECT, related_name="moves", verbose_name="案件")
    verb = models.CharField("动作", max_length=12, choices=Verb.choices)
    origin = models.CharField("原状态", max_length=12, choices=State.choices, blank=True)
    to = models.CharField("现状态", max_length=12, choices=State.choices)
    at = models.DateTimeField("时间")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="办理人")
    note = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = "案件经过"
        verbose_name_plural = verbose_name
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.case_id} {self.get_verb_display()}"
