"""Duties whose real thing is done elsewhere in the portal: where that is.

The apps above say at start for which deliverable they keep the real thing. Its filing is then laid down as the duty's
filing (`deliverables.submit`), so that clocks, signatures, returns and the desk work as ever; it is reviewed there, and
only the real thing closes the duty.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reform import moves
from reform.models import Obligation, Submission


@dataclass(frozen=True)
class Place:
    """Where a deliverable is worked on: the unit's page, and the bureau's of what waits for review ("": nothing does).

    `is_done` says whether the real thing is done: then alone may the bureau close by hand what it has not closed.
    """

    unit_address: Callable[[Obligation], str]
    review_address: Callable[[Obligation], str]
    is_done: Callable[[Obligation], bool]


_places: dict[str, Place] = {}


def learn(deliverable: str, place: Place) -> None:
    """Take over the place of a deliverable that a higher app keeps; called when the portal starts."""
    _places[deliverable] = place


def unit_address(obligation: Obligation) -> str:
    """Give where the unit does the real thing, "" when the duty is filed here."""
    place = _places.get(obligation.milestone.deliverable)
    return place.unit_address(obligation) if place else ""


def review_address(obligation: Obligation) -> str:
    """Give where the bureau reviews the real thing, "" when what waits for review here is the filing itself."""
    place = _places.get(obligation.milestone.deliverable)
    return place.review_address(obligation) if place else ""


def require_here(obligation: Obligation) -> None:
    """Raise MoveRefused when the duty's filing stands for something that is reviewed elsewhere."""
    if review_address(obligation):
        raise moves.MoveRefused(
            f"{obligation.unit.short_name}的这件事项以清单备案并公布办结，请在清单页面办理，不在这里销号、退回或撤回。"
        )


def require_filed_here(obligation: Obligation) -> None:
    """Raise MoveRefused when the unit's duty is filed by the real thing and not by a text of its own."""
    if obligation.milestone.deliverable in _places:
        raise moves.MoveRefused("这件事项以清单报送，请在清单页面起草、报送，不在这里报送。")


def require_done(obligation: Obligation) -> None:
    """Raise MoveRefused when the duty would be closed around the real thing."""
    require_here(obligation)
    place = _places.get(obligation.milestone.deliverable)
    if place and not place.is_done(obligation):
        raise moves.MoveRefused(
            f"{obligation.unit.short_name}的清单还没有备案并公布，这件事项不能销号；备案并公布后自动销号。"
        )


def accepted(obligation: Obligation) -> str:
    """Give what becomes of a filing that still waits when the real thing closes its duty."""
    return Submission.ACCEPTED if obligation.milestone.deliverable in _places else Submission.WITHDRAWN
