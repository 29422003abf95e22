"""A unit's work on a list: begin an edition, write what stands above its items, file, withdraw, drop it.

Filing submits the unit's duty of the plan in the same transaction: the list *is* that duty.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from exemptions import edition_faults, edition_moves, items, rights, telling
from exemptions.edition_moves import MoveRefused
from exemptions.edition_states import IN_WORK, State, Verb
from exemptions.models import Edition, ExemptionList
from liaisons.models import Unit, User
from reform import deliverables
from reform.filing import FilingRefused
from reform.rights import require
from xingxian_portal.foundation import audit, clock, stamps, uploads
from xingxian_portal.foundation.refusal import Refused

HEAD = ("reason", "note", "lookback_months", "lookback_scope", "stated_count")


class NotComplete(Refused):
    """The edition cannot be filed; `faults` says why, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("；".join(faults))
        self.faults = faults


@transaction.atomic
def begin(unit: Unit, kind: str, *, by: User, at: dt.datetime | None = None) -> Edition:
    """Begin the next edition of a unit's list: empty the first time, else a copy of the one in force.

    Raises MoveRefused when one is in work already, Denied.
    """
    require(rights.keeps(by, unit) and kind in dict(ExemptionList.FILED_KINDS))
    require_open(unit)
    at = at or clock.now()
    row, _ = ExemptionList.objects.get_or_create(unit=unit, kind=kind)
    row = ExemptionList.objects.select_for_update(of=("self",)).select_related("unit").get(pk=row.pk)
    if row.editions.filter(state__in=IN_WORK).exists():
        raise MoveRefused(f"{row.get_kind_display()}已经有一版在办，请在那一版上修改，没有重复起草。")
    held = row.editions.filter(effective_from__isnull=False, effective_until__isnull=True).first()
    last = row.editions.aggregate(last=Max("number"))["last"] or 0
    edition = Edition(exemption_list=row, number=last + 1, based_on=held)
    if held:
        edition.lookback_months, edition.lookback_scope = held.lookback_months, held.lookback_scope
        edition.stated_count, edition.file, edition.note = held.stated_count, held.file, held.note
    edition_moves.move(edition, Verb.BEGIN, by=by, at=at)
    if held:
        items.copy_all(held, edition)
        edition_moves.move(edition_moves.locked(held.pk), Verb.ADJUST, by=by, at=at)
    return edition


def require_open(unit: Unit) -> None:
    """Raise MoveRefused where a new edition would come from a unit that is no more."""
    if unit.closed_on:
        keeper = rights.keeper_of(unit).short_name
        into = f"并入{keeper}，请在{keeper}的清单里起草、报送" if unit.successor else "撤销，不能再报送清单"
        raise MoveRefused(f"{unit.short_name}已{into}；原清单到废止为止仍然有效。")


def stamp(edition: Edition) -> str:
    """Give the mark of an edition's head, for the form that shows it."""
    return stamps.stamp(edition)


@transaction.atomic
def write_head(
    edition: Edition, *, by: User, seen: str | None = None, at: dt.datetime | None = None, **values: Any
) -> Edition:
    """Write what stands above the items (`HEAD`); raises MoveRefused, Stale, Denied."""
    edition = editable(edition.pk, by)
    before, mark = {name: getattr(edition, name) for name in values}, stamp(edition)
    for name in values.keys() & set(HEAD):
        setattr(edition, name, values[name])
    edition.save(update_fields=[*HEAD])
    stamps.check(seen, mark, stamp(edition), "这一版清单")
    code = edition.exemption_list.unit.code
    audit.record("list.edit", by=by, subject=edition, unit_code=code, before=before, after=values, at=at)
    return edition


def attach(edition: Edition, file: UploadedFile, *, by: User, at: dt.datetime | None = None) -> Edition:
    """Keep the list's document in the place of the one there was; raises uploads.Refused, MoveRefused, Denied."""
    require(rights.keeps(by, edition.exemption_list.unit))
    with uploads.kept([file], by_id=by.pk) as rows, transaction.atomic():
        edition = editable(edition.pk, by)
        rows[0].save()
        edition.file = rows[0]
        edition.save(update_fields=["file"])
        after = {"file": rows[0].pk, "sha256": rows[0].sha256}
        code = edition.exemption_list.unit.code
        audit.record("list.attach", by=by, subject=edition, unit_code=code, after=after, at=at)
    return edition


def editable(pk: int, by: User) -> Edition:
    """Give the locked edition if `by` may change it now; raises MoveRefused, Denied."""
    edition = edition_moves.locked(pk)
    require(rights.keeps(by, edition.exemption_list.unit))
    if not edition.is_editable:
        raise MoveRefused(f"这一版清单现在是“{edition.get_state_display()}”，不能修改。")
    return edition


@transaction.atomic
def file(edition: Edition, *, by: User, at: dt.datetime | None = None) -> Edition:
    """报送备案: the edition waits for the bureau, and so does the unit's duty. Raises NotComplete, MoveRefused, Denied."""
    at = at or clock.now()
    edition = edition_moves.locked(edition.pk)
    row = edition.exemption_list
    require(rights.keeps(by, row.unit))
    require_open(row.unit)
    if edition.is_editable and (faults := edition_faults.of(edition)):
        raise NotComplete(faults)
    edition_moves.move(edition, Verb.FILE, by=by, at=at, filed_at=at, filed_by=by, mend_by=None)
    try:
        deliverables.submit(row.unit, row.kind, by=by, at=at, text=summary(edition))
    except FilingRefused as refused:
        raise NotComplete(list(refused.errors.values())) from refused
    telling.to_bureau(edition, by=by, at=at)
    return edition


def summary(edition: Edition) -> str:
    """Say in one line what was filed, as it stands among the duty's filings."""
    count = edition.items.count() if edition.exemption_list.has_items else edition.stated_count
    return f"{edition.exemption_list.get_kind_display()}第{edition.number}版，{count}项，报请备案。"


@transaction.atomic
def withdraw(edition: Edition, *, by: User, at: dt.datetime | None = None) -> Edition:
    """撤回 before the bureau has decided; the duty's filing goes with it. Raises MoveRefused, Denied."""
    at = at or clock.now()
    edition = edition_moves.locked(edition.pk)
    row = edition.exemption_list
    require(rights.keeps(by, row.unit))
    edition_moves.move(edition, Verb.WITHDRAW, by=by, at=at, filed_at=None, filed_by=None)
    deliverables.withdraw(row.unit, row.kind, by=by, at=at)
    return edition


@transaction.atomic
def drop(edition: Edition, *, by: User, note: str = "", at: dt.datetime | None = None) -> Edition:
    """Give a draft up; what it was to replace is no longer 调整中. Raises MoveRefused, Denied."""
    at = at or clock.now()
    edition = edition_moves.locked(edition.pk)
    require(rights.keeps(by, edition.exemption_list.unit))
    edition_moves.move(edition, Verb.DROP, by=by, at=at, note=note)
    if edition.based_on_id:
        held = edition_moves.locked(edition.based_on_id)
        if held.state == State.ADJUSTING:
            edition_moves.move(held, Verb.SETTLE, by=by, at=at)
    return edition
