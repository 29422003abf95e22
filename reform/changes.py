"""What an amended plan does to the rows of the version it amends (rules: Change).

Unchanged rows stay; a new date is an amendment, the first date kept; what was dropped is 撤销; what was added is
issued; closed rows are never touched. The preview shows the same value that the issue carries out.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from liaisons.membership import Memberships
from liaisons.models import Unit, User
from reform import binding, deadlines, filing, moves, openings
from reform.models import Milestone, Obligation, Opening, Plan, Submission, SubmissionValue
from reform.states import LIVING, State, Verb
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.workdays import Workdays


@dataclass
class Changes:
    """What becomes of the rows of all versions; rows of occurrences not yet open are in `openings.pending`."""

    kept: list[Obligation] = field(default_factory=list)
    moved: list[tuple[Obligation, dt.date | None]] = field(default_factory=list)
    dropped: list[Obligation] = field(default_factory=list)
    revived: list[tuple[Obligation, dt.date | None]] = field(default_factory=list)
    added: list[openings.Row] = field(default_factory=list)
    closed: int = 0

    @property
    def gained(self) -> int:
        """Count the rows that units newly bound get of what is open already."""
        return len(self.added) + len(self.revived)


class _Pair:
    """A milestone as it was and as it will be, or None for one that is dropped, with their due dates."""

    def __init__(self, old: Milestone, new: Milestone | None, ask: _Asking) -> None:
        self.old, self.new, self.ask = old, new, ask
        self.old_dues = ask.dues(old, ask.amended)
        self.new_dues = ask.dues(new, ask.plan) if new else {}
        self.after = binding.bound(new, ask.memberships(ask.day)) if new else {}
        self.added, self.kept_parties = self._parties()

    def _parties(self) -> tuple[set[Unit], list[Any]]:
        # A group's change alone must not touch open rows, so units are compared only where the parties differ.
        if self.new is None:
            return set(), []
        new, members = _names(self.new), self.ask.memberships(self.ask.day)
        before = binding.bound(self.old, members)
        changed = new != _names(self.old)
        kept = [party for party in self.old.parties.all() if (party.unit_id, party.group_id) in new]
        return (self.after.keys() - before.keys() if changed else set()), kept

    def still_binds(self, row: Obligation) -> bool:
        """Say whether the row's unit owes it under the new version, be it as a member of the day of its opening."""
        if row.unit in self.after or len(self.kept_parties) == len(self.old.parties.all()):
            return self.new is not None
        members = self.ask.memberships(clock.local_date(row.opened_at))
        frozen = {unit.pk for party in self.kept_parties for unit in binding.units_of(party, members)}
        return bool(frozen & {row.unit_id, row.original_unit_id})

    def is_over(self, key: str) -> bool:
        """Say whether it is an occurrence of a recurring duty that fell due before the amendment: its date stands."""
        due = self.old_dues.get(key)
        recurring = self.new is not None and self.old.kind == self.new.kind and self.new.kind in deadlines.RECURRING
        return recurring and due is not None and due < self.ask.day


def _names(milestone: Milestone) -> set[tuple[int | None, int | None]]:
    return {(party.unit_id, party.group_id) for party in milestone.parties.all()}


class _Asking:
    """One comparison of two versions at a moment: dates and memberships are asked for many times, read once."""

    def __init__(self, plan: Plan, amended: Plan, at: dt.datetime, workdays: Workdays) -> None:
        self.plan, self.amended, self.workdays = plan, amended, workdays
        self.day = clock.local_date(at)
        self.since = openings.introductions(amended) | openings.introductions(plan)
        self._memberships: dict[dt.date, Memberships] = {}

    def memberships(self, day: dt.date) -> Memberships:
        if day not in self._memberships:
            self._memberships[day] = Memberships(day)
        return self._memberships[day]

    def dues(self, milestone: Milestone, plan: Plan) -> dict[str, dt.date | None]:
        since = self.since.get(milestone.code)
        return {o.key: o.due_on for o in openings.occurrences_of(milestone, plan, self.workdays, since)}


def changes(plan: Plan, amended: Plan, at: dt.datetime, workdays: Workdays) -> Changes:
    """Give what issuing `plan` at `at` does to the rows of `amended`; writes nothing.

    `plan` must carry the moment of its issue, be it an assumed one.
    """
    ask, found = _Asking(plan, amended, at, workdays), Changes()
    old, new = ({m.code: m for m in openings.milestones_of(version)} for version in (amended, plan))
    rows = _rows(plan)
    opened = _opened(plan)
    for code, milestone in old.items():
        pair = _Pair(milestone, new.get(code), ask)
        for row in rows[code]:
            _sort(row, pair, found)
        _add(pair, rows[code], opened[code], found)
    found.closed = sum(row.state not in LIVING for kind in rows.values() for row in kind) - len(found.revived)
    return found


def _rows(plan: Plan) -> dict[str, list[Obligation]]:
    by_code: dict[str, list[Obligation]] = defaultdict(list)
    for row in Obligation.objects.filter(series_id=plan.series_id).select_related("unit", "milestone").order_by("pk"):
        by_code[row.milestone_code].append(row)
    return by_code


def _opened(plan: Plan) -> dict[str, list[str]]:
    by_code: dict[str, list[str]] = defaultdict(list)
    for code, key in Opening.objects.filter(series_id=plan.series_id).values_list("milestone_code", "occurrence"):
        by_code[code].append(key)
    return by_code


def _sort(row: Obligation, pair: _Pair, found: Changes) -> None:
    if row.state not in LIVING:
        return
    key = row.occurrence
    if not pair.still_binds(row):
        found.dropped.append(row)
    elif pair.is_over(key) or (key in pair.new_dues and pair.new_dues[key] == pair.old_dues.get(key)):
        # Where the plan left the date alone a granted extension stays in force.
        found.kept.append(row)
    elif key not in pair.new_dues:
        found.dropped.append(row)
    elif pair.new_dues[key] == row.due_on:
        found.kept.append(row)
    else:
        found.moved.append((row, pair.new_dues[key]))


def _add(pair: _Pair, rows: list[Obligation], opened: Iterable[str], found: Changes) -> None:
    there = {(row.unit_id, row.occurrence): row for row in rows}
    for key, unit in _newly_owed(pair, opened):
        row, due = there.get((unit.pk, key)), pair.new_dues[key]
        if row is None and pair.new:
            occurrence = deadlines.Occurrence(key, due)
            found.added.append(openings.Row(pair.new, occurrence, unit, pair.after[unit]))
        elif row and row.state == State.REVOKED:
            found.revived.append((row, due))


def _newly_owed(pair: _Pair, opened: Iterable[str]) -> Iterator[tuple[str, Unit]]:
    for key in opened:
        due = pair.new_dues.get(key, dt.date.min)
        # Nobody is given what was due before it was asked of them.
        if due is None or due >= pair.ask.day:
            yield from ((key, unit) for unit in pair.after if unit in pair.added)


def carry_out(found: Changes, plan: Plan, *, by: User, at: dt.datetime) -> int:
    """Do what `changes` found to the rows of a plan locked for its issue; gives the rows added."""
    for row in _locked(found.dropped):
        moves.move(row, Verb.REVOKE, State.REVOKED, by=by, at=at, reason=f"{plan}修订后不再要求")
    _point_to(plan, clock.local_date(at))
    dues = {row.pk: due for row, due in found.moved}
    for row in _locked(row for row, _ in found.moved):
        moves.move(row, Verb.AMEND, row.state, by=by, at=at, reason=f"{plan}修订", **_dates(row, dues[row.pk]))
    for row, due in found.revived:
        _revive(moves.locked(row.pk), due, plan, by, at)
    return _open_added(found.added, plan, by, at) + len(found.revived)


def _locked(rows: Iterable[Obligation]) -> Iterator[Obligation]:
    # A unit may have filed, an officer accepted since the rows were read; what was closed meanwhile stays closed.
    locked = (moves.locked(row.pk) for row in rows)
    return (row for row in locked if row.state in LIVING)


def _revive(row: Obligation, due: dt.date | None, plan: Plan, by: User, at: dt.datetime) -> None:
    to = State.ONGOING if row.milestone.kind == deadlines.CONTINUOUS else State.DOING
    dates = _dates(row, due) | filing.first_filing(row)
    moves.move(row, Verb.REOPEN, to, by=by, at=at, reason=f"{plan}修订后重新要求", **dates)


def _dates(row: Obligation, due: dt.date | None) -> dict[str, Any]:
    dates: dict[str, Any] = {"due_on": due, "cycle_no": row.cycle_no + 1}
    if row.first_due_on is None:
        dates["first_due_on"] = due
    if row.mend_by and due and row.mend_by < due:
        dates["mend_by"] = due
    return dates


def _open_added(added: list[openings.Row], plan: Plan, by: User, at: dt.datetime) -> int:
    together: dict[tuple[str, str], list[openings.Row]] = defaultdict(list)
    for row in added:
        together[row.milestone.code, row.occurrence.key].append(row)
    return sum(openings.open_rows(plan, rows, at, by=by) for rows in together.values())


def _point_to(plan: Plan, on: dt.date) -> None:
    """Let what is not closed carry the words, the roles and the data items of the new version."""
    members = Memberships(on)
    for milestone in openings.milestones_of(plan):
        rows = Obligation.objects.filter(series_id=plan.series_id, milestone_code=milestone.code)
        rows = rows.exclude(state=State.CLOSED)
        _keep_drafts(milestone, rows)
        roles = binding.bound(milestone, members)
        for role in set(roles.values()):
            rows.filter(unit__in=[unit for unit, its in roles.items() if its == role]).update(role=role)
        rows.update(milestone=milestone)


def _keep_drafts(milestone: Milestone, rows: QuerySet[Obligation]) -> None:
    # What a unit has typed and not yet filed must still be in its form when the form asks for the new items.
    drafts = SubmissionValue.objects.filter(submission__obligation__in=rows, submission__state=Submission.DRAFT)
    for item in milestone.data_items.all():
        drafts.filter(item__code=item.code).update(item=item)
