"""Who may act on case files and rounds; verbs ask here, pages show no more than this allows."""

from __future__ import annotations

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models import CaseReview, ReviewRound


def may_organise_for(user: User, unit: Unit) -> bool:
    """Say whether `user` organises rounds of this unit: officers the bureau's, a liaison their own unit's."""
    if unit.kind == Unit.BUREAU:
        return user.may(Permission.ORGANISE_REVIEWS)
    return unit.pk in user.unit_ids_with(Permission.ORGANISE_OWN_REVIEWS)


def organises(user: User, round_: ReviewRound) -> bool:
    """Say whether `user` runs this round."""
    return may_organise_for(user, round_.organiser)


def registers_for(user: User, unit: Unit) -> bool:
    """Say whether `user` keeps the register of this unit's case files."""
    return unit.pk in user.unit_ids_with(Permission.FILE) or (
        unit.kind == Unit.BUREAU and user.may(Permission.ORGANISE_REVIEWS)
    )


def scores(user: User, sheet: CaseReview) -> bool:
    """Say whether the sheet is this person's own."""
    return user.may(Permission.SCORE_CASES) and sheet.reviewer.user_id == user.pk
