"""The verbs of a month's material: prepare (freeze), edit, drop, issue. Nothing else writes a bulletin's state.

Files lie on the disk before the transaction ends; when it fails they are taken away again.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max

from liaisons import addressees, notices
from liaisons.models import Unit, User
from reform import month_reports, rights
from reform.bulletin import facts as frozen
from reform.bulletin import files, wording
from reform.models import Bulletin, BulletinFile
from xingxian_portal.foundation import audit, clock, made_files
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.uploads import StoredFile

NUMBER = re.compile(r"[一-鿿]{2,10}〔20\d\d〕[1-9]\d{0,3}号")
BRACKETS = str.maketrans("[]【】（）()", "〔〕〔〕〔〕〔〕")


class Stale(Refused):
    """Somebody else saved the text meanwhile, or it is no draft any more."""


class _Files:
    """Keeps files for a bulletin, and remembers them so that they go when what they belong to fails."""

    def __init__(self) -> None:
        self.kept: list[StoredFile] = []

    def add(self, bulletin: Bulletin, kind: str, name: str, data: bytes, by: User, unit: Unit | None = None) -> None:
        file = made_files.keep_bytes(name, data, by_id=by.pk)
        self.kept.append(file)
        BulletinFile.objects.create(bulletin=bulletin, kind=kind, unit=unit, file=file)


@contextmanager
def _keeping() -> Iterator[_Files]:
    kept = _Files()
    try:
        with transaction.atomic():
            yield kept
    except BaseException:
        for file in kept.kept:
            file.location.unlink(missing_ok=True)
        raise


def prepare(month: str, *, by: User, at: dt.datetime | None = None) -> Bulletin:
    """Freeze the month as it stands and make a draft with its files; raises Refused, rights.Denied."""
    rights.require(rights.reviews(by))
    at = at or clock.now()
    reports = month_reports.of(month, clock.local_date(at))
    if not reports:
        raise Refused("这个月没有开报的月度报告，请另选月份。")
    try:
        return _prepare(month, reports, by, at)
    except IntegrityError as error:
        raise Refused(f"{month}的草稿已经有了，请打开那一份。") from error


def _prepare(month: str, reports: list[month_reports.UnitReport], by: User, at: dt.datetime) -> Bulletin:
    with _keeping() as kept:
        told = frozen.gather(month, reports, at)
        last = Bulletin.objects.filter(month=month).aggregate(last=Max("edition"))["last"] or 0
        bulletin = Bulletin.objects.create(
            month=month, edition=last + 1, frozen_at=at, frozen_by=by, facts=told, facts_sha256=frozen.digest(told),
            title=wording.title(told), addressee=wording.ADDRESSEE, copies_to=wording.COPIES_TO, text=wording.text(told),
            saved_at=at, saved_by=by,
        )  # fmt: skip
        data = files.summary(told, reports, at, wording.ISSUER)
        kept.add(bulletin, BulletinFile.SUMMARY, f"{bulletin.words}推进情况汇总表.xlsx", data, by)
        for report, row in zip(told["reports"], reports, strict=True):
            unit = row.obligation.unit
            data = files.feedback(told, report, at, wording.ISSUER)
            kept.add(bulletin, BulletinFile.FEEDBACK, f"{bulletin.words}反馈单-{unit.short_name}.xlsx", data, by, unit)
        after = {"month": month, "sha256": bulletin.facts_sha256, "files": len(kept.kept)}
        audit.record("bulletin.create", by=by, subject=bulletin, after=after, at=at)
    return bulletin


def _locked(bulletin: Bulletin) -> Bulletin:
    return Bulletin.objects.select_for_update().get(pk=bulletin.pk)


def _locked_draft(bulletin: Bulletin) -> Bulletin:
    bulletin = _locked(bulletin)
    if not bulletin.is_draft:
        raise Stale(f"这份材料{bulletin.get_state_display()}，不能再改。")
    return bulletin


@transaction.atomic
def edit(bulletin: Bulletin, *, by: User, revision: int, at: dt.datetime | None = None, **texts: str) -> Bulletin:
    """Save the draft's texts; raises Stale when somebody saved since `revision`, rights.Denied."""
    rights.require(rights.reviews(by))
    bulletin = _locked_draft(bulletin)
    if bulletin.revision != revision:
        raise Stale(f"{bulletin.saved_by}在您编辑时保存过这份草稿。您写的内容还在下面，请对照后再保存。")
    changed = {name: text for name, text in texts.items() if getattr(bulletin, name) != text}
    if changed:
        before = {name: getattr(bulletin, name) for name in changed}
        for name, text in changed.items():
            setattr(bulletin, name, text)
        bulletin.revision, bulletin.saved_at, bulletin.saved_by = revision + 1, at or clock.now(), by
        bulletin.save()
        audit.record("bulletin.edit", by=by, subject=bulletin, before=before, after=changed, at=bulletin.saved_at)
    return bulletin


@transaction.atomic
def drop(bulletin: Bulletin, *, by: User, at: dt.datetime | None = None) -> Bulletin:
    """Put the draft aside, so that the month can be frozen anew; raises Stale, rights.Denied."""
    rights.require(rights.reviews(by))
    bulletin = _locked_draft(bulletin)
    bulletin.state = Bulletin.DROPPED
    bulletin.save(update_fields=["state"])
    audit.record("bulletin.drop", by=by, subject=bulletin, after={"month": bulletin.month}, at=at)
    return bulletin


def normal_number(text: str) -> str:
    """Give the 发文字号 with its brackets and without blanks; raises Refused when it is none."""
    number = "".join(unicodedata.normalize("NFKC", text).split()).translate(BRACKETS)
    if not NUMBER.fullmatch(number):
        raise Refused("请按“兴司通〔2022〕6号”填写发文字号：机关代字、年份加六角括号、序号不编虚位。", "number")
    return number


def next_number(on: dt.date) -> str:
    """Give the number that would come next in the year."""
    issued = Bulletin.objects.filter(state=Bulletin.ISSUED, issued_on__year=on.year).values_list("number", flat=True)
    used = [int(found[1]) for number in issued if (found := re.search(r"〕(\d+)号", number))]
    return f"兴司通〔{on.year}〕{max(used, default=0) + 1}号"


def issue(bulletin: Bulletin, *, by: User, number: str, at: dt.datetime | None = None) -> Bulletin:
    """Issue the draft: its document is made and kept, its units are told; raises Stale, Refused, rights.Denied."""
    rights.require(rights.reviews(by))
    at, number = at or clock.now(), normal_number(number)
    try:
        return _issue(bulletin, by, number, at)
    except IntegrityError as error:
        raise Refused(f"{number}已经用过，请改用别的发文字号。", "number") from error


def _issue(bulletin: Bulletin, by: User, number: str, at: dt.datetime) -> Bulletin:
    with _keeping() as kept:
        bulletin = _locked_draft(bulletin)
        bulletin.state, bulletin.number = Bulletin.ISSUED, number
        bulletin.issued_on, bulletin.issued_at, bulletin.issued_by = clock.local_date(at), at, by
        bulletin.save()
        data = files.document(bulletin, bulletin.issued_on)
        kept.add(bulletin, BulletinFile.DOCUMENT, f"{bulletin.title}.docx", data, by)
        digests = {str(one): one.file.sha256 for one in bulletin.files.select_related("file", "unit")}
        after = {"number": number, "facts": bulletin.facts_sha256, "files": digests}
        audit.record("bulletin.issue", by=by, subject=bulletin, after=after, at=at)
        _tell(bulletin, by, at)
    return bulletin


def _tell(bulletin: Bulletin, by: User, at: dt.datetime) -> None:
    units = bulletin.files.filter(kind=BulletinFile.FEEDBACK).values_list("unit", flat=True)
    people = {person.pk: person for found in addressees.filers_of(filter(None, units)).values() for person in found}
    people.pop(by.pk, None)
    title = f"{bulletin.words}份工作推进情况通报已印发（{bulletin.number}）"
    link, key = f"/bulletins/{bulletin.pk}/", f"bulletin:{bulletin.pk}"
    notices.tell(
        people.values(), "通报", title, body="附有本单位的反馈单。", link=link, subject=bulletin, dedupe=key, at=at
    )


def add_pdf(bulletin: Bulletin, data: bytes | None, trouble: str = "") -> None:
    """Keep the PDF of an issued bulletin, or say why there is none; doing it twice keeps the first."""
    if data is None:
        Bulletin.objects.filter(pk=bulletin.pk).update(pdf_trouble=trouble[:200])
        return
    if bulletin.files.filter(kind=BulletinFile.PDF).exists() or bulletin.issued_by is None:
        return
    with _keeping() as kept:
        kept.add(bulletin, BulletinFile.PDF, f"{bulletin.title}.pdf", data, bulletin.issued_by)
        Bulletin.objects.filter(pk=bulletin.pk).update(pdf_trouble="")


def as_fields(bulletin: Bulletin) -> dict[str, Any]:
    """Give what the form shows of a bulletin."""
    return {name: getattr(bulletin, name) for name in ("title", "addressee", "copies_to", "text")}
