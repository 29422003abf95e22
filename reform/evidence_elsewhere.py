"""Evidence that is too large for the portal: named in the unit's draft by place and SHA-256, and struck out of it again.

It counts as evidence like a file that was handed in, goes along into the next filing, and is fixed once it is filed.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from reform import drafts, moves, rights
from reform.models import Evidence, Obligation
from xingxian_portal.foundation import audit, clock, kept_elsewhere
from xingxian_portal.foundation.kept_elsewhere import Details
from xingxian_portal.foundation.refusal import Refused

MOST = 20


@transaction.atomic
def name(obligation: Obligation, details: Details, *, by: User, at: dt.datetime | None = None) -> Evidence:
    """Name a file that stays with the unit in its draft; raises Refused, MoveRefused, rights.Denied."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    draft = drafts.begin(obligation, by, at)
    there = draft.evidence.filter(elsewhere__isnull=False)
    if there.filter(elsewhere__sha256=kept_elsewhere.digest(details.sha256)).exists():
        raise Refused("这个文件（SHA-256 相同）已经登记在这次报送里，没有重复登记。", "sha256")
    if there.count() >= MOST:
        raise Refused(f"一次报送最多登记 {MOST} 个留存本单位的文件。")
    row = kept_elsewhere.record(details, by_id=by.pk, at=at)
    evidence = Evidence.objects.create(submission=draft, elsewhere=row)
    # Neither its name nor its keeper: people put names of persons into those.
    after = {"elsewhere": row.pk, "sha256": row.sha256, "obligation": obligation.pk}
    audit.record("evidence.keep_elsewhere", by=by, subject=evidence, unit_code=obligation.unit.code, after=after, at=at)
    return evidence


def strike_out(obligation: Obligation, elsewhere: int, *, by: User, at: dt.datetime | None = None) -> None:
    """Strike a file that stays with the unit (by the id of its record) out of the draft; raises MoveRefused, rights.Denied."""
    drafts.take_out(obligation, by=by, at=at, elsewhere=elsewhere)
