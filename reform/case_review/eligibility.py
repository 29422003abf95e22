"""回避: why somebody may not review a file."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from liaisons.models import Unit, User
from liaisons.permissions import Permission
from reform.models import CaseFile, CaseReview, Conflict, ReviewRound, RoundReviewer


@dataclass(frozen=True)
class Conflicts:
    """What one person declared: units and single files."""

    units: frozenset[int] = frozenset()
    files: frozenset[int] = frozenset()


NONE_DECLARED = Conflicts()


def declared(conflicts: Iterable[Conflict]) -> Conflicts:
    """Gather the conflicts of one person."""
    rows = list(conflicts)
    return Conflicts(
        frozenset(row.unit_id for row in rows if row.unit_id),
        frozenset(row.case_file_id for row in rows if row.case_file_id),
    )


def bar(user: User, file: CaseFile, round_: ReviewRound, conflicts: Conflicts = NONE_DECLARED) -> str:
    """Say why `user` may not review `file` in this round; "" when they may."""
    if round_.is_of_bureau and _is_own(user, file.unit):
        return "本单位的案卷"
    if user.name in {*file.officers, *file.audited_by.split("、")}:  # who did its 法制审核 handled it too
        return "本人承办或审核的案卷"
    if file.unit_id in conflicts.units or file.pk in conflicts.files:
        return "已申明回避"
    return ""


def _is_own(user: User, unit: Unit) -> bool:
    """Say whether somebody serves in the unit, or in the one that it was merged into."""
    own = {user.unit_id, *(grant.unit_id for grant in user.grants)}
    return unit.pk in own or bool(unit.successor and _is_own(user, unit.successor))


def barred(
    reviewers: Collection[RoundReviewer], files: Collection[CaseFile], round_: ReviewRound
) -> set[tuple[int, int]]:
    """Give every pair of reviewer (id of the seat) and file (id) that may not meet."""
    known = {one.pk: declared(one.conflicts.all()) for one in reviewers}
    return {
        (one.pk, file.pk) for one in reviewers for file in files if bar(one.user, file, round_, known[one.pk])
    }  # fmt: skip


def may_sit(user: User, round_: ReviewRound) -> bool:
    """Say whether somebody can be a reviewer of the round at all: a unit's own round has its own reviewers."""
    home = round_.is_of_bureau or user.unit_id == round_.organiser_id
    return user.is_active and user.may(Permission.SCORE_CASES) and home


def misplaced(sheet: CaseReview) -> str:
    """Say why the sheet's reviewer may not go on with it: what bars them now, whenever it came about; "" when nothing does."""
    reviewer, round_ = sheet.reviewer, sheet.drawn.round
    if why := bar(reviewer.user, sheet.drawn.case_file, round_, declared(reviewer.conflicts.all())):
        return why
    return "" if may_sit(reviewer.user, round_) else "评查员不能再参加这次评查"
