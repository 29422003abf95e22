"""The files of a case, its full-process record: added until it is settled and served, never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from exemptions import rights
from exemptions.cases import moves
from exemptions.cases.states import OPEN, State
from exemptions.models import CaseFile, ExemptionCase
from liaisons.models import User
from reform.rights import require
from xingxian_portal.foundation import audit, clock, kept_elsewhere, uploads
from xingxian_portal.foundation.kept_elsewhere import Details
from xingxian_portal.foundation.refusal import Refused

MOST_FILES = 40
TOO_MANY = f"一件案件最多 {MOST_FILES} 份材料，这次的没有加进来。"


def attach(
    case: ExemptionCase, files: Iterable[UploadedFile], *, stage: str, by: User, at: dt.datetime | None = None
) -> list[CaseFile]:
    """Add files, all or none; one that is there already is not added again.

    Raises uploads.Refused (also when there are too many), CaseMoveRefused, rights.Denied.
    """
    at = at or clock.now()
    require(rights.keeps(by, case.unit))
    with kept_elsewhere.offered(), uploads.kept(files, by_id=by.pk) as rows, transaction.atomic():
        case = _taking_more(case, by)
        there = {one.kept.sha256 for one in case.files.select_related("file", "elsewhere")}
        new = {row.sha256: row for row in rows if row.sha256 not in there}
        if len(there) + len(new) > MOST_FILES:
            raise uploads.Refused(TOO_MANY)
        for twice in [row for row in rows if row not in new.values()]:
            twice.location.unlink()
        return [_added(case, row, stage, by, at) for row in new.values()]


@transaction.atomic
def name_elsewhere(
    case: ExemptionCase, details: Details, *, stage: str, by: User, at: dt.datetime | None = None
) -> CaseFile:
    """Name a film or recording that is too large and stays with the unit; raises Refused, CaseMoveRefused, rights.Denied."""
    at = at or clock.now()
    require(rights.keeps(by, case.unit))
    case = _taking_more(case, by)
    there = {one.kept.sha256 for one in case.files.select_related("file", "elsewhere")}
    if kept_elsewhere.digest(details.sha256) in there:
        raise Refused("这个文件（SHA-256 相同）已经在本案的材料里，没有重复登记。", "sha256")
    if len(there) >= MOST_FILES:
        raise Refused(TOO_MANY)
    row = kept_elsewhere.record(details, by_id=by.pk, at=at)
    added = CaseFile.objects.create(case=case, elsewhere=row, stage=stage, added_at=at, added_by=by)
    after = {"elsewhere": row.pk, "sha256": row.sha256, "case": case.pk, "stage": stage}
    audit.record("case_file.keep_elsewhere", by=by, subject=added, unit_code=case.unit.code, after=after, at=at)
    return added


def _taking_more(case: ExemptionCase, by: User) -> ExemptionCase:
    case = moves.locked(case.pk, by=by)
    if case.state == State.VOID:
        raise moves.CaseMoveRefused("这件案件已经作废，不能再添加材料。")
    return case


def _added(case: ExemptionCase, row: uploads.StoredFile, stage: str, by: User, at: dt.datetime) -> CaseFile:
    row.save()
    added = CaseFile.objects.create(case=case, file=row, stage=stage, added_at=at, added_by=by)
    # Not its name: people put names of persons into those.
    after = {"file": row.pk, "sha256": row.sha256, "case": case.pk, "stage": stage}
    audit.record("case_file.add", by=by, subject=added, unit_code=case.unit.code, after=after, at=at)
    return added


@transaction.atomic
def detach(file: CaseFile, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a file out while the case is open; the bytes stay. Raises CaseMoveRefused, rights.Denied."""
    case = moves.locked(file.case_id, by=by)
    if case.state not in OPEN:
        raise moves.CaseMoveRefused("案件已经办结，材料不能再删除。")
    before = {"file": file.file_id, "elsewhere": file.elsewhere_id, "case": case.pk, "stage": file.stage}
    audit.record("case_file.remove", by=by, subject=file, unit_code=case.unit.code, before=before, at=at or clock.now())
    case.files.filter(pk=file.pk).delete()
