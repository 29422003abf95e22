"""Lists as their pages lay them out: a unit's own three with what is in force and in work, and the bureau's filters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F

from exemptions import rights
from exemptions.edition_states import IN_WORK, State
from exemptions.models import Edition, ExemptionList
from exemptions.models.edition import EditionQuerySet
from liaisons.models import Unit, User
from liaisons.permissions import Permission
from xingxian_portal.foundation import clock

KINDS = dict(ExemptionList.FILED_KINDS)
HINTS = {
    ExemptionList.EXEMPTION: "梳理本领域可以不罚的轻微违法，逐项写明依据和条件；方案要求5月底前公布并备案。",
    ExemptionList.ITEM_LIST: "本单位全部行政执法事项，随法律法规立改废释调整；方案要求4月底前报备。",
    ExemptionList.DISCRETION: "对有裁量空间的处罚细化、量化，制定后公布。",
}


@dataclass(frozen=True)
class Shelf:
    """One kind of list of one unit; `held` is in force today, `work` on its way, `past` all that was published."""

    unit: Unit
    kind: str
    held: Edition | None
    work: Edition | None
    past: Sequence[Edition]
    keeps: bool

    @property
    def name(self) -> str:
        """Give the kind's name."""
        return KINDS[self.kind]

    @property
    def hint(self) -> str:
        """Say what belongs into such a list."""
        return HINTS[self.kind]


def of_units(user: User) -> list[Shelf]:
    """Give the three shelves of each unit the user reads for, and those in use of units merged into it: two queries."""
    mine = Unit.objects.filter(rights.of_own(user, Permission.READ_OWN, "")).select_related("successor")
    units = list(mine.order_by(F("closed_on").asc(nulls_first=True), "position", "code"))
    rows = Edition.objects.filter(exemption_list__unit__in=units).exclude(state=State.DROPPED)
    editions = list(rows.select_related("exemption_list__unit").order_by("-number"))
    files_for = user.unit_ids_with(Permission.FILE)
    shelves = [_shelf(unit, kind, editions, unit.pk in files_for) for unit in units for kind in KINDS]
    return [shelf for shelf in shelves if not shelf.unit.closed_on or shelf.work or shelf.past]


def _shelf(unit: Unit, kind: str, editions: Sequence[Edition], keeps: bool) -> Shelf:
    mine = [one for one in editions if (one.exemption_list.unit_id, one.exemption_list.kind) == (unit.pk, kind)]
    held = next((one for one in mine if one.in_force_on(clock.today())), None)
    work = next((one for one in mine if one.state in IN_WORK), None)
    return Shelf(unit, kind, held, work, [one for one in mine if one.published_at], keeps)


@dataclass(frozen=True)
class Narrowing:
    """What the bureau's table is narrowed to."""

    kind: str = ""
    state: str = ""
    unit: str = ""

    @classmethod
    def of_query(cls, given: Mapping[str, str]) -> Narrowing:
        """Read the filters of an address; what is none of ours is left out."""
        kind, state, unit = given.get("kind", ""), given.get("state", ""), given.get("unit", "")
        return cls(
            kind if kind in KINDS else "", state if state in State.values else "", unit if unit.isdecimal() else ""
        )

    def narrow(self, rows: EditionQuerySet) -> EditionQuerySet:
        """Give the editions that fit, by kind and in official order of the units."""
        rows = rows.filter(exemption_list__kind=self.kind) if self.kind else rows
        rows = rows.filter(state=self.state) if self.state else rows.exclude(state=State.ABOLISHED)
        rows = rows.filter(exemption_list__unit=int(self.unit[:9])) if self.unit else rows
        return rows.in_order()

    @property
    def narrows(self) -> bool:
        """Say whether anything is narrowed at all."""
        return bool(self.kind or self.state or self.unit)


def choices() -> dict[str, list[tuple[str, str]]]:
    """Give what the filters offer."""
    units = Unit.objects.filter(exemption_lists__isnull=False).exclude(exemption_lists__kind=ExemptionList.EXAMPLES)
    states = [(value, label) for value, label in State.choices if value not in (State.DRAFT, State.DROPPED)]
    named = [(str(unit.pk), unit.short_name) for unit in units.distinct().order_by("position", "code")]
    return {"kind": list(KINDS.items()), "state": states, "unit": named}


def day_asked(text: str, today: dt.date) -> dt.date:
    """Give the day an address asks for, today for one that is none."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return day if dt.date(2000, 1, 1) <= day <= dt.date(2099, 12, 31) else today
