"""A merged unit's list comes into its successor's: its items join the draft of the successor's own list of that kind.

What comes from a draft is moved, the draft is given up; an edition in force is copied and holds until it is abolished.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from exemptions import edition_moves, editions, items, rights
from exemptions.edition_moves import MoveRefused
from exemptions.edition_states import IN_WORK
from exemptions.models import Edition
from liaisons.models import Unit, User
from reform.rights import require
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused


@transaction.atomic
def bring_over(source: Edition, *, by: User, at: dt.datetime | None = None) -> tuple[Edition, int]:
    """Take an edition of a merged unit over into the successor's draft, begun where there is none.

    Gives the draft and how many items came into it: none that it has already, by conduct and kind; of a list kept as a
    file the number it states. Raises Refused (also MoveRefused), Denied.
    """
    at = at or clock.now()
    source = edition_moves.locked(source.pk)
    unit = source.exemption_list.unit
    require(rights.keeps(by, unit))
    if not source.can_come_over:
        raise MoveRefused(f"{unit.short_name}的这一版清单现在是“{source.get_state_display()}”，不能并入别的清单。")
    draft = _draft_of(rights.keeper_of(unit), source.exemption_list.kind, by, at)
    has_items = source.exemption_list.has_items
    count = items.copy_new(source, draft) if has_items else _take_file(source, draft)
    after = {"source": source.pk, "items": count}
    code = draft.exemption_list.unit.code
    audit.record("list.bring_over", by=by, subject=draft, unit_code=code, after=after, note=str(source), at=at)
    if source.is_editable:
        editions.drop(source, by=by, note=f"并入{draft}", at=at)
    return draft, count


def _draft_of(unit: Unit, kind: str, by: User, at: dt.datetime) -> Edition:
    work = Edition.objects.filter(exemption_list__unit=unit, exemption_list__kind=kind, state__in=IN_WORK).first()
    if work is None:
        return editions.begin(unit, kind, by=by, at=at)
    if not work.is_editable:
        raise MoveRefused(f"{work}现在是“{work.get_state_display()}”，请先撤回修改，或者等公布后起草新版再并入。")
    return editions.editable(work.pk, by)


def _take_file(source: Edition, draft: Edition) -> int:
    if draft.file_id or not source.file_id:
        unit = source.exemption_list.unit.short_name
        raise Refused(f"请把{unit}的事项合并进文件，在{draft}里上传；{unit}的草稿可以放弃。")
    draft.file, draft.stated_count = source.file, source.stated_count
    draft.save(update_fields=["file", "stated_count"])
    return source.stated_count or 0
