"""The go for a step that waits for one: given or refused once, in the trail; then its lines are planned."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from liaisons.letters import ledger, windows
from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights
from reform.models import Escalation, ReminderStep
from reform.reminders import proposing, timing, urging_letter
from reform.reminders.planning import Lines
from reform.reminders.sources import ESCALATION_KIND, WAITING, Subject
from xingxian_portal.foundation import audit, clock, made_files
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.uploads import StoredFile
from xingxian_portal.foundation.workdays import Workdays

LONGEST_NOTE = 200


def may_decide(user: User, kind: str) -> bool:
    """Say whether `user` gives the go: an officer for a 催办函, whoever decides for the list of the 通报."""
    return user.may(Permission.URGE) if kind == ReminderStep.URGING_LETTER else rights.decides(user)


def decide(escalation: Escalation, *, by: User, go: bool, note: str = "", at: dt.datetime | None = None) -> Escalation:
    """Give the go or refuse it; raises Refused when somebody was quicker or the unit has filed meanwhile, Denied.

    With the go a 催办函 gets its number and is kept as it is sent.
    """
    at, kept = at or clock.now(), list[StoredFile]()
    rights.require(may_decide(by, escalation.kind))
    try:
        with transaction.atomic():
            return _decide(escalation, by, go, note, at, kept)
    except BaseException:
        for file in kept:  # the bytes lie there before the transaction ends
            file.location.unlink(missing_ok=True)
        raise


def _decide(
    escalation: Escalation, by: User, go: bool, note: str, at: dt.datetime, kept: list[StoredFile]
) -> Escalation:
    found = _locked(escalation, go)
    found.granted, found.decided_by, found.decided_at, found.note = go, by, at, note.strip()[:LONGEST_NOTE]
    if go and found.kind == ReminderStep.URGING_LETTER:
        on = clock.local_date(at)
        found.number = urging_letter.next_number(on.year)
        data = urging_letter.written(found, on=on).getvalue()
        found.file = made_files.keep_bytes(urging_letter.name_of(found), data, by_id=by.pk)
        kept.append(found.file)
    found.save(update_fields=["granted", "decided_by", "decided_at", "note", "number", "file"])
    audit.record(
        "escalation.decide", by=by, subject=found, unit_code=found.obligation.unit.code,
        after={"kind": found.kind, "granted": go, "number": found.number}, note=found.note, at=at,
    )  # fmt: skip
    if go:
        _plan(found, at)
    return found


def _locked(escalation: Escalation, go: bool) -> Escalation:
    """Give the row under lock; raises Refused when it is decided, or when its unit needs it no more."""
    rows = Escalation.objects.select_for_update(of=("self",)).select_related(
        "obligation__unit", "obligation__milestone__task__plan", "decided_by"
    )
    found = rows.get(pk=escalation.pk)
    who, what = found.obligation.unit.short_name, found.get_kind_display()
    if found.granted is not None:
        raise Refused(f"{who}的{what}已由{found.decided_by}决定，没有重复处理。")
    if go and (found.obligation.state not in WAITING or found.obligation.cycle_no != found.cycle_no):
        raise Refused(f"{who}已经报送或期限已变，不再需要{what}。")
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
    # About the go, not about the duty: the line brings the letter along, or leads to the list.
    subject = Subject(ESCALATION_KIND, str(escalation.pk), duty.name, duty.unit_id, {}, escalation.cycle_no)
    entries = list(lines.at(subject, step, slot))
    for entry in entries:
        entry.planned_for, entry.created_at = max(moment, at), at
    ledger.add(entries)
