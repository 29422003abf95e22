"""What becomes of a unit's duties when it is merged into another or dissolved (rules: Change).

Open rows of a merged unit move to its successor, the original kept beside it; what the successor owes already is
revoked on the merged unit's side; closed rows stay. A dissolved unit's open rows are 撤销 with the reason.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet

from liaisons import groups, units
from liaisons.models import GroupMember, Unit, UnitGroup, User
from liaisons.permissions import Permission
from reform import moves, openings, rights
from reform.models import Obligation, Plan
from reform.states import LIVING, State, Verb
from xingxian_portal.foundation import clock
from xingxian_portal.foundation.refusal import Refused
from xingxian_portal.foundation.workdays import Workdays


@dataclass
class Handover:
    """What becomes of a unit's rows: those that move to the successor, those revoked, those closed that stay."""

    moved: list[Obligation] = field(default_factory=list)
    revoked: list[Obligation] = field(default_factory=list)
    closed: int = 0


def handover(unit: Unit, into: Unit | None) -> Handover:
    """Give what closing the unit does to its rows; writes nothing."""
    owed = Obligation.objects.filter(unit=unit).select_related("milestone__task")
    living = list(owed.filter(state__in=LIVING).order_by("due_on", "pk"))
    there = _keys(into.obligations.all()) if into else set()
    found = Handover(closed=owed.count() - len(living))
    for row in living:
        moves_on = into is not None and _key(row) not in there
        (found.moved if moves_on else found.revoked).append(row)
    return found


def _key(row: Obligation) -> tuple[int, str, str]:
    return row.series_id, row.milestone_code, row.occurrence


def _keys(rows: QuerySet[Obligation]) -> set[tuple[int, str, str]]:
    return set(rows.values_list("series_id", "milestone_code", "occurrence"))


@transaction.atomic
def merge_unit(
    unit: Unit, into: Unit, *, on: dt.date, by: User, at: dt.datetime | None = None, joins_groups: bool = False
) -> Handover:
    """Merge `unit` into `into` from the day `on`; gives what became of its rows.

    With `joins_groups` the successor takes its place in the groups, and with it what opens later. Raises Refused,
    rights.Denied.
    """
    at, places = at or clock.now(), open_places(unit, into, on)
    found = _close(unit, into, f"{unit.name}自 {on} 起并入{into.name}", on, by, at)
    for group in places if joins_groups else []:
        groups.join(group, into, on=on, by=by, at=at)
    return found


def open_places(unit: Unit, into: Unit, on: dt.date) -> list[UnitGroup]:
    """Give the groups of which the unit is a member that day and `into` is not, nor will be."""
    stays = Q(left_on__isnull=True) | Q(left_on__gt=on)
    there = GroupMember.objects.filter(stays, unit=into).values("group")
    members = GroupMember.objects.filter(stays, unit=unit, joined_on__lte=on).exclude(group__in=there)
    return [member.group for member in members.select_related("group").order_by("group__position")]


@transaction.atomic
def dissolve_unit(unit: Unit, *, on: dt.date, reason: str, by: User, at: dt.datetime | None = None) -> Handover:
    """Dissolve the unit from the day `on`; gives what became of its rows. Raises Refused, rights.Denied."""
    if not reason.strip():
        raise Refused("请写明撤销的理由。", "reason")
    return _close(unit, None, f"{unit.name}自 {on} 起撤销：{reason.strip()}", on, by, at or clock.now())


def _close(unit: Unit, into: Unit | None, reason: str, on: dt.date, by: User, at: dt.datetime) -> Handover:
    rights.require(by.may(Permission.MANAGE_UNITS))
    _open_what_is_due(at)
    units.close(unit, on=on, into=into, by=by, at=at)
    found = handover(unit, into)
    for row in found.moved:
        _move_on(row, unit, into, reason, by, at)
    for row in found.revoked:
        taken = f"，{into.short_name}已承办同一事项" if into else ""
        moves.move(moves.locked(row.pk), Verb.REVOKE, State.REVOKED, by=by, at=at, reason=reason + taken)
    return found


def _open_what_is_due(at: dt.datetime) -> None:
    # Every plan is locked first: no month may open, no plan be issued for a unit that is just being closed.
    workdays = Workdays.load()
    for plan in Plan.objects.select_for_update().order_by("pk"):
        if plan.state == Plan.ISSUED:
            openings.open_due(plan, at, workdays)


def _move_on(row: Obligation, unit: Unit, into: Unit | None, reason: str, by: User, at: dt.datetime) -> None:
    row = moves.locked(row.pk)
    if row.state in LIVING:
        original = row.original_unit or unit
        moves.move(row, Verb.TRANSFER, row.state, by=by, at=at, reason=reason, unit=into, original_unit=original)
