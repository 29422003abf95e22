"""Telling people about a round: its reviewers, its organiser, the units looked at."""

from __future__ import annotations

import datetime as dt

from liaisons import addressees, notices
from liaisons.models import Unit, User
from reform.models import ReviewRound

KIND = "案卷评查"
DESK = "/reviews/"  # where a reviewer finds the sheets that wait


def of_unit(unit: Unit) -> list[User]:
    """Give who files for a unit."""
    return addressees.filers_of([unit.pk]).get(unit.pk, [])


def organisers(round_: ReviewRound) -> list[User]:
    """Give who runs the round: for the bureau who opened it, for a unit whoever files for it."""
    return [round_.created_by] if round_.is_of_bureau else of_unit(round_.organiser)


def tell(
    people: list[User], title: str, link: str, *, round_: ReviewRound, key: str, body: str = "", at: dt.datetime
) -> None:
    """Put one notice about the round into the inbox of each."""
    notices.tell(people, KIND, title, body=body, link=link, subject=round_, dedupe=f"review:{key}", at=at)
