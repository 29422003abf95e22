"""The go for a step that waits for one: given or refused once, in the trail; then its lines are planned."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.letters import ledger, windows
from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights
from reform.models import Escalation, ReminderStep
from reform.reminders import proposing, timing
from reform.reminders.planning import Lines
from reform.reminders.sources import WAITING, subject_of
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays

LONGEST_NOTE = 200


def may_decide(user: User, kind: str) -> bool:
    """Say whether `user` gives the go: an officer for a 催办函, whoever decides for the list of the 通报."""
    return user.may(Permission.URGE) if kind == ReminderStep.URGING_LETTER else rights.decides(user)


@transaction.atomic
def decide(escalation: Escalation, *, by: User, go: bool, note: str = "", at: dt.datetime | None = None) -> Escalation:
    """Give the go or refuse it; raises Refused when somebody was quicker or the unit has filed meanwhile, Denied."""
    at = at or clock.now()
    rights.require(may_decide(by, escalation.kind))
    locked = Escalation.objects.select_for_update(of=("self",)).select_related(
        "obligation__unit", "obligation__milestone", "decided_by"
    )
    found = locked.get(pk=escalation.pk)
    if found.granted is not None:
        raise Refused(
            f"{found.obligation.unit.short_name}的{found.get_kind_display()}已由{found.decided_by}决定，没有重复处理。"
        )
    if go and (found.obligation.state not in WAITING or found.obligation.cycle_no != found.cycle_no):
        raise Refused(f"{found.obligation.unit.short_name}已经报送或期限已变，不再需要{found.get_kind_display()}。")
    found.granted, found.decided_by, found.decided_at, found.note = go, by, at, note.strip()[:LONGEST_NOTE]
    found.save(update_fields=["granted", "decided_by", "decided_at", "note"])
    audit.record(
        "escalation.decide", by=by, subject=found, unit_code=found.obligation.unit.code,
        after={"kind": found.kind, "granted": go}, note=found.note, at=at,
    )  # fmt: skip
    if go:
        _plan(found, at)
    return found


def _plan(escalation: Escalation, at: dt.datetime) -> None:
    """Write the lines of what was granted: at the next window, useful as long as the step says from now on."""
    duty, workdays = escalation.obligation, Workdays.load()
    step = proposing.step_for(duty, escalation.kind)
    if step is None:
        return
    moment = windows.next_open(at, workdays)
    day = clock.local_date(moment)
    slot = timing.Slot(day, clock.day_end(workdays.shift(day, step.valid_workdays)))
    lines = Lines(workdays, at, moment + dt.timedelta(days=1))
    entries = list(lines.at(subject_of(duty), step, slot))
    for entry in entries:
        entry.planned_for, entry.created_at = max(moment, at), at
    ledger.add(entries)
