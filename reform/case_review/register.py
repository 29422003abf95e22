"""案卷目录: what a unit registers of its case files. A file in a sealed register or drawn is not changed any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from liaisons.models import Unit, User
from reform import rights as reform_rights
from reform.case_review import rights
from reform.models import CaseDocument, CaseFile, ReviewRound, Stage
from xingxian_portal.foundation import audit, clock, kept_elsewhere, stamps, uploads
from xingxian_portal.foundation.kept_elsewhere import Details
from xingxian_portal.foundation.refusal import Refused

MOST_DOCUMENTS = 60
TOO_MANY = f"一卷最多 {MOST_DOCUMENTS} 个文件，请合并后上传。"
Values = dict[str, Any]


def faults(values: Values, today: dt.date) -> Iterator[tuple[str, str]]:
    """Give why a case cannot have been so, each beside the input it concerns."""
    opened, decided, closed = values.get("opened_on"), values["decided_on"], values.get("closed_on")
    if decided > today:
        yield "decided_on", "决定日期不能晚于今天。"
    if opened and opened > decided:
        yield "opened_on", "立案日期晚于决定日期。"
    if closed and closed < decided:
        yield "closed_on", "结案日期早于决定日期。"
    if not values["officers"]:
        yield "officers", "请填写承办人，用顿号隔开。"
    if values.get("is_major"):
        yield from _faults_of_major(values)


def _faults_of_major(values: Values) -> Iterator[tuple[str, str]]:
    if not (values.get("audited_on") and values.get("audited_by")):
        yield "audited_on", "涉企重大处罚要登记法制审核的日期和审核人。"
    if not (values.get("discussed_on") and values.get("discussion")):
        yield "discussed_on", "涉企重大处罚要登记集体讨论的日期和结论。"
    for name in ("audited_on", "discussed_on"):
        if values.get(name) and values[name] > values["decided_on"]:
            yield name, "法制审核和集体讨论应在作出决定之前。"


def check(values: Values, today: dt.date) -> None:
    """Raise Refused, naming the input, when a case cannot have been so."""
    for name, why in faults(values, today):
        raise Refused(why, name)


@transaction.atomic
def register(unit: Unit, values: Values, *, by: User, at: dt.datetime | None = None) -> CaseFile:
    """Enter a case file; raises Refused, rights.Denied."""
    reform_rights.require(rights.registers_for(by, unit))
    at = at or clock.now()
    check(values, clock.local_date(at))
    try:
        with transaction.atomic():
            file = CaseFile.objects.create(unit=unit, registered_at=at, registered_by=by, **values)
    except IntegrityError as error:
        raise Refused(f"本单位已登记过 {values['number']}，没有重复登记。", "number") from error
    audit.record("docket.create", by=by, subject=file, unit_code=unit.code, after=stamps.facts(file), at=at)
    return file


def _changeable(file: CaseFile, by: User, what: str) -> CaseFile:
    file = CaseFile.objects.select_for_update(of=("self",)).select_related("unit").get(pk=file.pk)
    reform_rights.require(rights.registers_for(by, file.unit))
    if why := fixed_because(file):
        raise Refused(f"{why}，不能{what}。")
    return file


def fixed_because(file: CaseFile) -> str:
    """Say why the entry cannot be changed any more; "" when it can."""
    return fixed(file.unit_id).get(file.number, "")


def fixed(unit_id: int) -> dict[str, str]:
    """Give the numbers of the unit's files whose entries cannot be changed any more, each with why."""
    sealed = ReviewRound.objects.filter(stage=Stage.SEALED, units=unit_id).values_list("population", flat=True)
    in_them = {row[3] for rows in sealed for row in rows}
    rows = CaseFile.objects.filter(unit=unit_id)
    found = dict.fromkeys(
        rows.filter(pk__in=in_them).values_list("number", flat=True), "这一卷在已封存、等待抽取的名册里"
    )
    return found | dict.fromkeys(
        rows.filter(drawn__isnull=False).values_list("number", flat=True), "这一卷已被抽取评查"
    )


@transaction.atomic
def edit(
    file: CaseFile, values: Values, *, seen: str | None = None, by: User, at: dt.datetime | None = None
) -> CaseFile:
    """Change an entry; raises Refused, Stale, rights.Denied."""
    file = _changeable(file, by, "修改")
    at = at or clock.now()
    check(values, clock.local_date(at))
    before, seen_before = stamps.facts(file), stamps.stamp(file)
    for name, value in values.items():
        setattr(file, name, value)
    try:
        with transaction.atomic():
            file.save()
    except IntegrityError as error:
        raise Refused(f"本单位已登记过 {values['number']}。", "number") from error
    stamps.check(seen, seen_before, stamps.stamp(file), "这一卷的登记")
    audit.record(
        "docket.edit", by=by, subject=file, unit_code=file.unit.code, before=before, after=stamps.facts(file), at=at
    )
    return file


@transaction.atomic
def remove(file: CaseFile, *, by: User, at: dt.datetime | None = None) -> None:
    """Take an entry out; raises Refused, rights.Denied."""
    file = _changeable(file, by, "删除")
    audit.record("docket.delete", by=by, subject=file, unit_code=file.unit.code, before=stamps.facts(file), at=at)
    file.delete()


def attach(file: CaseFile, files: Iterable[UploadedFile], *, by: User) -> list[CaseDocument]:
    """Put scans into a file, before and after it is drawn (送卷), not once its sheets are signed. Raises Refused."""
    reform_rights.require(rights.registers_for(by, file.unit))
    _require_open_documents(file)
    with kept_elsewhere.offered(), uploads.kept(files, by_id=by.pk) as stored, transaction.atomic():
        there = file.documents.count()
        if there + len(stored) > MOST_DOCUMENTS:
            raise Refused(TOO_MANY, "files")
        for row in stored:
            row.save()
        made = [CaseDocument(case_file=file, file=row, position=there + n) for n, row in enumerate(stored, 1)]
        CaseDocument.objects.bulk_create(made)
        audit.record(
            "docket.attach",
            by=by,
            subject=file,
            unit_code=file.unit.code,
            after={"files": [row.pk for row in stored]},
        )
    return made


@transaction.atomic
def name_elsewhere(file: CaseFile, details: Details, *, by: User, at: dt.datetime | None = None) -> CaseDocument:
    """Name a film or recording that is too large and stays with the unit; raises Refused, rights.Denied."""
    reform_rights.require(rights.registers_for(by, file.unit))
    _require_open_documents(file)
    there = [one.kept.sha256 for one in file.documents.select_related("file", "elsewhere")]
    if kept_elsewhere.digest(details.sha256) in there:
        raise Refused("这个文件（SHA-256 相同）已经在这一卷里，没有重复登记。", "sha256")
    if len(there) >= MOST_DOCUMENTS:
        raise Refused(TOO_MANY)
    row = kept_elsewhere.record(details, by_id=by.pk, at=at or clock.now())
    made = CaseDocument.objects.create(case_file=file, elsewhere=row, position=len(there) + 1)
    after = {"elsewhere": row.pk, "sha256": row.sha256}
    audit.record("docket.keep_elsewhere", by=by, subject=file, unit_code=file.unit.code, after=after, at=at)
    return made


@transaction.atomic
def detach(document: CaseDocument, *, by: User) -> None:
    """Take a scan out again, while no sheet on the file is signed. Raises Refused, rights.Denied."""
    file = document.case_file
    reform_rights.require(rights.registers_for(by, file.unit))
    _require_open_documents(file)
    before = {"file": document.file_id, "elsewhere": document.elsewhere_id}
    audit.record("docket.detach", by=by, subject=file, unit_code=file.unit.code, before=before)
    CaseDocument.objects.filter(pk=document.pk).delete()


def _require_open_documents(file: CaseFile) -> None:
    if file.drawn.filter(sheets__signed_at__isnull=False).exists():
        raise Refused("这一卷已有评查员签署评分，卷内文件不能再变动。", "files")
