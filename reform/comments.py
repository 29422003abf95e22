"""意见: the bureau, a lead of the task (牵头单位) and the unit itself write beside a duty; nothing of it changes by that."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.models import User
from reform import moves, rights, telling
from reform.models import Comment, Obligation
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused

LONGEST = 1000


def may_comment(user: User, obligation: Obligation) -> bool:
    """Say whether `user` may write beside the duty: the bureau, a lead of its task, who files for its unit."""
    return rights.reviews(user) or rights.files_for(user, obligation.unit) or rights.leads(user, obligation)


@transaction.atomic
def comment(obligation: Obligation, text: str, *, by: User, at: dt.datetime | None = None) -> Comment:
    """Write one remark and tell the unit and who wrote before; raises Refused, rights.Denied.

    The same words sent twice by the same person, with nothing said in between, stay one remark.
    """
    at = at or clock.now()
    obligation = moves.locked(obligation.pk)
    rights.require(may_comment(by, obligation))
    text = text.strip()
    if not text:
        raise Refused("请写意见。", "text")
    if len(text) > LONGEST:
        raise Refused(f"意见最多 {LONGEST} 字，现有 {len(text)} 字。", "text")
    last = obligation.comments.order_by("pk").last()
    if last and (last.by_id, last.text) == (by.pk, text):
        return last
    before = User.objects.filter(pk__in=obligation.comments.values("by"))
    made = Comment.objects.create(obligation=obligation, text=text, by=by, at=at)
    audit.record("obligation.comment", by=by, subject=obligation, unit_code=obligation.unit.code, note=text, at=at)
    telling.of_comment(made, list(before), by=by, at=at)
    return made
