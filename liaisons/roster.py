"""The roster: for each unit who its 分管领导 and its 联络员 are, who is missing, and when somebody last looked."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction

from liaisons.appointments import quarter_start
from liaisons.models import Appointment, Unit, User
from xingxian_portal.foundation import audit


@dataclass(frozen=True)
class Line:
    """One unit of the roster with the posts that are held in it."""

    unit: Unit
    leader: Appointment | None = None
    liaison: Appointment | None = None
    filers: list[Appointment] = field(default_factory=list)
    confirmed_on: dt.date | None = None  # the day on which the oldest of its posts was last confirmed
    to_confirm: bool = False

    @property
    def missing(self) -> list[str]:
        """Name the posts of the annex that nobody holds."""
        held = {"分管领导": self.leader, "联络员": self.liaison}
        return [name for name, holder in held.items() if holder is None]


def lines(units: Iterable[Unit], today: dt.date) -> list[Line]:
    """Give a line for each unit, in the order of `units`: one query beside theirs."""
    units = list(units)
    rows = Appointment.objects.filter(unit__in=units, until_on__isnull=True).select_related("person").order_by("pk")
    by_unit: dict[int, list[Appointment]] = defaultdict(list)
    for row in rows:
        by_unit[row.unit_id].append(row)
    return [_line(unit, by_unit[unit.pk], today) for unit in units]


def _line(unit: Unit, held: list[Appointment], today: dt.date) -> Line:
    single = {row.post: row for row in held}
    confirmed_on = min((row.confirmed_on for row in held), default=None)
    return Line(
        unit, single.get(Appointment.LEADER), single.get(Appointment.LIAISON),
        [row for row in held if row.post == Appointment.FILER],
        confirmed_on, confirmed_on is not None and confirmed_on < quarter_start(today),
    )  # fmt: skip


@transaction.atomic
def note_phones_seen(shown: list[Line], *, by: User) -> None:
    """Write into the trail that `by` was shown the full numbers of these units' contacts."""
    people = [row.person_id for line in shown for row in (line.leader, line.liaison, *line.filers) if row]
    code = shown[0].unit.code if len(shown) == 1 else ""
    audit.record("phones.see", by=by, unit_code=code, after={"people": people, "units": len(shown)})
