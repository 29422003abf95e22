"""What became of the files of a round: how far each is, what it comes to, its grade. Always computed anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from reform.case_review import scores
from reform.case_review.scores import Score
from reform.models import CaseReview, Deduction, DrawnFile, Objection, ReviewItem, ReviewRound


class Standing(Enum):
    """How far a file is."""

    SCORING = "评分中"
    NEEDS_THIRD = "待指定复核人"
    THIRD = "复核中"
    JOINT = "待联合署名"
    DONE = "已完成"


@dataclass
class Outcome:
    """One drawn file with its sheets as they are, deductions lifted by an objection left out."""

    drawn: DrawnFile

    @cached_property
    def sheets(self) -> list[CaseReview]:
        """Give the sheets by seat."""
        return list(self.drawn.sheets.all())

    @cached_property
    def _points(self) -> dict[str, Decimal]:
        return {item.code: item.points for item in self.drawn.standard.items.all()}

    def score_of(self, sheet: CaseReview) -> Score:
        """Give what a signed sheet comes to."""
        standing = [one for one in sheet.deductions.all() if one.lifted_by_id is None]
        taken = [(one.item.code, one.points) for one in standing if one.item]
        return scores.score(self._points, taken, sheet.absent, [one.veto.effect for one in standing if one.veto])

    def first_score_of(self, sheet: CaseReview) -> Score:
        """Give what a signed sheet came to when it was signed, objections left aside."""
        all_taken = list(sheet.deductions.all())
        taken = [(one.item.code, one.points) for one in all_taken if one.item]
        return scores.score(self._points, taken, sheet.absent, [one.veto.effect for one in all_taken if one.veto])

    @cached_property
    def differs(self) -> bool:
        """Say whether the first two sheets were further apart than the round allows."""
        first, second = (self.first_score_of(sheet) for sheet in self.sheets[:2])
        return scores.differ(first, second, self.drawn.round.tolerance)

    @cached_property
    def standing(self) -> Standing:
        """Say how far the file is."""
        if len(self.sheets) < 2 or any(sheet.signed_at is None for sheet in self.sheets[:2]):
            return Standing.SCORING
        if self.drawn.disputed_at or self.differs:
            if len(self.sheets) < CaseReview.THIRD:
                return Standing.NEEDS_THIRD
            return Standing.DONE if self.sheets[2].signed_at else Standing.THIRD
        return Standing.DONE if all(sheet.joined_at for sheet in self.sheets) else Standing.JOINT

    @cached_property
    def counting(self) -> list[CaseReview]:
        """Give the sheets that count: the third's alone where there is one, else both."""
        return self.sheets[2:] if len(self.sheets) >= CaseReview.THIRD else self.sheets

    @cached_property
    def score(self) -> Score:
        """Give what the file comes to."""
        return scores.joined([self.score_of(sheet) for sheet in self.counting])

    @property
    def grade(self) -> str:
        """Give its grade."""
        return scores.grade(self.score, self.drawn.standard)

    @cached_property
    def deductions(self) -> list[Deduction]:
        """Give every deduction of the sheets that count, lifted ones too, in the order of the standard."""
        found = [one for sheet in self.counting for one in sheet.deductions.all()]
        return sorted(found, key=lambda one: (one.veto_id is None, (one.veto or _item(one)).position, one.pk))

    @property
    def problems(self) -> list[Deduction]:
        """Give the deductions that stand."""
        return [one for one in self.deductions if one.lifted_by_id is None]

    @property
    def faulty(self) -> dict[str, list[Deduction]]:
        """Give what stands by item or veto: what both reviewers found is one problem."""
        found: dict[str, list[Deduction]] = {}
        for one in self.problems:
            found.setdefault(f"v{one.veto_id}" if one.veto_id else f"i{one.item_id}", []).append(one)
        return found

    @cached_property
    def objections(self) -> list[Objection]:
        """Give what the unit held against it."""
        return list(self.drawn.objections.all())


def _item(deduction: Deduction) -> ReviewItem:
    assert deduction.item
    return deduction.item


def _with_sheets(rows: QuerySet[DrawnFile]) -> QuerySet[DrawnFile]:
    sheets = CaseReview.objects.select_related("reviewer__user__unit").prefetch_related(
        Prefetch("deductions", Deduction.objects.select_related("item", "veto", "lifted_by"))
    )
    return rows.select_related(
        "round__organiser", "case_file__unit", "case_file__field", "standard", "rectification__obligation"
    ).prefetch_related(
        Prefetch("sheets", sheets.order_by("seat")),
        "standard__items",
        Prefetch("objections", Objection.objects.select_related("item", "veto", "answered_by")),
    )


def of_file(pk: int) -> Outcome:
    """Give one file's outcome; raises DrawnFile.DoesNotExist."""
    return Outcome(_with_sheets(DrawnFile.objects.all()).get(pk=pk))


def of_round(round_: ReviewRound) -> list[Outcome]:
    """Give the outcomes of a round in the order of the draw: the same few queries for any number of files."""
    return [Outcome(drawn) for drawn in _with_sheets(round_.drawn.all())]


def of_files(rows: QuerySet[DrawnFile]) -> list[Outcome]:
    """Give the outcomes of these files."""
    return [Outcome(drawn) for drawn in _with_sheets(rows)]


def unfinished(found: Iterable[Outcome]) -> list[Outcome]:
    """Give those whose sheets are not all in."""
    return [one for one in found if one.standing is not Standing.DONE]


def mean(found: Sequence[Outcome]) -> Decimal:
    """Give the mean score; nothing for none."""
    if not found:
        return scores.NOTHING
    return scores.rounded(sum((one.score.final for one in found), scores.NOTHING) / len(found))
