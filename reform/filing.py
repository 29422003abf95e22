"""Filing: a unit's draft, its filing and withdrawal, the leader's signature, and filing on a unit's behalf.

Timeliness counts the first filing that was not voided. Filing implies signing for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from liaisons.models import User
from reform import data_values, deadlines, moves, rights
from reform.models import DataItem, Evidence, Obligation, Submission, SubmissionValue
from reform.states import UNFILED, State, Verb
from xingxian_portal.foundation import audit, clock, uploads

LONGEST_TEXT = 5000
MOST_FILES = 20
COUNTED = (Submission.FILED, Submission.RETURNED, Submission.ACCEPTED)


class FilingRefused(Exception):
    """The filing is not complete; `errors` maps a field ("text", "files", "value-<code>", "line-<id>", "") to what is wrong."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("；".join(errors.values()))
        self.errors = dict(errors)


class Stale(Exception):
    """Somebody else saved the draft meanwhile; nothing was overwritten."""


@transaction.atomic
def sign_for(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """签收, by the unit."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    return moves.move(obligation, Verb.SIGN_FOR, State.DOING, by=by, at=at, signed_at=at)


@transaction.atomic
def draft_of(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Submission:
    """Give the unit's draft, begun from its last filing where there was one (returned, withdrawn).

    Raises MoveRefused when the obligation takes no filing now.
    """
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit) or rights.reviews(by))
    return begin_draft(obligation, by, at or clock.now())


def begin_draft(obligation: Obligation, by: User, at: dt.datetime) -> Submission:
    """Give the draft of a locked obligation, begun if there is none; raises MoveRefused."""
    if obligation.state not in UNFILED:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，不能起草报送。")
    if draft := obligation.submissions.filter(state=Submission.DRAFT).first():
        return draft
    last = obligation.submissions.order_by("number").last()
    draft = Submission.objects.create(
        obligation=obligation, number=last.number + 1 if last else 1, text=last.text if last else "",
        saved_at=at, saved_by=by,
    )  # fmt: skip
    if last:
        _copy_contents(last, draft)
    return draft


def _copy_contents(last: Submission, draft: Submission) -> None:
    values = [SubmissionValue(submission=draft, item=v.item, text=v.text, number=v.number) for v in last.values.all()]
    SubmissionValue.objects.bulk_create(values)
    Evidence.objects.bulk_create([Evidence(submission=draft, file=kept.file) for kept in last.evidence.all()])


@transaction.atomic
def save_draft(
    obligation: Obligation,
    *,
    by: User,
    text: str,
    values: Mapping[str, str] | None = None,
    revision: int | None = None,
    at: dt.datetime | None = None,
) -> Submission:
    """Keep what was typed, right or wrong; `values` maps a data item's code to its text.

    Raises Stale when `revision` is not the draft's newest: two people of one unit must not overwrite each other.
    """
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    draft = begin_draft(obligation, by, at or clock.now())
    write_draft(draft, by=by, text=text, values=values or {}, revision=revision, at=at or clock.now())
    return draft


def write_draft(
    draft: Submission, *, by: User, text: str, values: Mapping[str, str], revision: int | None, at: dt.datetime
) -> None:
    """Write what was typed into the draft of a locked obligation; raises Stale."""
    if revision is not None and revision != draft.revision:
        raise Stale("这份草稿刚被同单位的另一个人保存过，您这次没有覆盖它。请核对后再保存。")
    draft.text, draft.saved_by, draft.saved_at = text, by, at
    draft.revision += 1
    draft.save(update_fields=["text", "saved_by", "saved_at", "revision"])
    for item in DataItem.objects.filter(milestone_id=draft.obligation.milestone_id, code__in=values):
        kept = {"text": values[item.code][: data_values.LONGEST], "number": None}
        SubmissionValue.objects.update_or_create(submission=draft, item=item, defaults=kept)


@transaction.atomic
def attach(obligation: Obligation, files: Iterable[UploadedFile], *, by: User) -> list[Evidence]:
    """Add files to the unit's draft, all or none; raises uploads.Refused, FilingRefused when there are too many."""
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    return _attach(begin_draft(obligation, by, clock.now()), list(files), by)


def _attach(draft: Submission, files: list[UploadedFile], by: User) -> list[Evidence]:
    if draft.evidence.count() + len(files) > MOST_FILES:
        raise FilingRefused({"files": f"一次报送最多 {MOST_FILES} 个附件。"})
    for file in files:
        uploads.check(file)
    return [Evidence.objects.create(submission=draft, file=uploads.store(file, by_id=by.pk)) for file in files]


@transaction.atomic
def detach(evidence: Evidence, *, by: User) -> None:
    """Take a file out of the draft; the bytes stay, an earlier filing may still hold them."""
    obligation = moves.locked(evidence.submission.obligation_id)
    rights.require(rights.files_for(by, obligation.unit))
    if evidence.submission.state != Submission.DRAFT:
        raise moves.MoveRefused("已经报送的附件不能删除；需要更换请先撤回。")
    evidence.delete()


def problems(draft: Submission) -> dict[str, str]:
    """Give what keeps the draft from being filed, field by field; empty when it is complete."""
    found = value_problems(draft)
    if len(draft.text) > LONGEST_TEXT:
        found["text"] = f"工作情况最多 {LONGEST_TEXT} 字，现有 {len(draft.text)} 字。"
    empty = not draft.text.strip() and not draft.values.exclude(text="").exists() and not draft.evidence.exists()
    if not found and empty:
        found[""] = "还没有填写内容：请写明工作情况、填写数据或上传佐证。"
    return found


def value_problems(draft: Submission) -> dict[str, str]:
    """Give what is wrong with the draft's data items, by "value-<code>"; an unsaved draft holds no values."""
    typed = {value.item_id: value.text for value in draft.values.all()} if draft.pk else {}
    found = {}
    for item in draft.obligation.milestone.data_items.all():
        try:
            data_values.read(item, typed.get(item.pk, ""))
        except data_values.BadValue as bad:
            found[f"value-{item.code}"] = str(bad)
    return found


@transaction.atomic
def file(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """File the unit's draft; where the milestone asks for it, send it to the 分管领导 first.

    Raises FilingRefused with every reason at once, MoveRefused when it was filed already, rights.Denied.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    if obligation.milestone.kind == deadlines.MONTHLY:
        raise TypeError("a monthly report is filed by reports.file")
    draft = begin_draft(obligation, by, at)
    if found := problems(draft):
        raise FilingRefused(found)
    return file_checked(obligation, draft, by=by, at=at)


def file_checked(obligation: Obligation, draft: Submission, *, by: User, at: dt.datetime) -> Obligation:
    """File a complete draft of a locked obligation."""
    _settle_values(draft)
    if obligation.milestone.needs_cosign:
        draft.state = Submission.COSIGNING
        draft.save(update_fields=["state"])
        return moves.move(obligation, Verb.SEND_TO_COSIGN, State.COSIGNING, by=by, at=at, **_signed(obligation, at))
    return _count(obligation, draft, Verb.FILE, by=by, at=at)


def _settle_values(draft: Submission) -> None:
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
    return moves.move(
        obligation,
        verb,
        State.REVIEW,
        by=by,
        at=at,
        last_filed_at=at,
        **first_filing(obligation),
        **_signed(obligation, at),
    )


def first_filing(obligation: Obligation) -> dict[str, Any]:
    """Give the clock of the first filing that was not voided, as changes for a move."""
    first = obligation.submissions.filter(state__in=COUNTED).order_by("counted_on", "number").first()
    return {"first_filed_on": first.counted_on if first else None, "first_filed_at": first.filed_at if first else None}


@transaction.atomic
def cosign(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Obligation:
    """Sign as the unit's 分管领导: only now is it filed."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.cosigns_for(by, obligation.unit))
    filing = obligation.submissions.filter(state=Submission.COSIGNING).first()
    if not filing:
        raise moves.MoveRefused(f"这件事项现在是“{obligation.get_state_display()}”，没有等您会签的内容。")
    filing.cosigned_at, filing.cosigned_by = at, by
    filing.save(update_fields=["cosigned_at", "cosigned_by"])
    return _count(obligation, filing, Verb.COSIGN, by=by, at=at)


@transaction.atomic
def withdraw(obligation: Obligation, *, by: User, reason: str = "", at: dt.datetime | None = None) -> Obligation:
    """撤回, by the unit, before review begins: the filing no longer counts. A leader may so decline to sign."""
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit) or rights.cosigns_for(by, obligation.unit))
    filing = obligation.submissions.filter(state__in=[Submission.FILED, Submission.COSIGNING]).first()
    if filing and filing.review_began_at:
        raise moves.MoveRefused("司法局已经开始审核，不能撤回；如需修改请联系审核人退回补正。")
    if filing:
        filing.state = Submission.WITHDRAWN
        filing.save(update_fields=["state"])
    return moves.move(obligation, Verb.WITHDRAW, State.DOING, by=by, at=at, reason=reason, **first_filing(obligation))


@transaction.atomic
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

    Replaces the unit's own draft text if there is one. Raises FilingRefused, MoveRefused, uploads.Refused.
    """
    at = at or clock.now()
    rights.require(rights.reviews(by))
    obligation = moves.locked(obligation.pk)
    if not clock.local_date(obligation.opened_at) <= received_on <= clock.local_date(at):
        raise FilingRefused({"received_on": "收到日期应在事项下达之后、今天或之前。"})
    draft = begin_draft(obligation, by, at)
    write_draft(draft, by=by, text=text, values=values or {}, revision=None, at=at)
    _attach(draft, list(files), by)
    if found := problems(draft):
        raise FilingRefused(found)
    draft.filed_on_behalf, draft.received_on = True, received_on
    draft.save(update_fields=["filed_on_behalf", "received_on"])
    _settle_values(draft)
    audit.record("submission.on_behalf", by=by, subject=draft, unit_code=obligation.unit.code, at=at)
    return _count(obligation, draft, Verb.FILE, by=by, at=at)
