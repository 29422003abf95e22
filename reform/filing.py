"""Filing: signing for, filing and withdrawal by the unit, the leader's signature, and filing on a unit's behalf.

Timeliness counts the first filing that was not voided: each filing stands for itself, so that voiding a later one
(withdrawn, 视同未报) leaves the clock of an earlier one that was only returned for mending. Filing implies signing for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from liaisons import addressees
from liaisons.models import User
from reform import data_values, deadlines, done_elsewhere, drafts, moves, rights, telling
from reform.models import Obligation, Submission
from reform.states import UNFILED, State, Verb
from xingxian_portal.foundation import audit, clock, uploads
from xingxian_portal.foundation.refusal import Refused

LONGEST_TEXT = 5000
COUNTED = (Submission.FILED, Submission.RETURNED, Submission.ACCEPTED)
NO_COSIGNER = "这件事项须分管领导会签，但本单位还没有分管领导账号。请联系县司法局开通后再报送，填写的内容都已保存。"


class FilingRefused(Refused):
    """The filing is not complete; `errors` maps a field ("text", "files", "value-<code>", "line-<key>", "") to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


@transaction.atomic
def sign_for(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """签收, by the unit."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    if obligation.state == State.DOING and obligation.signed_at:
        raise moves.MoveRefused("这件事项已经签收过，没有重复签收。")
    return moves.move(obligation, Verb.SIGN_FOR, State.DOING, by=by, at=at, signed_at=at)


def sign_for_many(obligations: Iterable[Obligation], *, by: User, at: dt.datetime | None = None) -> int:
    """Sign for many, each in its own transaction; gives how many. What is signed for already stops no other.

    Raises rights.Denied at the first that is not the user's to sign for.
    """
    signed = 0
    for obligation in obligations:
        try:
            sign_for(obligation, by=by, at=at)
        except moves.MoveRefused:
            continue
        signed += 1
    return signed


def problems(draft: Submission) -> dict[str, str]:
    """Give what keeps the draft from being filed, field by field; empty when it is complete."""
    found = value_problems(draft.obligation, drafts.typed_values(draft))
    if too_long := longer_than_allowed("工作情况", draft.text):
        found["text"] = too_long
    empty = not draft.text.strip() and not draft.values.exclude(text="").exists() and not draft.evidence.exists()
    if not found and empty:
        found["text"] = "还没有填写内容：请写明工作情况、填写数据或上传佐证。"
    return found


def longer_than_allowed(label: str, text: str, most: int = LONGEST_TEXT) -> str:
    """Give the sentence about a text that is too long, "" when it is not."""
    return f"{label}最多 {most} 字，现有 {len(text)} 字，请精简，详细材料可作为佐证上传。" if len(text) > most else ""


def value_problems(obligation: Obligation, typed: Mapping[str, str]) -> dict[str, str]:
    """Give what is wrong with the data items as typed (by code), by "value-<code>"."""
    found = {}
    for item in obligation.milestone.data_items.all():
        try:
            data_values.read(item, typed.get(item.code, ""))
        except data_values.BadValue as bad:
            found[f"value-{item.code}"] = str(bad)
    return found


@transaction.atomic
def file(obligation: Obligation, *, by: User, seen: str | None = None, at: dt.datetime | None = None) -> Obligation:
    """File the unit's draft; where the milestone asks for it, send it to the 分管领导 first.

    `seen` is the mark of the draft that the page showed. Raises FilingRefused with every reason at once, MoveRefused
    when it was filed already, Stale when the page is of an earlier filing, rights.Denied.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    if obligation.milestone.kind == deadlines.MONTHLY:
        raise TypeError("a monthly report is filed by reports.file")
    done_elsewhere.require_filed_here(obligation)
    draft = drafts.begin(obligation, by, at)
    drafts.require_same(draft, seen)
    drafts.take_over(draft)
    if found := problems(draft):
        raise FilingRefused(found)
    return file_checked(obligation, draft, by=by, at=at)


def file_checked(obligation: Obligation, draft: Submission, *, by: User, at: dt.datetime) -> Obligation:
    """File a complete draft of a locked obligation; raises FilingRefused when nobody could sign it."""
    _settle_values(draft)
    if not obligation.milestone.needs_cosign:
        return _count(obligation, draft, Verb.FILE, by=by, at=at)
    leaders = addressees.cosigners_of([obligation.unit_id]).get(obligation.unit_id, [])
    if not leaders:
        raise FilingRefused({"": NO_COSIGNER})
    draft.state = Submission.COSIGNING
    draft.save(update_fields=["state"])
    moves.move(obligation, Verb.SEND_TO_COSIGN, State.COSIGNING, by=by, at=at, **_signed(obligation, at))
    telling.to_cosign(obligation, leaders, by=by, at=at)
    return obligation


def _settle_values(draft: Submission) -> None:
    # What an amended plan asks for no more stood in no form, and nobody could mend it.
    draft.values.exclude(item__milestone=draft.obligation.milestone_id).delete()
    for value in draft.values.select_related("item"):
        read = data_values.read(value.item, value.text)
        value.text, value.number = read.text, read.number
        value.save(update_fields=["text", "number"])


def _signed(obligation: Obligation, at: dt.datetime) -> dict[str, Any]:
    return {} if obligation.signed_at else {"signed_at": at}


def _count(obligation: Obligation, filing: Submission, verb: Verb, *, by: User, at: dt.datetime) -> Obligation:
    filing.state, filing.filed_at, filing.filed_by = Submission.FILED, at, by
    filing.counted_on = filing.received_on or clock.local_date(at)
    filing.save(update_fields=["state", "filed_at", "filed_by", "counted_on"])
    clocks = first_filing(obligation) | _signed(obligation, at) | {"last_filed_at": at}
    return moves.move(obligation, verb, State.REVIEW, by=by, at=at, **clocks)


def first_filing(obligation: Obligation) -> dict[str, Any]:
    """Give the clock of the first filing that was not voided, as changes for a move."""
    first = obligation.submissions.filter(state__in=COUNTED).order_by("counted_on", "number").first()
    return {"first_filed_on": first.counted_on if first else None, "first_filed_at": first.filed_at if first else None}


@transaction.atomic
def cosign(obligation: Obligation, *, by: User, seen: int | None = None, at: dt.datetime | None = None) -> Obligation:
    """Sign as the unit's 分管领导: only now is it filed. `seen` is the submission the leader read.

    Raises MoveRefused when there is nothing to sign or something newer than what was read, rights.Denied.
    """
    obligation = moves.locked(obligation.pk)
    rights.require(rights.cosigns_for(by, obligation.unit))
    if obligation.milestone.kind == deadlines.MONTHLY:
        raise TypeError("a monthly report is signed by reports.cosign")
    return cosign_locked(obligation, by=by, seen=seen, at=at or clock.now())


def cosign_locked(obligation: Obligation, *, by: User, seen: int | None, at: dt.datetime) -> Obligation:
    """Sign what waits for the signature on a locked obligation; raises MoveRefused."""
    filing = waiting_for_signature(obligation, seen)
    filing.cosigned_at, filing.cosigned_by = at, by
    filing.save(update_fields=["cosigned_at", "cosigned_by"])
    return _count(obligation, filing, Verb.COSIGN, by=by, at=at)


def waiting_for_signature(obligation: Obligation, seen: int | None = None) -> Submission:
    """Give what waits for the leader's signature; raises MoveRefused."""
    filing = obligation.submissions.filter(state=Submission.COSIGNING).first()
    if not filing:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，没有等您会签的内容，没有重复办理。")
    if seen is not None and filing.pk != seen:
        raise moves.MoveRefused("联络员已撤回修改并重新送签，您看到的不是最新内容，请看过再签。")
    return filing


@transaction.atomic
def decline(
    obligation: Obligation, *, by: User, reason: str, seen: int | None = None, at: dt.datetime | None = None
) -> Obligation:
    """Send back to the unit's own filer instead of signing; nothing was filed, so no clock moves.

    Raises FilingRefused without a reason, MoveRefused, rights.Denied.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.cosigns_for(by, obligation.unit))
    filing = waiting_for_signature(obligation, seen)
    if not reason.strip():
        raise FilingRefused({"reason": "请写明退回的理由，让联络员知道改什么。"})
    filing.state = Submission.WITHDRAWN
    filing.save(update_fields=["state"])
    moves.move(obligation, Verb.DECLINE, State.DOING, by=by, at=at, reason=reason.strip())
    telling.of_move(obligation, "会签", f"分管领导退回修改：{obligation.name}", body=reason.strip(), by=by, at=at)
    return obligation


@transaction.atomic
def withdraw(obligation: Obligation, *, by: User, reason: str = "", at: dt.datetime | None = None) -> Obligation:
    """撤回, by the unit, before review begins: that filing no longer counts. Raises MoveRefused, rights.Denied."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    filing = obligation.submissions.filter(state__in=[Submission.FILED, Submission.COSIGNING]).first()
    if filing is None:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，没有可以撤回的报送。")
    if filing.review_began_at:
        raise moves.MoveRefused("司法局已经开始审核，不能撤回；如需修改请联系审核人退回补正。")
    filing.state = Submission.WITHDRAWN
    filing.save(update_fields=["state"])
    clocks = first_filing(obligation)
    return moves.move(obligation, Verb.WITHDRAW, State.DOING, by=by, at=at, reason=reason.strip(), **clocks)


def file_on_behalf(
    obligation: Obligation,
    *,
    by: User,
    received_on: dt.date,
    text: str,
    values: Mapping[str, str] | None = None,
    files: Iterable[UploadedFile] = (),
    at: dt.datetime | None = None,
) -> Obligation:
    """代录: an officer enters a paper or phoned report of a unit; the day of receipt counts.

    The unit's own draft is set aside, not overwritten. Raises FilingRefused, MoveRefused, uploads.Refused, rights.Denied.
    """
    rights.require(rights.reviews(by))
    at = at or clock.now()
    with uploads.kept(files, by_id=by.pk) as rows, transaction.atomic():
        obligation = moves.locked(obligation.pk)
        draft = _on_behalf(obligation, received_on, by, at)
        drafts.write(draft, by=by, text=text, values=values or {}, seen=None, at=at)
        drafts.add_files(draft, rows, by=by, at=at)
        if found := problems(draft):
            raise FilingRefused(found)
        return file_entered(obligation, draft, by=by, at=at)


def file_entered(obligation: Obligation, draft: Submission, *, by: User, at: dt.datetime) -> Obligation:
    """File a complete draft of a locked obligation that an officer entered: it counts from the day it was received."""
    _settle_values(draft)
    audit.record("submission.on_behalf", by=by, subject=draft, unit_code=obligation.unit.code, at=at)
    return _count(obligation, draft, Verb.FILE, by=by, at=at)


def require_receivable(obligation: Obligation, received_on: dt.date, at: dt.datetime) -> None:
    """Raise FilingRefused when nothing can have been received on that day."""
    if not clock.local_date(obligation.opened_at) <= received_on <= clock.local_date(at):
        raise FilingRefused({"received_on": "收到日期应在事项下达之后、今天或之前。"})


def _on_behalf(obligation: Obligation, received_on: dt.date, by: User, at: dt.datetime) -> Submission:
    require_receivable(obligation, received_on, at)
    if obligation.state not in UNFILED:
        raise moves.MoveRefused(drafts.no_draft_because(obligation))
    own = drafts.latest(obligation)
    if own and own.state == Submission.DRAFT:
        own.state = Submission.WITHDRAWN
        own.save(update_fields=["state"])
    draft = drafts.blank(obligation, by, at)
    draft.filed_on_behalf, draft.received_on = True, received_on
    draft.save(update_fields=["filed_on_behalf", "received_on"])
    return draft
