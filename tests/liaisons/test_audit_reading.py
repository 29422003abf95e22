from __future__ import annotations

import datetime as dt
from contextlib import nullcontext

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from liaisons import audit_reading
from liaisons.audit_reading import PER_PAGE, Asked
from xingxian_portal.foundation import audit
from xingxian_portal.foundation.audit import AuditEntry

NIGHT = timezone.make_aware(dt.datetime(2022, 6, 20, 23, 59, 59))


def note(action: str, by=None, outcome: str = AuditEntry.OK, at: dt.datetime | None = None) -> AuditEntry:
    # Nothing can date an entry back, so the machine's clock goes back instead.
    with time_machine.travel(at, tick=False) if at else nullcontext(), transaction.atomic():
        return audit.record(action, by=by, outcome=outcome)


def actions(asked: Asked) -> list[str]:
    return [line.entry.action for line in audit_reading.read(asked).lines]


@pytest.mark.parametrize("count", [0, 1, PER_PAGE, PER_PAGE + 1, 2 * PER_PAGE + 3])
def test_the_pages_give_every_entry_once_from_new_to_old(cast, count, django_assert_num_queries):
    keys = [note("unit.amend", by=cast.sfj).pk for _ in range(count)]
    read, before = [], None
    while True:
        with django_assert_num_queries(3 if count else 1):
            page = audit_reading.read(Asked(), before)
        read += [line.entry.pk for line in page.lines]
        before = page.older_than
        if before is None:
            break

    assert read == keys[::-1]


def test_an_entry_is_in_words(cast):
    note("account.disable", by=cast.admin)
    line = audit_reading.read(Asked()).lines[0]

    assert line.actor
    assert (line.action, line.actor.username, line.subject) == ("账号 停用", "admin", "")


def test_each_filter_narrows(cast):
    note("session.open", by=cast.sfj)
    note("session.open", outcome=AuditEntry.REFUSED)
    note("unit.amend", by=cast.admin)

    assert actions(Asked(action="unit.")) == ["unit.amend"]
    assert actions(Asked(outcome="refused")) == ["session.open"]
    assert actions(Asked(actor="admin")) == ["unit.amend"]
    assert actions(Asked(actor="nobody")) == []


def test_a_day_includes_its_last_second_and_no_more(db):
    note("step.done", at=NIGHT)
    note("step.lay", at=NIGHT + dt.timedelta(seconds=1))
    day = dt.date(2022, 6, 20)

    assert actions(Asked(since=day, until=day)) == ["step.done"]
    assert actions(Asked(since=day + dt.timedelta(days=1))) == ["step.lay"]
