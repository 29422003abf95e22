"""The bureau's review of an edition: 退回补正 with notes on items, 准予备案 with number and date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from exemptions import edition_moves, editions, rights, telling
from exemptions.edition_moves import MoveRefused
from exemptions.edition_states import Verb
from exemptions.models import Edition
from liaisons.models import User
from reform import deliverables
from reform.rights import require
from reform.telling import day
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused

FARTHEST = dt.timedelta(days=366)


def next_number(year: int) -> str:
    """Give the record number that would come next in a year; the officer may write another."""
    stem = f"兴司清备〔{year}〕"
    used = Edition.objects.filter(record_number__startswith=stem).values_list("record_number", flat=True)
    numbers = [int(digits) for number in used if (digits := number[len(stem) :].removesuffix("号")).isdecimal()]
    return f"{stem}{max(numbers, default=0) + 1}号"


@transaction.atomic
def send_back(
    edition: Edition,
    *,
    by: User,
    reason: str,
    mend_by: dt.date | None,
    notes: Mapping[int, str] | None = None,
    seen: str | None = None,
    at: dt.datetime | None = None,
) -> Edition:
    """退回补正: `notes` maps items to what is to be mended in them; the unit's duty goes back with it.

    Raises Refused (also MoveRefused), Denied.
    """
    require(rights.records(by))
    at = at or clock.now()
    edition = _under_review(edition.pk, by, seen)
    notes = {pk: text.strip() for pk, text in (notes or {}).items() if text.strip()}
    mend_by = _checked(reason.strip() or ("见各事项的意见。" if notes else ""), mend_by, at)
    reason = reason.strip() or "见各事项的意见。"
    for item in edition.items.all():
        if item.review_note != notes.get(item.pk, ""):
            item.review_note = notes.get(item.pk, "")
            item.save(update_fields=["review_note"])
    edition_moves.move(edition, Verb.RETURN, by=by, at=at, note=reason, review_note=reason, mend_by=mend_by)
    row = edition.exemption_list
    deliverables.send_back(row.unit, row.kind, by=by, at=at, reason=reason, mend_by=mend_by)
    telling.to_unit(edition, f"{edition}退回补正，请在{day(mend_by)}前改好再报", body=reason, by=by, at=at)
    return edition


def _under_review(pk: int, by: User, seen: str | None) -> Edition:
    edition = edition_moves.locked(pk)
    if edition.filed_by_id == by.pk:
        raise MoveRefused("报送人和审查人不能是同一个人，请由另一名工作人员审查。")
    if seen is not None and edition.filed_at and seen != mark(edition):
        raise MoveRefused("该单位已重新报送，您看到的不是最新内容，请刷新后再审查。")
    return edition


def mark(edition: Edition) -> str:
    """Give the mark of what was filed: a list filed anew has another."""
    return edition.filed_at.isoformat() if edition.filed_at else ""


def _checked(reason: str, mend_by: dt.date | None, at: dt.datetime) -> dt.date:
    today = clock.local_date(at)
    if not reason:
        raise Refused("请写明退回的理由，或在事项旁写意见，让单位知道改什么。", "reason")
    if mend_by is None or not today <= mend_by <= today + FARTHEST:
        raise Refused("补正期限应在今天或之后、一年以内。", "mend_by")
    return mend_by


@transaction.atomic
def record(
    edition: Edition, *, by: User, number: str, note: str = "", seen: str | None = None, at: dt.datetime | None = None
) -> Edition:
    """准予备案. Raises Refused for a number in use, MoveRefused (also for the list of a unit that is no more), Denied."""
    require(rights.records(by))
    at = at or clock.now()
    edition = _under_review(edition.pk, by, seen)
    editions.require_open(edition.exemption_list.unit)
    if not (number := number.strip()):
        raise Refused("请填写备案号。", "number")
    edition.items.exclude(review_note="").update(review_note="")
    try:
        with transaction.atomic():
            edition_moves.move(
                edition, Verb.RECORD, by=by, at=at, note=note.strip(), review_note=note.strip(),
                record_number=number, recorded_at=at, recorded_by=by,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(f"备案号“{number}”已经用过，请换一个。", "number") from error
    row = edition.exemption_list
    deliverables.approve(row.unit, row.kind, by=by, at=at, note=f"准予备案，{number}")
    telling.to_unit(edition, f"{edition}准予备案，备案号{number}，请公布", body=note.strip(), by=by, at=at)
    return edition
