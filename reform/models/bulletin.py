"""月度材料: a month's facts frozen at a moment, the text of its 通报, and the files made of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation.uploads import StoredFile

READS_ISSUED = frozenset({Permission.READ_ANY_TEXT, Permission.EXPORT_ANY, Permission.READ_OWN})


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    """Bulletins, with the rule of who reads which."""

    def visible_to(self, user: User) -> BulletinQuerySet:
        """Give all to the bureau, to others what was issued."""
        if user.may(Permission.REVIEW):
            return self
        return self.filter(state=Bulletin.ISSUED) if user.permissions & READS_ISSUED else self.none()


class Bulletin(models.Model):
    """One edition of a month's material. `facts` never change; the text may until it is issued."""

    DRAFT, ISSUED, DROPPED = "draft", "issued", "dropped"
    month = models.CharField("月份", max_length=7)
    edition = models.PositiveSmallIntegerField("第几稿")
    state = models.CharField(
        "状态", max_length=8, default=DRAFT, choices=[(DRAFT, "草稿"), (ISSUED, "已印发"), (DROPPED, "已弃用")]
    )
    frozen_at = models.DateTimeField("数据截至")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="取数人")
    facts = models.JSONField("数据")
    facts_sha256 = models.CharField("数据 SHA-256", max_length=64)
    title = models.CharField("标题", max_length=120)
    number = models.CharField("发文字号", max_length=40, blank=True)
    addressee = models.CharField("主送机关", max_length=200)
    copies_to = models.CharField("抄送", max_length=200, blank=True)
    text = models.TextField("正文")
    revision = models.PositiveIntegerField("修订号", default=1)
    saved_at = models.DateTimeField("保存时间")
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="保存人")
    issued_on = models.DateField("成文日期", null=True)
    issued_at = models.DateTimeField("印发时间", null=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="印发人"
    )
    pdf_trouble = models.CharField("没有 PDF 的原因", max_length=200, blank=True)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "月度材料"
        verbose_name_plural = verbose_name
        ordering = ["-month", "-edition"]
        constraints = [
            models.UniqueConstraint(fields=["month", "edition"], name="one_bulletin_per_edition"),
            models.UniqueConstraint(fields=["month"], condition=Q(state="draft"), name="one_draft_of_a_bulletin"),
            models.UniqueConstraint(fields=["number"], condition=Q(state="issued"), name="one_bulletin_per_number"),
            models.CheckConstraint(
                condition=Q(state="issued", issued_at__isnull=False, issued_by__isnull=False, issued_on__isnull=False)
                | (~Q(state="issued") & Q(issued_at__isnull=True, issued_by__isnull=True, issued_on__isnull=True)),
                name="bulletin_issued_at_and_by_together",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.words}月度材料"

    @property
    def words(self) -> str:
        """Give the month as people say it."""
        year, _, month = self.month.partition("-")
        return f"{year}年{int(month)}月"

    @property
    def is_draft(self) -> bool:
        """Say whether the text can still be edited."""
        return self.state == self.DRAFT


class BulletinFileQuerySet(models.QuerySet["BulletinFile"]):
    """Files of bulletins, with the rule of who takes which."""

    def visible_to(self, user: User) -> BulletinFileQuerySet:
        """Give all to the bureau; of what was issued the 通报 to all readers, sums by right, a unit its own sheet."""
        rows = self.filter(bulletin__in=Bulletin.objects.visible_to(user))
        if user.may(Permission.READ_ANY_FILING):
            return rows
        kinds = [BulletinFile.DOCUMENT, BulletinFile.PDF]
        kinds += [BulletinFile.SUMMARY] if user.may(Permission.EXPORT_ANY) else []
        own = user.unit_ids_with(Permission.READ_OWN)
        return rows.filter(Q(kind__in=kinds) | Q(kind=BulletinFile.FEEDBACK, unit__in=own))


class BulletinFile(models.Model):
    """One file of a bulletin, served as it was made, for as long as the portal stands."""

    DOCUMENT, PDF, SUMMARY, FEEDBACK = "document", "pdf", "summary", "feedback"
    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="files", verbose_name="月度材料")
    kind = models.CharField(
        "种类", max_length=8,
        choices=[(DOCUMENT, "通报"), (PDF, "通报（PDF）"), (SUMMARY, "汇总表"), (FEEDBACK, "反馈单")],
    )  # fmt: skip
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    file = models.OneToOneField(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")

    objects = BulletinFileQuerySet.as_manager()

    class Meta:
        verbose_name = "月度材料文件"
        verbose_name_plural = verbose_name
        ordering = ["bulletin", "kind", "unit__kind", "unit__position", "unit__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["bulletin", "kind"], condition=~Q(kind="feedback"), name="one_file_of_a_kind"
            ),
            models.UniqueConstraint(
                fields=["bulletin", "unit"], condition=Q(kind="feedback"), name="one_feedback_of_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(kind="feedback", unit__isnull=False) | (~Q(kind="feedback") & Q(unit__isnull=True)),
                name="only_feedback_belongs_to_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.unit or ''}".strip()
