"""What waits for one reviewer, and how far the rounds of a list are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from liaisons.models import User
from reform.case_review import outcomes, reassigning, rights
from reform.case_review.outcomes import Outcome, Standing
from reform.models import CaseReview, DrawnFile, ReviewRound, RoundReviewer, Stage

TO_SCORE, TO_JOIN, TO_DECIDE = "待评分", "待联合署名", "待复核"


@dataclass(frozen=True)
class Waiting:
    """One sheet that waits for its reviewer, and for what."""

    sheet: CaseReview
    outcome: Outcome
    what: str

    @property
    def is_begun(self) -> bool:
        """Say whether something was typed."""
        return bool(self.sheet.typed) and self.what != TO_JOIN


def waiting(user: User) -> list[Waiting]:
    """Give the sheets that wait for the person: to decide first, then to join, then to score."""
    mine = CaseReview.objects.filter(reviewer__user=user, joined_at=None, drawn__round__stage=Stage.SCORING)
    drawn = DrawnFile.objects.filter(pk__in=mine.values("drawn"))
    found = []
    taken = {one.sheet.pk for one in reassigning.taken_from(user)}
    for outcome in outcomes.of_files(drawn):
        sheet = next(one for one in outcome.sheets if one.reviewer.user_id == user.pk)
        if sheet.pk not in taken and (what := _what(sheet, outcome)):
            found.append(Waiting(sheet, outcome, what))
    return sorted(found, key=lambda one: ([TO_DECIDE, TO_JOIN, TO_SCORE].index(one.what), one.outcome.drawn.number))


def _what(sheet: CaseReview, outcome: Outcome) -> str:
    if sheet.signed_at is None:
        return TO_DECIDE if sheet.seat == CaseReview.THIRD else TO_SCORE
    return TO_JOIN if outcome.standing is Standing.JOINT else ""


def undeclared(user: User) -> list[RoundReviewer]:
    """Give the seats whose conflicts the person has not declared yet."""
    rows = RoundReviewer.objects.filter(user=user, declared_at=None, round__stage=Stage.DRAWN)
    return list(rows.select_related("round"))


@dataclass(frozen=True)
class RoundRow:
    """A round in the list: its files, its sheets signed, the mean once it was made known, to its organiser what must be handed on."""

    round: ReviewRound
    files: int
    sheets: int
    signed: int
    mean: Decimal | None
    misplaced: int


def rows_of(found: Sequence[ReviewRound], user: User) -> list[RoundRow]:
    """Give the rounds of a page with their figures, in the same few queries for any number of them."""
    counted = {
        row["pk"]: row
        for row in ReviewRound.objects.filter(pk__in=[one.pk for one in found]).values("pk").annotate(
            files=Count("drawn", distinct=True), sheets=Count("drawn__sheets", distinct=True),
            signed=Count("drawn__sheets", filter=Q(drawn__sheets__signed_at__isnull=False), distinct=True),
        )
    }  # fmt: skip
    known = [one.pk for one in found if one.is_known]
    misplaced = reassigning.counted([one for one in found if rights.organises(user, one)])
    by_round: dict[int, list[Outcome]] = {}
    for outcome in outcomes.of_files(DrawnFile.objects.filter(round__in=known)):
        by_round.setdefault(outcome.drawn.round_id, []).append(outcome)
    return [
        RoundRow(
            one, counted[one.pk]["files"], counted[one.pk]["sheets"], counted[one.pk]["signed"],
            outcomes.mean(by_round[one.pk]) if one.pk in by_round else None, misplaced[one.pk],
        )
        for one in found
    ]  # fmt: skip
