"""The draft of a unit's next filing: begun, saved right or wrong, with its files. Nothing typed is ever dropped here.

What is wrong with a draft is asked only when it is filed (`filing`, `reports`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from liaisons.models import User
from reform import moves, rights
from reform.models import DataItem, Evidence, Obligation, Submission, SubmissionValue
from reform.states import UNFILED, State
from xingxian_portal.foundation import audit, clock, kept_elsewhere, uploads
from xingxian_portal.foundation.refusal import Stale

MOST_FILES = 20
WHAT = "这份草稿"  # what a refusal of a stale page names


def latest(obligation: Obligation) -> Submission | None:
    """Give the newest filing or draft of the obligation, None when there is none."""
    return obligation.submissions.order_by("number").last()


def mark(obligation: Obligation) -> str:
    """Give the mark of the draft as it stands, for the form that shows it; it changes with every change typed."""
    last = latest(obligation)
    return mark_after(last)


def mark_after(last: Submission | None) -> str:
    """Give the mark of the draft when `last` is the newest filing or draft: that draft's, else that of one to begin."""
    if last and last.state == Submission.DRAFT:
        return f"{last.number}.{last.revision}"
    return f"{last.number + 1 if last else 1}.0"


def no_draft_because(obligation: Obligation) -> str:
    """Give why the obligation takes no filing as it stands, in the user's words."""
    last, when = latest(obligation), ""
    if last and last.filed_at:
        at = timezone.localtime(last.filed_at)
        when = f"{at.month}月{at.day}日 {at:%H:%M}"
    if obligation.state == State.REVIEW:
        return f"已于 {when}报送，正在等司法局审核，没有重复报送。需要修改请先撤回。"
    if obligation.state == State.COSIGNING:
        return "已送分管领导会签，没有重复报送。需要修改请先撤回。"
    return f"这件事项现在是“{obligation.get_state_display()}”，不能再填报。请刷新页面查看最新情况。"


@transaction.atomic
def draft_of(obligation: Obligation, *, by: User, at: dt.datetime | None = None) -> Submission:
    """Give the unit's draft, begun from its last filing where there was one (returned, withdrawn).

    Raises MoveRefused when the obligation takes no filing now.
    """
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    return begin(obligation, by, at or clock.now())


def begin(obligation: Obligation, by: User, at: dt.datetime) -> Submission:
    """Give the draft of a locked obligation, begun if there is none; raises MoveRefused."""
    if obligation.state not in UNFILED:
        raise moves.MoveRefused(no_draft_because(obligation))
    last = latest(obligation)
    if last and last.state == Submission.DRAFT:
        return last
    draft = blank(obligation, by, at)
    if last:
        _copy(last, draft)
    return draft


def blank(obligation: Obligation, by: User, at: dt.datetime) -> Submission:
    """Give a new, empty draft of a locked obligation that has none."""
    last = latest(obligation)
    number = last.number + 1 if last else 1
    return Submission.objects.create(obligation=obligation, number=number, saved_at=at, saved_by=by, revision=0)


def _copy(last: Submission, draft: Submission) -> None:
    draft.text = last.text
    draft.save(update_fields=["text"])
    # By code: an amended plan asks with items of its own. What it asks for no more stays in the filing before.
    asked = {item.code: item for item in draft.obligation.milestone.data_items.all()}
    values = [value for value in last.values.select_related("item") if value.item.code in asked]
    SubmissionValue.objects.bulk_create(
        SubmissionValue(submission=draft, item=asked[value.item.code], text=value.text, number=value.number)
        for value in values
    )
    copy_evidence(last, draft)


def copy_evidence(last: Submission, draft: Submission) -> None:
    """Hand in with a draft what another filing holds, but for what is there already."""
    there = {(one.file_id, one.elsewhere_id) for one in draft.evidence.all()}
    rows = [one for one in last.evidence.order_by("pk") if (one.file_id, one.elsewhere_id) not in there]
    more = [Evidence(submission=draft, file_id=one.file_id, elsewhere_id=one.elsewhere_id) for one in rows]
    Evidence.objects.bulk_create(more)


def typed_values(submission: Submission | None) -> dict[str, str]:
    """Give what was typed for each data item, by the item's code."""
    if submission is None:
        return {}
    return dict(submission.values.values_list("item__code", "text"))


@transaction.atomic
def save(
    obligation: Obligation,
    *,
    by: User,
    text: str,
    values: Mapping[str, str] | None = None,
    seen: str | None = None,
    at: dt.datetime | None = None,
) -> Submission:
    """Keep what was typed, right or wrong; `values` maps a data item's code to its text.

    Raises Stale when `seen` is not the draft's mark any more: two people of one unit must not overwrite each other.
    Saving what is there already changes nothing. Raises MoveRefused, rights.Denied.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    draft = begin(obligation, by, at)
    write(draft, by=by, text=text, values=values or {}, seen=seen, at=at)
    return draft


def write(
    draft: Submission, *, by: User, text: str, values: Mapping[str, str], seen: str | None, at: dt.datetime
) -> None:
    """Write what was typed into the draft of a locked obligation; raises Stale."""
    kept = typed_values(draft)
    items = DataItem.objects.filter(milestone_id=draft.obligation.milestone_id, code__in=values)
    changed = [item for item in items if values[item.code] != kept.get(item.code, "")]
    if not changed and draft.text == text:
        return
    touch(draft, by=by, seen=seen, at=at)
    if rights.files_for(by, draft.obligation.unit):
        take_over(draft)
    draft.text = text
    draft.save(update_fields=["text"])
    for item in changed:
        typed = {"text": values[item.code], "number": None}
        SubmissionValue.objects.update_or_create(submission=draft, item=item, defaults=typed)


def touch(draft: Submission, *, by: User, seen: str | None, at: dt.datetime) -> None:
    """Note that somebody changes the draft of a locked obligation; raises Stale when `seen` is not its mark."""
    if seen is not None and seen != mark_after(draft):
        raise Stale(WHAT)
    draft.saved_by, draft.saved_at = by, at
    draft.revision += 1
    draft.save(update_fields=["saved_by", "saved_at", "revision"])


def take_over(draft: Submission) -> None:
    """Make a draft that an officer entered (代录) the unit's own, as it changes or files it."""
    if draft.filed_on_behalf:
        draft.filed_on_behalf, draft.received_on = False, None
        draft.save(update_fields=["filed_on_behalf", "received_on"])


def require_same(draft: Submission, seen: str | None) -> None:
    """Raise Stale when a page that asks for filing showed an earlier filing's draft.

    A form sent again after its filing was returned would otherwise file the same words unread.
    """
    if seen is not None and seen.partition(".")[0] != str(draft.number):
        raise Stale(WHAT)


def attach(
    obligation: Obligation, files: Iterable[UploadedFile], *, by: User, at: dt.datetime | None = None
) -> list[Evidence]:
    """Add files to the unit's draft, all or none; a file that is there already is not added again.

    Raises uploads.Refused (also when there are too many), MoveRefused, rights.Denied.
    """
    rights.require(rights.files_for(by, obligation.unit))
    with kept_elsewhere.offered(), uploads.kept(files, by_id=by.pk) as rows, transaction.atomic():
        obligation = moves.locked(obligation.pk)
        return add_files(begin(obligation, by, at or clock.now()), rows, by=by, at=at or clock.now())


def add_files(draft: Submission, rows: list[uploads.StoredFile], *, by: User, at: dt.datetime) -> list[Evidence]:
    """Save the files and hand them in with the draft of a locked obligation; raises uploads.Refused."""
    there = set(draft.evidence.filter(file__isnull=False).values_list("file__sha256", "file__original_name"))
    new = {(row.sha256, row.original_name): row for row in rows if (row.sha256, row.original_name) not in there}
    if len(there) + len(new) > MOST_FILES:
        raise uploads.Refused(f"一次报送最多 {MOST_FILES} 个附件，这次的附件没有加进来。")
    for twice in [row for row in rows if row not in new.values()]:
        twice.location.unlink()
    return [_hand_in(draft, row, by, at) for row in new.values()]


def _hand_in(draft: Submission, row: uploads.StoredFile, by: User, at: dt.datetime) -> Evidence:
    row.save()
    evidence = Evidence.objects.create(submission=draft, file=row)
    # Not its name: people put names of persons into those.
    after = {"file": row.pk, "sha256": row.sha256, "obligation": draft.obligation_id}
    audit.record("evidence.add", by=by, subject=evidence, unit_code=draft.obligation.unit.code, after=after, at=at)
    return evidence


def detach(obligation: Obligation, file: int, *, by: User, at: dt.datetime | None = None) -> None:
    """Take a file (by its id) out of the unit's draft; the bytes stay, an earlier filing may still hold them.

    Taking it out twice changes nothing. Raises MoveRefused when the draft was filed, rights.Denied.
    """
    take_out(obligation, by=by, at=at, file=file)


@transaction.atomic
def take_out(obligation: Obligation, *, by: User, at: dt.datetime | None = None, **kept: int) -> None:
    """Take evidence out of the unit's draft: `file` or `elsewhere`, by its id. Raises MoveRefused, rights.Denied."""
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(rights.files_for(by, obligation.unit))
    draft = begin(obligation, by, at)
    evidence = draft.evidence.filter(**kept).first()
    if evidence is None:
        return
    before = kept | {"obligation": obligation.pk}
    audit.record("evidence.remove", by=by, subject=evidence, unit_code=obligation.unit.code, before=before, at=at)
    evidence.delete()
