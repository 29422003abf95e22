"""The list of calls: whom neither mail nor message reaches, and that somebody has called them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from liaisons.letters.subjects import standings
from liaisons.models import LedgerEntry, User
from liaisons.models.contact import CALL
from liaisons.permissions import Permission
from xingxian_portal.foundation import audit, clock
from xingxian_portal.foundation.refusal import Refused


def waiting(at: dt.datetime) -> list[list[LedgerEntry]]:
    """Give the calls still to be made, by unit in official order; who has filed meanwhile is not on the list."""
    rows = LedgerEntry.objects.filter(channel=CALL, status=LedgerEntry.PLANNED, planned_for__lte=at, not_after__gte=at)
    read = list(
        rows.select_related("unit", "person", "recipient__person").order_by("unit__position", "post", "planned_for")
    )
    standing = standings(read)
    by_person: dict[tuple[int | None, str], list[LedgerEntry]] = defaultdict(list)
    for entry in read:
        said = standing[entry.pk]
        if not said.settled:
            entry.reason = said.text
            by_person[entry.unit_id, entry.addressee].append(entry)
    return list(by_person.values())


@transaction.atomic
def called(pks: list[int], *, by: User, note: str = "", at: dt.datetime | None = None) -> int:
    """Note that the people of these lines were called, about all that waits; gives how many lines that settled. Raises Refused without the right."""
    if not by.may(Permission.URGE):
        raise Refused("电话催办由县司法局工作人员登记。")
    at = at or clock.now()
    picked = LedgerEntry.objects.filter(pk__in=pks, channel=CALL).values_list("unit_id", "addressee")
    same = [Q(unit=unit, addressee=name) for unit, name in picked]
    if not same:
        return 0
    waiting = LedgerEntry.objects.select_for_update(of=("self",)).select_related("unit")
    rows = list(waiting.filter(reduce(or_, same), channel=CALL, status=LedgerEntry.PLANNED, planned_for__lte=at))
    for entry in rows:
        entry.status, entry.called_by, entry.called_at, entry.reason = LedgerEntry.CALLED, by, at, note.strip()[:200]
        entry.save(update_fields=["status", "called_by", "called_at", "reason"])
        audit.record(
            "call.note", by=by, subject=entry, unit_code=entry.unit.code if entry.unit else "", note=note, at=at
        )
    return len(rows)
