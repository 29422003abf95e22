"""自查表: a unit files what it found in its own files, once for each round of the bureau; filed again it replaces."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform import rights as reform_rights
from reform.case_review import stages
from reform.models import ReviewRound, SelfCheck, Stage
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

OPEN = (Stage.PREPARING, Stage.SEALED, Stage.DRAWN, Stage.SCORING, Stage.FEEDBACK)


@transaction.atomic
def file_self_check(
    round_: ReviewRound, unit: Unit, *, by: User, at: dt.datetime | None = None, **values: Any
) -> SelfCheck:
    """File the unit's self-check; raises Refused, rights.Denied."""
    reform_rights.require(unit.pk in by.unit_ids_with(Permission.FILE))
    at, round_ = at or clock.now(), ReviewRound.objects.select_for_update().get(pk=round_.pk)
    reform_rights.require(round_.units.filter(pk=unit.pk).exists())
    stages.at(round_, *OPEN, what="报送自查表")
    if values["excellent"] + values["failed"] > values["checked"]:
        raise Refused("优秀和不合格的卷数加起来不能超过自查卷数。", "checked")
    filed = {"filed_at": at, "filed_by": by} | values
    row, _ = SelfCheck.objects.update_or_create(round=round_, unit=unit, defaults=filed)
    after = {"round": round_.pk, "checked": row.checked}
    audit.record("self_check.file", by=by, subject=row, unit_code=unit.code, after=after, at=at)
    return row
