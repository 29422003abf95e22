"""The planner: what should be in the ledger by now, written into it. Safe to run any number of times, at once too.

A run reads everything in a number of queries that does not depend on how many units there are. Down time of any
length loses no step that is still useful: of several late steps about one thing a person hears the highest, the others
are written down as superseded, so that the gap can be seen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator

from django.db import transaction

from liaisons.letters import ledger
from liaisons.models import LedgerEntry, Letter, PlannerState
from liaisons.models.contact import CALL, INBOX, OUTWARD
from reform.models import ReminderRule, ReminderStep
from reform.reminders import proposing, sources, timing
from reform.reminders.audiences import Addressee, Audiences
from reform.reminders.sources import Subject
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays

AHEAD = dt.timedelta(minutes=10)
LOOK_BACK, LOOK_AHEAD = dt.timedelta(days=120), dt.timedelta(days=10)
Line = tuple[LedgerEntry, ReminderStep]
PAST, SUPERSEDED = "系统停运期间已过期", "已由后一步提醒取代"


def enabled_steps() -> dict[str, list[ReminderStep]]:
    """Give the steps in force by what they apply to, in their order: one query."""
    rows = ReminderStep.objects.filter(enabled=True, rule__enabled=True).select_related("rule")
    found: dict[str, list[ReminderStep]] = {}
    for step in rows.order_by("rule__position", "order", "pk"):
        found.setdefault(step.rule.applies_to, []).append(step)
    return found


@transaction.atomic
def plan(at: dt.datetime | None = None) -> int:
    """Write every line that is planned up to ten minutes from now; gives how many were new."""
    at = at or clock.now()
    PlannerState.objects.get_or_create(id=1, defaults={"first_at": at})
    state = PlannerState.objects.select_for_update().get(id=1)
    since = min(state.planned_at or state.first_at or at, at)
    faults: list[str] = []
    new = missing(at, since, faults)
    ledger.add(new)
    proposing.propose(at)
    PlannerState.objects.filter(id=1).update(
        # What could not be read is made up for: the next run looks back as far as this one.
        planned_at=since if faults else at, first_at=state.first_at or at, planner_ran_at=clock.real_now(),
        rows=len(new), faults=faults,
    )  # fmt: skip
    return len(new)


def missing(at: dt.datetime, since: dt.datetime, faults: list[str] | None = None) -> list[LedgerEntry]:
    """Give the lines that should exist by now and do not, those useful until `since` or later.

    Kinds of rules whose subjects cannot be read are named in `faults`.
    """
    lines = Lines(Workdays.load(), since, at + AHEAD)
    subjects = open_subjects(at, [] if faults is None else faults)
    made = [lines.of(subject, steps) for steps, found in subjects for subject in found]
    there = _existing(entry for entries in made for entry, _ in entries)
    return [entry for entries in made for entry in _fresh(entries, there, at)]


def open_subjects(at: dt.datetime, faults: list[str]) -> Iterator[tuple[list[ReminderStep], list[Subject]]]:
    """Give for each kind of rule in force its steps and its open subjects."""
    for applies_to, steps in enabled_steps().items():
        yield [step for step in steps if not step.needs_approval], sources.read(applies_to, at, faults)


class Lines:
    """Makes the lines of subjects that are planned up to `until` and useful until `since` or later.

    Of a step that repeats only the last time, unless `every` is asked for.
    """

    def __init__(self, workdays: Workdays, since: dt.datetime, until: dt.datetime, *, every: bool = False) -> None:
        first, last = clock.local_date(since), clock.local_date(until)
        # A step's day may lie before the time from which it is still of use.
        self.times, self.audiences = timing.Times(workdays), Audiences(first - LOOK_BACK, last + LOOK_AHEAD)
        self.since, self.until, self._every = since, until, every

    def of(self, subject: Subject, steps: Iterable[ReminderStep]) -> list[Line]:
        """Give the lines about one subject, each with its step."""
        last = clock.local_date(self.until)
        found: list[Line] = []
        for step in steps:
            anchor = subject.anchors.get(step.anchor)
            slots = self.times.of(step, anchor, last) if anchor else []
            for slot in slots if self._every else slots[-1:]:
                if slot.not_after >= self.since:
                    found += [(entry, step) for entry in self.at(subject, step, slot)]
        return found

    def at(self, subject: Subject, step: ReminderStep, slot: timing.Slot) -> Iterator[LedgerEntry]:
        """Give the lines of one step at one of its times."""
        for one in self.audiences.of(step.audience, subject.unit_id, slot.day):
            moment = timing.moment_of(step, slot.day, one.wanted, self.times.workdays)
            if moment <= self.until:
                yield from (_entry(subject, step, slot, one, channel, moment) for channel in _channels(step, one))


def _channels(step: ReminderStep, one: Addressee) -> list[str]:
    found = [INBOX] if step.inbox and one.user else []
    if one.way != CALL:
        return [*found, one.way] if step.outward else found
    return [*found, CALL] if step.calls else found


def _entry(
    subject: Subject, step: ReminderStep, slot: timing.Slot, one: Addressee, channel: str, at: dt.datetime
) -> LedgerEntry:
    code = f"{step.code}#{slot.number}" if slot.number else step.code
    key = ledger.key_of(subject.kind, subject.key, f"{step.rule.code}/{code}", subject.cycle_no, one.key, channel)
    is_return = step.rule.applies_to == ReminderRule.RETURNED
    return LedgerEntry(
        dedupe_key=key, subject_kind=subject.kind, subject_key=subject.key, cycle_no=subject.cycle_no,
        about=subject.about[:120], unit_id=subject.unit_id, rule=step.rule.code, rule_version=step.rule.version,
        step=code, step_title=step.title, recipient=one.user, person=one.person, addressee=one.name[:40], post=one.post,
        channel=channel, slot=Letter.RETURN if is_return else Letter.DAY, planned_for=at, not_after=slot.not_after,
        open_until=timing.open_until(step, slot.day),
    )  # fmt: skip


def _existing(entries: Iterable[LedgerEntry]) -> set[str]:
    earliest = min((entry.planned_for for entry in entries), default=None)
    if earliest is None:
        return set()
    # An hour earlier: somebody may have asked for another hour since.
    rows = LedgerEntry.objects.filter(planned_for__gte=earliest - dt.timedelta(days=1))
    return set(rows.values_list("dedupe_key", flat=True))


def _fresh(made: list[Line], there: set[str], at: dt.datetime) -> list[LedgerEntry]:
    """Give a subject's lines that are not there, what is late and superseded marked so."""
    new = [(entry, step) for entry, step in made if entry.dedupe_key not in there and not _told_otherwise(entry, there)]
    highest: dict[object, int] = {}
    for entry, step in new:
        if entry.planned_for <= at <= entry.not_after:
            highest[_to(entry)] = max(step.order, highest.get(_to(entry), 0))
    for entry, step in new:
        entry.created_at = at
        if entry.planned_for <= at and (entry.not_after < at or step.order < highest[_to(entry)]):
            entry.status = LedgerEntry.EXPIRED
            entry.reason = PAST if entry.not_after < at else SUPERSEDED
    return [entry for entry, _ in new]


def _to(entry: LedgerEntry) -> object:
    return entry.recipient_id or entry.addressee


def _told_otherwise(entry: LedgerEntry, there: set[str]) -> bool:
    """Say whether the person was given the step by another way, which they have changed since."""
    if entry.channel == INBOX:
        return False
    return any(key_with(entry, way) in there for way in (*OUTWARD, CALL) if way != entry.channel)


def key_with(entry: LedgerEntry, channel: str) -> str:
    """Give the key that the line would have by another channel."""
    to = entry.recipient_id and f"u{entry.recipient_id}"
    step = f"{entry.rule}/{entry.step}"
    return ledger.key_of(entry.subject_kind, entry.subject_key, step, entry.cycle_no, f"{to}", channel)
