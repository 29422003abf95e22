"""What becomes of a unit's cases when it is merged into another: the open ones move on, the others stay as they were decided.

A settled or void case keeps its unit and its numbers; the successor's people read it, serve it and answer for it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from exemptions.cases import moves
from exemptions.cases.recording import NUMBER_LENGTH
from exemptions.cases.states import OPEN, Verb
from exemptions.models import ExemptionCase
from liaisons import announcements
from liaisons.models import Unit, User


def listen() -> None:
    """Hear of units that are closed; called when the portal starts."""
    announcements.closed.connect(on_closed)


def on_closed(*, unit: Unit, into: Unit | None, by: User, at: dt.datetime, **_: Any) -> None:
    """Move the open cases of a merged unit on; in the transaction of the merger."""
    if into is None:
        return
    rows = ExemptionCase.objects.select_for_update(of=("self",)).filter(unit=unit, state__in=OPEN)
    taken = set(ExemptionCase.objects.filter(unit=into).values_list("number", flat=True))
    for case in rows.select_related("unit").order_by("pk"):
        number = _free(case.number, unit, taken)
        taken.add(number)
        note = f"{unit.name}并入{into.name}"
        moves.move(
            case, Verb.HAND_OVER, by=by, at=at, note=note, unit=into, number=number,
            original_unit=case.original_unit or unit,
        )  # fmt: skip


def _free(number: str, unit: Unit, taken: set[str]) -> str:
    """Give the number, with the former unit's name and a count behind it where the successor has used it already."""
    found, count = number, 1
    while found in taken:
        tail = f"（原{unit.short_name}{count if count > 1 else ''}）"
        found, count = number[: NUMBER_LENGTH - len(tail)] + tail, count + 1
    return found
