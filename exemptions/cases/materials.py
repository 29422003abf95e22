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
from xingxian_portal.foundation import audit, clock, uploads

MOST_FILES = 40


def attach(
    case: ExemptionCase, files: Iterable[UploadedFile], *, stage: str, by: User, at: dt.datetime | None = None
) -> list[CaseFile]:
    """Add files, all or none; one that is there already is not added again.

    Raises uploads.Refused (also when there are too many), CaseMoveRefused, rights.Denied.
    """
    at = at or clock.now()
    require(rights.keeps(by, case.unit))
    with uploads.kept(files, by_id=by.pk) as rows, transaction.atomic():
        case = moves.locked(case.pk, by=by)
        if case.state == State.VOID:
            raise moves.CaseMoveRefused("这件案件已经作废，不能再添加材料。")
        there = set(case.files.values_list("file__sha256", flat=True))
        new = {row.sha256: row for row in rows if row.sha256 not in there}
        if len(there) + len(new) > MOST_FILES:
            raise uploads.Refused(f"一件案件最多 {MOST_FILES} 份材料，这次的没有加进来。")
        for twice in [row for row in rows if row not in new.values()]:
            twice.location.unlink()
        return [_added(case, row, stage, by, at) for row in new.values()]


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
    before = {"file": file.file_id, "case": case.pk, "stage": file.stage}
    audit.record("case_file.remove", by=by, subject=file, unit_code=case.unit.code, before=before, at=at or clock.now())
    case.files.filter(pk=file.pk).delete()
