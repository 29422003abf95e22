"""催办: asking a unit to get on with what it owes, at most once within the cool-down for each duty.

What one click urges of one unit comes as one notice (few merged reminders), by mail with the day's letter; each line
stands in the ledger of both sides. Nobody is urged whom nobody can reach.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from liaisons import addressees, delegating
from liaisons.letters import at_once
from liaisons.letters.at_once import Matter, Message
from liaisons.models import User
from liaisons.permissions import Permission
from reform import rights, telling
from reform.models import Obligation, Urging
from reform.states import UNFILED, State
from xingxian_portal.foundation import audit, clock

URGEABLE = UNFILED | {State.COSIGNING}
LONGEST_NOTE = 200
KIND, RULE, POST = "催办", "urging", "联络员、填报员"


@dataclass(frozen=True)
class Outcome:
    """What became of one urging: the duty, and why not if its unit was not told."""

    obligation: Obligation
    refused: str = ""


def may_urge(user: User, obligation: Obligation) -> bool:
    """Say whether `user` may urge the unit: the bureau, or a lead of the task."""
    return user.may(Permission.URGE) or rights.leads(user, obligation)


def cool_down() -> dt.timedelta:
    """Give how long after one urging the same duty is not urged again, in business time."""
    return dt.timedelta(hours=settings.REFORM_URGE_COOLDOWN_HOURS)


def last_urgings(obligations: Iterable[int]) -> dict[int, Urging]:
    """Give the newest urging of each obligation by its id: one query."""
    rows = Urging.objects.filter(obligation__in=list(obligations)).select_related("by").order_by("at", "pk")
    return {urging.obligation_id: urging for urging in rows}


def urge(
    obligations: Sequence[Obligation], *, by: User, note: str = "", at: dt.datetime | None = None
) -> list[Outcome]:
    """Urge the units of these obligations, each unit in its own transaction and with one notice.

    One refusal stops no other. Raises rights.Denied before anybody is told.
    """
    at = at or clock.now()
    rights.require(all(may_urge(by, obligation) for obligation in obligations))
    by_unit: dict[int, list[int]] = defaultdict(list)
    for obligation in obligations:
        by_unit[obligation.unit_id].append(obligation.pk)
    outcomes = [outcome for pks in by_unit.values() for outcome in _urge_unit(pks, by, note.strip()[:LONGEST_NOTE], at)]
    order = {obligation.pk: place for place, obligation in enumerate(obligations)}
    return sorted(outcomes, key=lambda outcome: order[outcome.obligation.pk])


@transaction.atomic
def _urge_unit(pks: list[int], by: User, note: str, at: dt.datetime) -> list[Outcome]:
    rows = Obligation.objects.select_for_update(of=("self",)).select_related("unit", "milestone")
    # In the order of their ids: two officers who urge the same duties must not wait for one another.
    locked = list(rows.filter(pk__in=pks).order_by("pk"))
    last = last_urgings(pks)
    refused = {row.pk: _refusal(row, last.get(row.pk), at) for row in locked}
    due = [row for row in locked if not refused[row.pk]]
    people = _people(due, at)
    if due and not people:
        refused |= {row.pk: f"{row.unit.short_name}还没有能收消息的账号，请打电话联系。" for row in due}
    elif due:
        _tell(due, people, by, note, at)
    return [Outcome(row, refused[row.pk]) for row in locked]


def _refusal(obligation: Obligation, last: Urging | None, at: dt.datetime) -> str:
    if obligation.state not in URGEABLE:
        return f"现在是“{obligation.get_state_display()}”，不需要催办。"
    if last and at < last.at + cool_down():
        when = timezone.localtime(last.at)
        hours = settings.REFORM_URGE_COOLDOWN_HOURS
        return f"{last.by}已在 {when.month}月{when.day}日 {when:%H:%M} 催办过，{hours} 小时内不重复催办。"
    return ""


def _people(due: list[Obligation], at: dt.datetime) -> list[User]:
    if not due:
        return []
    unit = due[0].unit_id
    people = addressees.filers_of([unit]).get(unit, [])
    if any(row.state == State.COSIGNING for row in due):
        people = people + addressees.cosigners_of([unit]).get(unit, [])
    return delegating.there_on(people, clock.local_date(at))


def _tell(due: list[Obligation], people: list[User], by: User, note: str, at: dt.datetime) -> None:
    made = Urging.objects.bulk_create([Urging(obligation=row, by=by, at=at, note=note) for row in due])
    for row in due:
        audit.record("obligation.urge", by=by, subject=row, unit_code=row.unit.code, note=note, at=at)
    names = "、".join(row.name for row in due)
    title = f"请尽快办理：{names}" if len(due) == 1 else f"请尽快办理 {len(due)} 件事项：{names}"
    body = "\n".join(filter(None, [note, *(_line(row) for row in due)]))
    link = telling.link_to(due[0]) if len(due) == 1 else "/"
    message = Message(RULE, made[0].pk, KIND, title, body, link)
    matters = [Matter(row._meta.label_lower, str(row.pk), row.name, row.unit_id, row.cycle_no) for row in due]
    at_once.tell(people, matters, message, post=POST, at=at)


def _line(obligation: Obligation) -> str:
    until = obligation.mend_by or obligation.due_on
    return f"{obligation.name}" + (f"（期限{telling.day(until)}）" if until else "")
