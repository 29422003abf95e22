"""案卷目录: what a unit registers of its case files. A file in a sealed register or drawn is not changed any more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from liaisons.models import Unit, User
from reform import rights as reform_rights
from reform.case_review import rights
from reform.models import CaseDocument, CaseFile, ReviewRound, Stage
from xingxian_portal.foundation import audit, clock, kept_elsewhere, stamps, uploads
from xingxian_portal.foundation.audit import Told
from xingxian_portal.foundation.handfuls import handfuls
from xingxian_portal.foundation.kept_elsewhere import Details
from xingxian_portal.foundation.refusal import OneRefused, Refused

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


def register(unit: Unit, values: Values, *, by: User, at: dt.datetime | None = None) -> CaseFile:
    """Enter a case file; raises Refused, rights.Denied."""
    (file,) = register_all(unit, [values], by=by, at=at)
    return file


@transaction.atomic
def register_all(unit: Unit, told: Sequence[Values], *, by: User, at: dt.datetime | None = None) -> list[CaseFile]:
    """Enter case files with the queries of one; raises OneRefused, rights.Denied."""
    reform_rights.require(rights.registers_for(by, unit))
    at = at or clock.now()
    _check_all(told, clock.local_date(at))
    files = [CaseFile(unit=unit, registered_at=at, registered_by=by, **values) for values in told]
    try:
        with transaction.atomic():
            CaseFile.objects.bulk_create(files)
    except IntegrityError as error:
        numbers = [file.number for file in files]
        taken = set(CaseFile.objects.filter(unit=unit).values_list("number", flat=True))
        for place, number in enumerate(numbers):
            if number in taken or numbers.count(number) > 1:
                raise OneRefused(_taken(number), place) from error
        raise
    audit.record_all("docket.create", (Told(file, unit.code, None, stamps.facts(file)) for file in files), by=by, at=at)
    return files


def _check_all(told: Iterable[Values], today: dt.date) -> None:
    for place, values in enumerate(told):
        try:
            check(values, today)
        except Refused as refused:
            raise OneRefused(refused, place) from refused


def _taken(number: str) -> Refused:
    return Refused(f"本单位已登记过 {number}，没有重复登记。", "number")


def _changeable(file: CaseFile, by: User, what: str) -> CaseFile:
    return _all_changeable([file], by, what)[0]


def _all_changeable(files: Sequence[CaseFile], by: User, what: str) -> list[CaseFile]:
    """Give these files of one unit again, their rows locked; raises OneRefused, rights.Denied."""
    rows = CaseFile.objects.select_for_update(of=("self",)).select_related("unit")
    there = {row.pk: row for some in handfuls([file.pk for file in files]) for row in rows.filter(pk__in=some)}
    locked = [there[file.pk] for file in files]
    for unit in {file.unit_id: file.unit for file in locked}.values():
        reform_rights.require(rights.registers_for(by, unit))
        why = fixed(unit.pk)
        for place, file in enumerate(locked):
            if file.unit_id == unit.pk and file.number in why:
                raise OneRefused(Refused(f"{why[file.number]}，不能{what}。"), place)
    return locked


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
    seen_before = stamps.stamp(_changeable(file, by, "修改"))
    (file,) = edit_all([(file, values)], by=by, at=at)
    stamps.check(seen, seen_before, stamps.stamp(file), "这一卷的登记")
    return file


@transaction.atomic
def edit_all(told: Sequence[tuple[CaseFile, Values]], *, by: User, at: dt.datetime | None = None) -> list[CaseFile]:
    """Change entries; raises OneRefused, rights.Denied."""
    at = at or clock.now()
    files = _all_changeable([file for file, _ in told], by, "修改")
    _check_all([values for _, values in told], clock.local_date(at))
    done = []
    for place, (file, (_, values)) in enumerate(zip(files, told, strict=True)):
        before = stamps.facts(file)
        for name, value in values.items():
            setattr(file, name, value)
        try:
            with transaction.atomic():
                file.save()
        except IntegrityError as error:
            raise OneRefused(_taken(values["number"]), place) from error
        done.append(Told(file, file.unit.code, before, stamps.facts(file)))
    audit.record_all("docket.edit", done, by=by, at=at)
    return files


@transaction.atomic
def remove(file: CaseFile, *, by: User, at: dt.datetime | None = None) -> None:
    """Take an entry out; raises Refused, rights.Denied."""
    remove_all([file], by=by, at=at)


@transaction.atomic
def remove_all(files: Sequence[CaseFile], *, by: User, at: dt.datetime | None = None) -> None:
    """Take entries out; raises OneRefused, rights.Denied."""
    files = _all_changeable(files, by, "删除")
    gone = [Told(file, file.unit.code, stamps.facts(file), None) for file in files]
    audit.record_all("docket.delete", gone, by=by, at=at)
    for some in handfuls([file.pk for file in files]):
        CaseFile.objects.filter(pk__in=some).delete()


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
