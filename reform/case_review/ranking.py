"""What a finished round shows: units by score, problems by class, the best files, the change since the last round."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from liaisons.models import Unit
from reform.case_review import outcomes, scores
from reform.case_review.outcomes import Outcome
from reform.models import Deduction, ReviewItem, ReviewRound
from reform.models.review_round import MADE_KNOWN

VETO = "否决项"
BEST = 5


@dataclass(frozen=True)
class Place:
    """One unit in the ranking."""

    place: int
    unit: Unit
    mean: Decimal
    files: int
    grades: dict[str, int]
    problems: int
    before: Decimal | None = None

    @property
    def change(self) -> Decimal | None:
        """Give by how much it changed since the last round."""
        return None if self.before is None else self.mean - self.before


@dataclass(frozen=True)
class ClassCount:
    """One class of problems: how many, in how many files, how many points; for each file looked at, and so last time."""

    label: str
    problems: int
    files: int
    points: Decimal
    examples: list[str]
    per_file: Decimal
    before: Decimal | None = None


@dataclass(frozen=True)
class Summary:
    """A round at a glance."""

    files: int
    mean: Decimal
    grades: dict[str, int]
    arbitrated: int
    objections: int
    upheld: int
    rectifications: int


def summary(found: Sequence[Outcome]) -> Summary:
    """Sum a round up."""
    objections = [one for outcome in found for one in outcome.objections]
    return Summary(
        files=len(found), mean=outcomes.mean(found), grades=_grades(found),
        arbitrated=sum(len(one.sheets) > 2 for one in found), objections=len(objections),
        upheld=sum(bool(one.upheld) for one in objections),
        rectifications=sum(hasattr(one.drawn, "rectification") for one in found),
    )  # fmt: skip


def _grades(found: Sequence[Outcome]) -> dict[str, int]:
    counted = Counter(one.grade for one in found)
    return {grade: counted[grade] for grade in scores.GRADES}


def _by_unit(found: Sequence[Outcome]) -> dict[Unit, list[Outcome]]:
    units: dict[Unit, list[Outcome]] = defaultdict(list)
    for one in found:
        units[one.drawn.case_file.unit].append(one)
    return units


def by_unit(found: Sequence[Outcome], before: Sequence[Outcome] = ()) -> list[Place]:
    """Rank the units by mean score; equal scores share a place. `before` are the outcomes of the last round."""
    means = {unit: outcomes.mean(rows) for unit, rows in _by_unit(found).items()}
    earlier = {unit: outcomes.mean(rows) for unit, rows in _by_unit(before).items()}
    rows = _by_unit(found)
    return [
        Place(
            place=1 + sum(other > means[unit] for other in means.values()), unit=unit, mean=means[unit],
            files=len(rows[unit]), grades=_grades(rows[unit]), problems=sum(len(one.faulty) for one in rows[unit]),
            before=earlier.get(unit),
        )
        for unit in sorted(rows, key=lambda unit: (-means[unit], unit.position, unit.code))
    ]  # fmt: skip


def by_class(found: Sequence[Outcome], before: Sequence[Outcome] = ()) -> list[ClassCount]:
    """Count the problems by class, the most frequent first; points are those of a file's reviewers on average.

    Rounds differ in size, so they are compared by problems for each file. `before` are the outcomes of the last round.
    """
    earlier = {label: _rate(len(problems), before) for label, problems in _classed(before).items()}
    counted = [
        ClassCount(
            label, len(problems), len({outcome.drawn.pk for outcome, _ in problems}),
            scores.rounded(sum((_points(outcome, taken) for outcome, taken in problems), scores.NOTHING)),
            [words for words, _ in Counter(_about(taken[0]) for _, taken in problems).most_common(3)],
            _rate(len(problems), found), earlier.get(label, scores.NOTHING) if before else None,
        )
        for label, problems in _classed(found).items()
    ]  # fmt: skip
    return sorted(counted, key=lambda one: (-one.problems, one.label))


def _classed(found: Sequence[Outcome]) -> dict[str, list[tuple[Outcome, list[Deduction]]]]:
    rows: dict[str, list[tuple[Outcome, list[Deduction]]]] = defaultdict(list)
    for outcome in found:
        for taken in outcome.faulty.values():
            rows[_class_of(taken[0])].append((outcome, taken))
    return rows


def _rate(problems: int, found: Sequence[Outcome]) -> Decimal:
    return scores.rounded(Decimal(problems) / len(found))


def _points(outcome: Outcome, taken: Sequence[Deduction]) -> Decimal:
    return sum((one.points for one in taken), scores.NOTHING) / len(outcome.counting)


def _class_of(deduction: Deduction) -> str:
    return dict(ReviewItem.CLASSES)[deduction.item.problem_class] if deduction.item else VETO


def _about(deduction: Deduction) -> str:
    return deduction.item.title if deduction.item else (deduction.veto.text if deduction.veto else "")


def best(found: Sequence[Outcome]) -> list[Outcome]:
    """Give the best files: graded 优秀, the highest first."""
    fine = [one for one in found if one.grade == scores.EXCELLENT]
    return sorted(fine, key=lambda one: (-one.score.final, one.drawn.number))[:BEST]


def last_round(round_: ReviewRound) -> ReviewRound | None:
    """Give the last round of the same organiser that was made known before this one was opened."""
    earlier = ReviewRound.objects.filter(organiser=round_.organiser_id, stage__in=MADE_KNOWN)
    return earlier.filter(created_at__lt=round_.created_at).order_by("-created_at").first()
