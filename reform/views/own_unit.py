"""Which of their units a person works for on a page: the one asked for by `?unit=`, else their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404

from liaisons.access import Request
from liaisons.models import Unit
from liaisons.permissions import Permission


@dataclass(frozen=True)
class OwnUnit:
    """The unit chosen and all between which the person may switch."""

    unit: Unit
    choices: Sequence[Unit]

    @property
    def may_switch(self) -> bool:
        """Say whether there is more than one."""
        return len(self.choices) > 1


def own_unit(request: Request) -> OwnUnit:
    """Give the unit the page is about; raises Http404 for another's, and for somebody who has none."""
    grants = {grant.unit_id: grant.unit for grant in request.user.grants if grant.unit}
    ids = request.user.unit_ids_with(Permission.READ_OWN)
    units = sorted((unit for pk, unit in grants.items() if pk in ids), key=lambda unit: (unit.position, unit.code))
    asked = request.GET.get("unit")
    wanted = [unit for unit in units if unit.code == asked] if asked else _home_first(units, request.user.unit_id)
    if not wanted:
        raise Http404
    return OwnUnit(wanted[0], units)


def _home_first(units: list[Unit], home: int | None) -> list[Unit]:
    return sorted(units, key=lambda unit: unit.pk != home)
